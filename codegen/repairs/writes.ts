/** The repair that splits what is written from what is read: `X` stays what is read, `XWrite` is what is sent. */
import {
  bodyOf,
  type Document,
  jsonType,
  operationsOf,
  refName,
  resolveSchema,
  type Schema,
  toRef,
} from '../contract-document.ts';
import { fieldsOf, isCollection, type Repair, type RepairContext, seen } from './context.ts';
import type { FieldEvidence } from './evidence.ts';
import { dateFormat, isChoice } from './shape.ts';

/** What a write knows of a component's properties. */
interface WriteFacts {
  fields: Record<string, FieldEvidence> | undefined;
  /** The shape of the bodies that were accepted, its `required` being what every one had; undefined where none was seen. */
  accepted: Schema | undefined;
}

const unknownFacts: WriteFacts = { fields: undefined, accepted: undefined };

const idOf = (schema: Schema): Schema => ({ type: schema.properties?.id?.type === 'integer' ? 'integer' : 'string' });

/** A related object is written as its id or as `{pk}` (api.md §5.0). */
const toReference = (schema: Schema): Schema => {
  const id = idOf(schema);
  return { anyOf: [id, { type: 'object', properties: { pk: id }, required: ['pk'] }] };
};

/** A label is written as `name:value` (created when it is unknown), as its id, as `{pk}` or as `{name, value}` (api.md §5.0). */
const writtenLabel: Schema = {
  anyOf: [
    { type: 'string' },
    { type: 'object', properties: { pk: { type: 'string' } }, required: ['pk'] },
    {
      type: 'object',
      properties: { name: { type: 'string' }, value: { type: 'string' } },
      required: ['name', 'value'],
    },
  ],
};

const isReference = (schema: Schema): boolean =>
  schema.type === 'object' && schema.properties?.id !== undefined && Object.keys(schema.properties).length <= 8;

const isPhone = (schema: Schema): boolean =>
  schema.properties?.code !== undefined && schema.properties.phone !== undefined;

const nullableIf = (source: Schema, schema: Schema): Schema =>
  source.nullable ? { ...schema, nullable: true } : schema;

const writtenRef = (document: Document, schema: Schema, name: string): Schema => {
  const target = document.components.schemas[name];
  if (target?.type !== 'object' || target.properties === undefined)
    return nullableIf(schema, enumSchema(document, name));
  const ref = toRef(ensureWrite(document, name, unknownFacts));
  return schema.nullable ? { allOf: [ref], nullable: true } : ref;
};

const enumSchema = (document: Document, name: string): Schema =>
  structuredClone(document.components.schemas[name] ?? {});

const toWritten = (document: Document, property: string, schema: Schema): Schema => {
  const name = refName(schema);
  if (name !== undefined) return writtenRef(document, schema, name);
  if (property === 'labels') return nullableIf(schema, { type: 'array', items: structuredClone(writtenLabel) });
  if (isChoice(schema)) return nullableIf(schema, structuredClone(schema.properties?.value ?? {}));
  if (isPhone(schema)) return nullableIf(schema, { anyOf: [{ type: 'string' }, plain(schema)] });
  if (isReference(schema)) return nullableIf(schema, toReference(schema));
  if (schema.type === 'array' && schema.items)
    return { ...plain(schema), items: toWritten(document, '', schema.items) };
  return toDate(schema);
};

const isScalar = (shape: Schema | undefined): boolean => shape?.type === 'string' || shape?.type === 'integer';

/** What metadata calls a nested object is a related one all the same where an id was accepted in its place. */
const toAccepted = (document: Document, property: string, schema: Schema, { accepted }: WriteFacts): Schema => {
  const target = resolveSchema(document, schema);
  const isObject = target?.properties?.id !== undefined && !isChoice(target);
  if (target !== undefined && isObject && isScalar(accepted?.properties?.[property]))
    return nullableIf(schema, toReference(target));
  return toWritten(document, property, schema);
};

/** Dates are accepted as ISO 8601 and as JumpServer's own (recorded "put permission"), so they keep the usual format name. */
const toDate = (schema: Schema): Schema =>
  schema.format === dateFormat ? { ...plain(schema), format: 'date-time' } : plain(schema);

/** Without what only a reader or only the server's own form needs. */
const plain = ({ readOnly, writeOnly, default: _, ...schema }: Schema): Schema => structuredClone(schema);

/** Called required by metadata, and filled from the platform when it is left out of a single POST (api.md §5.3). */
const filledIn = new Set(['protocols']);

const isDemanded = (schema: Schema, name: string, { fields, accepted }: WriteFacts): boolean => {
  if (filledIn.has(name) && schema.properties?.platform !== undefined) return false;
  if (accepted?.required !== undefined && !accepted.required.includes(name)) return false;
  const field = fields?.[name];
  return field === undefined ? schema.required?.includes(name) === true : field.required === true;
};

