import type { FieldDefinitionNode } from 'graphql';
import type { Catalogue, Field } from './catalogue-type.ts';
import { type Document, resolveSchema, rowsOf, type Schema } from './contract-document.ts';
import { faultAt, type NounNode, nounsOf, type SourceModel } from './source.ts';

/** Checks every field of every noun against the rows of the newest contract. Throws with `file:line:col` and the property's name. */
export function checkFields(model: SourceModel, catalogue: Catalogue, contracts: ReadonlyMap<string, Document>): void {
  const newest = contracts.entries().next().value;
  if (!newest) return;
  const [version, contract] = newest;
  for (const node of nounsOf(model)) {
    const noun = catalogue.nouns[node.name.value];
    if (!noun) continue;
    const rows = rowsOf(contract, noun.path);
    if (!rows)
      throw faultAt(
        node,
        `${noun.name}: GET ${noun.path} is not in the contract (${version}); run npm run codegen -- pull.`,
      );
    checkOwn(node, noun.fields, contract, rows.schema, `the rows of GET ${noun.path} (${version})`);
  }
}

function checkOwn(
  node: NounNode,
  fields: Readonly<Record<string, Field>>,
  contract: Document,
  schema: Schema,
  place: string,
): void {
  for (const field of node.fields ?? []) {
    const known = fields[field.name.value];
    if (!known) continue;
    for (const path of propertiesOf(known)) checkPath(node, field, path, contract, schema, place);
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
  path: readonly string[],
  contract: Document,
  schema: Schema,
  place: string,
): void {
  let here: Schema | undefined = schema;
  for (const name of path) {
    const properties: Record<string, Schema> | undefined = here?.properties;
    if (!properties) return;
    const next: Schema | undefined = properties[name];
    if (!next) {
      const hint = nearest(name, Object.keys(properties));
      throw faultAt(
        field,
        `${node.name.value}.${field.name.value}: "${name}" is not in ${place}.${hint ? ` Did you mean "${hint}"?` : ''}`,
      );
    }
    here = resolveSchema(contract, next);
  }
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
