import type { FieldDefinitionNode } from 'graphql';
import type { Catalogue, Field } from './catalogue-type.ts';
import { type Document, resolveSchema, rowsOf, type Schema } from './contract-document.ts';
import { directiveOf, faultAt, type NounNode, nounsOf, type SourceModel } from './source.ts';

/** The rows of a noun in one contract. */
interface Shape {
  readonly version: string;
  readonly contract: Document;
  readonly schema: Schema;
}

/**
 * Checks every field of every noun against the rows of the newest contract that has them; a property that only older servers have is
 * found in theirs. Throws with `file:line:col` and the property's name.
 */
export function checkFields(model: SourceModel, catalogue: Catalogue, contracts: ReadonlyMap<string, Document>): void {
  if (contracts.size === 0) return;
  for (const node of nounsOf(model)) {
    const noun = catalogue.nouns[node.name.value];
    if (!noun || directiveOf(node, 'rows')?.['undocumented'] === true) continue;
    const shapes = [...contracts].flatMap(([version, contract]): Shape[] => {
      const rows = rowsOf(contract, noun.path);
      return rows ? [{ version, contract, schema: rows.schema }] : [];
    });
    if (shapes.length === 0)
      throw faultAt(node, `${noun.name}: GET ${noun.path} is in no contract; run npm run codegen -- pull.`);
    checkOwn(node, noun.fields, shapes, noun.path);
  }
}

function checkOwn(
  node: NounNode,
  fields: Readonly<Record<string, Field>>,
  shapes: readonly Shape[],
  path: string,
): void {
  for (const field of node.fields ?? []) {
    const known = fields[field.name.value];
    if (!known) continue;
    for (const properties of propertiesOf(known)) checkPath(node, field, properties, shapes, path);
  }
}

function propertiesOf(field: Field): (readonly string[])[] {
  switch (field.kind) {
    case 'value':
    case 'object':
    case 'ref':
      return [field.from];
    case 'members':
      return field.count ? [field.from, [field.count]] : [field.from];
    case 'reverse':
      return field.count ? [[field.count]] : [];
    case 'part':
      return [[field.when.property]];
    case 'custom':
      return field.needs.map((need) => [need]);
  }
}

function checkPath(
  node: NounNode,
  field: FieldDefinitionNode,
  properties: readonly string[],
  shapes: readonly Shape[],
  path: string,
): void {
  const [newest] = shapes.map((shape) => findMissing(shape, properties));
  if (!newest || shapes.some((shape) => !findMissing(shape, properties))) return;
  const hint = nearest(newest.name, newest.among);
  throw faultAt(
    field,
    `${node.name.value}.${field.name.value}: "${newest.name}" is not in the rows of GET ${path} (${shapes[0]?.version}).${hint ? ` Did you mean "${hint}"?` : ''}`,
  );
}

/** The step of a path that a shape does not have, among those it has; undefined when all are there. */
function findMissing(
  { contract, schema }: Shape,
  path: readonly string[],
): { name: string; among: string[] } | undefined {
  let here: Schema | undefined = schema;
  for (const name of path) {
    const properties: Record<string, Schema> | undefined = here?.properties;
    if (!properties) return undefined;
    const next: Schema | undefined = properties[name];
    if (!next) return { name, among: Object.keys(properties) };
    here = resolveSchema(contract, next);
  }
  return undefined;
}

/** The name that differs least, when it differs little. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const scored = names.map((candidate) => ({ candidate, distance: distanceOf(name, candidate) }));
  const [best] = scored.sort((left, right) => left.distance - right.distance);
  return best && best.distance <= Math.max(2, name.length / 2) ? best.candidate : undefined;
}

function distanceOf(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const cost = left[i - 1] === right[j - 1] ? 0 : 1;
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + cost));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