const isWritable = (name: string, schema: Schema, { fields }: WriteFacts): boolean => {
  const field = fields?.[name];
  return field === undefined ? schema.readOnly !== true : field.readOnly !== true;
};

/** Makes `XWrite` beside `X`, once. */
const ensureWrite = (document: Document, name: string, facts: WriteFacts): string => {
  const written = `${name}Write`;
  const source = document.components.schemas[name];
  if (document.components.schemas[written] !== undefined || source === undefined) return written;
  const target: Schema = { type: 'object' };
  document.components.schemas[written] = target; // stands before its properties are made: components can hold themselves
  const writable = Object.entries(source.properties ?? {}).filter(([property, schema]) =>
    isWritable(property, schema, facts),
  );
  target.properties = Object.fromEntries(
    writable.map(([property, schema]) => [property, toAccepted(document, property, schema, facts)]),
  );
  const required = writable.map(([property]) => property).filter((property) => isDemanded(source, property, facts));
  if (required.length > 0) target.required = required.sort();
  return written;
};

/** `PatchedXWrite`: the same, nothing demanded. */
const ensurePatch = (document: Document, name: string, facts: WriteFacts): string => {
  const patched = `Patched${name}Write`;
  if (document.components.schemas[patched] === undefined) {
    const { required, ...rest } = document.components.schemas[ensureWrite(document, name, facts)] ?? {};
    document.components.schemas[patched] = structuredClone(rest);
  }
  return patched;
};

/** An item of a bulk write must say which row it is for (api.md §4). */
const ensureBulk = (document: Document, written: string): string => {
  const name = `Bulk${written}`;
  document.components.schemas[name] ??= {
    allOf: [
      toRef(written),
      { type: 'object', properties: { id: { anyOf: [{ type: 'string' }, { type: 'integer' }] } }, required: ['id'] },
    ],
  };
  return name;
};

/** Documents before 4.10 have one component for both; later ones add `PatchedX`, which rows never witness. */
const sourceOf = (document: Document, name: string): string => {
  const bare = name.replace(/^Patched/, '');
  return bare in document.components.schemas ? bare : name;
};

const factsOf = (context: RepairContext, path: string): WriteFacts => {
  const list = isCollection(path) ? path : path.replace(/\{[^}]*\}\/$/, '');
  return { fields: fieldsOf(context, list), accepted: seen(context, list)?.bodies?.POST };
};

/** An action that was seen to accept less than a new row demands. */
const acceptsLess = (document: Document, written: string, shape: Schema | undefined): boolean =>
  shape?.required !== undefined &&
  document.components.schemas[written]?.required?.some((name) => !shape.required?.includes(name)) === true;

const splitWrites = (document: Document, context: RepairContext): number => {
  let changes = 0;
  const rewrite = (
    schema: Schema,
    path: string,
    isPatch: boolean,
    isBulk: boolean,
    shape: Schema | undefined,
  ): Schema => {
    const name = refName(schema);
    if (schema.oneOf)
      return { ...schema, oneOf: schema.oneOf.map((branch) => rewrite(branch, path, isPatch, isBulk, shape)) };
    if (schema.items) return { ...schema, items: rewrite(schema.items, path, isPatch, isBulk, shape) };
    if (name === undefined || resolveSchema(document, schema)?.type !== 'object') return schema;
    const [source, facts] = [sourceOf(document, name), factsOf(context, path)];
    const full = ensureWrite(document, source, facts);
    const isPartial = isPatch || (!isBulk && acceptsLess(document, full, shape));
    const written = isPartial ? ensurePatch(document, source, facts) : full;
    changes += 1;
    return toRef(isBulk ? ensureBulk(document, written) : written);
  };
  // lists first: their POST knows what is demanded
  const located = operationsOf(document).sort((left, right) => left.path.length - right.path.length);
  for (const { method, path, operation } of located) {
    const body = bodyOf(operation);
    if (body === undefined || operation.requestBody === undefined) continue;
    const shape = seen(context, path)?.bodies?.[method.toUpperCase()];
    const isBulk = method !== 'post' && body.type === 'array' && isCollection(path);
    operation.requestBody.content = { [jsonType]: { schema: rewrite(body, path, method === 'patch', isBulk, shape) } };
  }
  return changes;
};

/** What is written is not what is read. */
export const writeRepairs: readonly Repair[] = [
  {
    name: 'write-shapes',
    reason:
      'one component serves reading and writing, though references, choices and labels are written otherwise than read, and read-only fields are called required',
    proof: 'api.md §5.0, §6; "create user", "options users"',
    apply: splitWrites,
  },
];
