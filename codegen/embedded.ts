import { type Document, resolveSchema, rowsOf, type Schema } from './contract-document.ts';
import type { EmbeddedShapes } from './declarations.ts';

/**
 * Which embedded properties of a reference can stand for the noun's own row: those of the same name and type in both
 * schemas, in every contract that knows the two (`platform.type` is a string when embedded, `{value,label}` in its own list).
 */
export function createEmbeddedShapes(contracts: readonly Document[]): EmbeddedShapes {
  return (path, property, targetPath) => {
    const sets = contracts.flatMap((contract) => {
      const embedded = embeddedSchema(contract, rowsOf(contract, path)?.schema.properties?.[property]);
      const target = rowsOf(contract, targetPath)?.schema;
      return embedded?.properties && target ? [sameShapes(contract, embedded, target)] : [];
    });
    const shared = (sets[0] ?? []).filter((name) => sets.every((set) => set.includes(name)));
    return [...new Set(['id', ...shared])].sort();
  };
}

function embeddedSchema(contract: Document, property: Schema | undefined): Schema | undefined {
  const schema = resolveSchema(contract, property);
  return schema?.items ? resolveSchema(contract, schema.items) : schema;
}

function sameShapes(contract: Document, embedded: Schema, target: Schema): string[] {
  return Object.entries(embedded.properties ?? {})
    .filter(([name, schema]) => kindOf(contract, target.properties?.[name]) === kindOf(contract, schema))
    .map(([name]) => name);
}

/** A schema's kind in a word: choices differ from plain objects, lists from single values. */
function kindOf(contract: Document, schema: Schema | undefined): string {
  const found = resolveSchema(contract, schema);
  if (!found) return 'absent';
  if (found.items) return `[${kindOf(contract, found.items)}]`;
  const names = Object.keys(found.properties ?? {})
    .sort()
    .join(',');
  return `${found.type ?? 'any'}{${names}}`;
}
