/** Repairs of what a row carries: what never comes, what always comes, and what only a detail brings. */
import { answerOf, type Document, rowsIn, rowsOf, type Schema } from '../contract-document.ts';
import {
  countSchemas,
  detailOf,
  findWitnesses,
  type Repair,
  type RepairContext,
  seen,
  type Witness,
} from './context.ts';

const dropUnseen = (document: Document, context: RepairContext): number => {
  let changes = 0;
  for (const [component, { shape, own }] of findWitnesses(document, context)) {
    const schema = document.components.schemas[component];
    if (schema?.properties === undefined || shape.properties === undefined || !own) continue;
    for (const name of Object.keys(schema.properties)) {
      if (name in shape.properties) continue;
      delete schema.properties[name];
      changes += 1;
    }
  }
  return changes;
};

const dropInputs = (document: Document): number => {
  let changes = 0;
  for (const [component, schema] of Object.entries(document.components.schemas)) {
    if (component.endsWith('Write') || schema.properties === undefined) continue;
    for (const [name, { writeOnly }] of Object.entries(schema.properties)) {
      if (writeOnly !== true) continue;
      delete schema.properties[name];
      changes += 1;
    }
  }
  return changes;
};

/** The properties that the detail of a list brings beside those of its rows. */
const detailProperties = (document: Document, path: string): Record<string, Schema> => {
  const detail = detailOf(document, path);
  return rowsIn(document, detail && answerOf(detail.operation))?.schema.properties ?? {};
};

const addFromDetail = (schema: Schema, detail: Record<string, Schema>): number => {
  const fresh = Object.entries(detail).filter(
    ([name]) => schema.properties !== undefined && !(name in schema.properties),
  );
  for (const [name, property] of fresh) {
    schema.properties = { ...schema.properties, [name]: { ...structuredClone(property), 'x-detail-only': true } };
  }
  return fresh.length;
};

const markUnlisted = (schema: Schema, listed: Schema | undefined): number => {
  const properties = Object.entries(schema.properties ?? {});
  const unlisted = properties.filter(([name]) => listed?.properties !== undefined && !(name in listed.properties));
  for (const [name, property] of unlisted) {
    // a lone $ref takes no neighbours in OpenAPI 3.0
    const open: Schema = property.$ref === undefined ? property : { allOf: [{ $ref: property.$ref }] };
    schema.properties = { ...schema.properties, [name]: { ...open, 'x-detail-only': true } };
  }
  return unlisted.length;
};

const markDetailOnly = (document: Document, context: RepairContext): number => {
  let changes = 0;
  const witnesses = findWitnesses(document, context);
  for (const path of Object.keys(document.paths)) {
    const rows = rowsOf(document, path);
    if (rows?.component === undefined || rows.envelopes.includes('object')) continue;
    const schema = document.components.schemas[rows.component];
    if (schema === undefined) continue;
    changes += markUnlisted(schema, witnesses.get(rows.component)?.listed);
    changes += addFromDetail(schema, detailProperties(document, path));
  }
  return changes;
};

/** What every row carried: under `format=json` too, where lists lose the sizes of what they then hold whole. */
const alwaysSeen = (context: RepairContext, { shape, paths }: Witness): string[] => {
  const detailed = paths.flatMap((path) => seen(context, path)?.detailed ?? []);
  return (shape.required ?? [])
    .filter((name) => detailed.every(({ required }) => required?.includes(name) !== false))
    .sort();
};

const requireSeen = (document: Document, context: RepairContext): number => {
  let changes = 0;
  for (const [component, witness] of findWitnesses(document, context)) {
    const schema = document.components.schemas[component];
    const properties = schema?.properties;
    if (schema === undefined || properties === undefined || witness.shape.required === undefined || !witness.own)
      continue;
    const always = witness.listed === undefined ? [...witness.shape.required].sort() : alwaysSeen(context, witness);
    const required = always.filter((name) => name in properties && properties[name]?.['x-detail-only'] !== true);
    if (required.join() !== [...(schema.required ?? [])].sort().join()) changes += 1;
    schema.required = required;
  }
  return changes;
};

/** A property that is gone, or comes in some answers only, is not required. */
const requirePresent = (document: Document): number => {
  let changes = 0;
  for (const schema of Object.values(document.components.schemas)) {
    const { required, properties } = schema;
    const present = required?.filter(
      (name) => properties !== undefined && name in properties && properties[name]?.['x-detail-only'] !== true,
    );
    if (
      required === undefined ||
      present === undefined ||
      present.length === required.length ||
      properties === undefined
    )
      continue;
    schema.required = present;
    changes += 1;
  }
  return changes;
};

/** Objects of which no property is known can hold any; generated types would forbid all of them. */
const openEmpty = (document: Document): number =>
  countSchemas(document, (schema) => {
    const isEmpty = schema.type === 'object' && Object.keys(schema.properties ?? {}).length === 0;
    if (!isEmpty || schema.additionalProperties !== undefined) return false;
    delete schema.properties;
    schema.additionalProperties = {};
    return true;
  });

/** What a row carries. */
export const presenceRepairs: readonly Repair[] = [
  {
    name: 'inputs-in-rows',
    reason: 'passwords, secrets and other inputs are declared in rows, which never carry them',
    proof: 'api.md §5.0; "list users"',
    apply: dropInputs,
  },
  {
    name: 'properties-never-seen',
    reason: 'some properties are declared that no row of any answer carries',
    proof: 'api.md §6; "list assets"',
    apply: dropUnseen,
  },
  {
    name: 'detail-only',
    reason:
      'lists leave out what their detail (and format=json) brings: members of permissions and groups, accounts of assets',
    proof: 'api.md §3.2, §3.5; "list asset_permissions", "permissions with members (format=json)"',
    apply: markDetailOnly,
  },
  {
    name: 'always-there',
    reason: 'what is called required is not what rows always carry',
    proof: 'api.md §6; "list assets", "list users"',
    apply: requireSeen,
  },
  {
    name: 'required-but-gone',
    reason: 'what was taken out of a shape is still called required',
    proof: 'api.md §6',
    apply: requirePresent,
  },
  {
    name: 'objects-without-properties',
    reason: 'objects of which nothing is declared were seen empty only, or hold what administrators put there',
    proof: 'api.md §5.3; "list assets"',
    apply: openEmpty,
  },
];
