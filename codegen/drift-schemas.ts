import { type Document, resolveSchema, type Schema } from './contract-document.ts';

/** `breaking`: something the graph uses is gone or other; `additive`: there is more; `cosmetic`: only words changed. */
export type Severity = 'breaking' | 'additive' | 'cosmetic';

/** Two states of a document. */
export interface Sides {
  old: Document;
  fresh: Document;
}

/** One difference, wherever it is. */
export interface Found {
  severity: Severity;
  what: string;
}

const list = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(', ');

/** A type in a few words. */
const describe = (document: Document, schema: Schema | undefined): string => {
  const resolved = resolveSchema(document, schema);
  if (resolved === undefined) return 'nothing';
  if (resolved.properties?.value !== undefined && resolved.properties.label !== undefined) return 'choice';
  if (resolved.type === 'array') return `list of ${describe(document, resolved.items)}`;
  if (resolved.anyOf ?? resolved.oneOf) return 'one of several types';
  return resolved.type ?? 'anything';
};

/** Formats that change what a value means; others (lengths, integer sizes) do not. */
const meaningful = (format: string | undefined): string =>
  format !== undefined && /date|time|byte|binary/.test(format) ? format : '';

const compareEnums = (old: Schema, fresh: Schema): Found[] => {
  if (old.enum === undefined && fresh.enum === undefined) return [];
  if (old.enum === undefined) return [{ severity: 'breaking', what: `narrowed to ${list(fresh.enum ?? [])}` }];
  if (fresh.enum === undefined) return [{ severity: 'additive', what: 'no longer limited to certain values' }];
  const known = new Set(old.enum.map((value) => JSON.stringify(value)));
  const kept = new Set(fresh.enum.map((value) => JSON.stringify(value)));
  const added = fresh.enum.filter((value) => !known.has(JSON.stringify(value)));
  const removed = old.enum.filter((value) => !kept.has(JSON.stringify(value)));
  return [
    ...(removed.length > 0 ? [{ severity: 'breaking' as const, what: `values removed: ${list(removed)}` }] : []),
    ...(added.length > 0 ? [{ severity: 'additive' as const, what: `values added: ${list(added)}` }] : []),
  ];
};

const compareNulls = (old: Schema, fresh: Schema): Found[] => {
  if ((old.nullable === true) === (fresh.nullable === true)) return [];
  return fresh.nullable === true
    ? [{ severity: 'breaking', what: 'may be null now' }]
    : [{ severity: 'additive', what: 'is never null now' }];
};

const compareWords = (old: Schema, fresh: Schema): Found[] =>
  old.description !== fresh.description || old.title !== fresh.title
    ? [{ severity: 'cosmetic', what: 'described in other words' }]
    : [];

const compareBranches = (sides: Sides, old: Schema, fresh: Schema, seen: ReadonlySet<Schema>): Found[] => {
  const [before, after] = [old, fresh].map(({ oneOf, anyOf, allOf }) => oneOf ?? anyOf ?? allOf ?? []);
  if (before === undefined || after === undefined) return [];
  if (before.length !== after.length) return [{ severity: 'breaking', what: 'is one of other types' }];
  return before.flatMap((branch, index) => compareSchemas(sides, branch, after[index] ?? {}, seen));
};

const compareInside = (sides: Sides, old: Schema, fresh: Schema, seen: ReadonlySet<Schema>): Found[] => {
  const inner =
    old.items !== undefined && fresh.items !== undefined ? compareSchemas(sides, old.items, fresh.items, seen) : [];
  const properties = Object.entries(old.properties ?? {}).flatMap(([name, property]): Found[] => {
    const other = fresh.properties?.[name];
    if (other === undefined)
      return [{ severity: 'breaking', what: `"${name}" is gone${renamed(sides, old, fresh, name)}` }];
    return compareSchemas(sides, property, other, seen).map(({ severity, what }) => ({
      severity,
      what: `"${name}": ${what}`,
    }));
  });
  return [...compareBranches(sides, old, fresh, seen), ...inner, ...properties];
};

/** The one new property of the same type, if there is exactly one. */
export const renamed = (sides: Sides, old: Schema, fresh: Schema, name: string): string => {
  const type = describe(sides.old, old.properties?.[name]);
  const candidates = Object.entries(fresh.properties ?? {}).filter(
    ([other, property]) => old.properties?.[other] === undefined && describe(sides.fresh, property) === type,
  );
  return candidates.length === 1 ? ` (renamed to "${candidates[0]?.[0]}"?)` : '';
};

/** What changed from one schema to another, inner properties included; what is new inside is reported once, by its row. */
export const compareSchemas = (
  sides: Sides,
  before: Schema,
  after: Schema,
  seen: ReadonlySet<Schema> = new Set(),
): Found[] => {
  const old = resolveSchema(sides.old, before);
  const fresh = resolveSchema(sides.fresh, after);
  if (old === undefined || fresh === undefined || seen.has(old)) return [];
  const [was, is] = [describe(sides.old, old), describe(sides.fresh, fresh)];
  if (old.type !== fresh.type || (was === 'choice') !== (is === 'choice'))
    return [{ severity: 'breaking', what: `was ${was}, is ${is}` }];
  if (meaningful(old.format) !== meaningful(fresh.format)) {
    return [{ severity: 'breaking', what: `was ${old.format ?? old.type}, is ${fresh.format ?? fresh.type}` }];
  }
  const nulls = compareNulls({ ...old, ...onlyNull(before) }, { ...fresh, ...onlyNull(after) });
  return [
    ...nulls,
    ...compareEnums(old, fresh),
    ...compareWords(old, fresh),
    ...compareInside(sides, old, fresh, new Set([...seen, old])),
  ];
};

const onlyNull = ({ nullable }: Schema): Schema => (nullable === undefined ? {} : { nullable });
