import {
  type GraphQLInputField,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { catalogue, type InputField } from '../../src/generated/catalogue.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { type Mutation, targetOf, toInput } from './inputs.ts';
import { nobody } from './stage.ts';

/** What JumpServer's own metadata say of a property (conformance compares the sandbox's with recorded ones). */
interface Limits {
  readonly type: string;
  readonly required: boolean;
  readonly max_length?: number;
  readonly min_value?: number;
  readonly max_value?: number;
  readonly choices?: readonly unknown[];
  /** Of an object that stands here. */
  readonly children?: Properties;
  /** Of each item of the list that stands here. */
  readonly child?: Limits;
}

/** One wrong value of an input field, and how it has to be refused. */
export interface Fault {
  /** The field and what is wrong with it. */
  readonly title: string;
  readonly field: string;
  /** The value; undefined leaves the field out. */
  readonly value: unknown;
  readonly refusal: string;
}

type Input = Readonly<Record<string, unknown>>;
type Properties = Readonly<Record<string, Limits>>;

/** Reads the limits of what a mutation writes: the metadata of its operations, or of the list that the row stands in. */
export async function readLimits(sandbox: Sandbox, { name }: Mutation): Promise<Properties> {
  const operations = (catalogue.calls[`Mutation.${name}`] ?? []).filter((operation) => !operation.startsWith('GET '));
  const [verb = '', path = ''] = operations[0]?.split(' ') ?? [];
  const isCreate = verb === 'POST';
  const own = await ask(sandbox, path.replace(/\{\w+\}/g, '00000000-0000-0000-0000-00000000dead'));
  const properties =
    own[isCreate ? 'POST' : 'PUT'] ?? (await ask(sandbox, path.replace(/\{\w+\}\/$/, '')))['POST'] ?? {};
  return isCreate ? properties : withoutRequired(properties);
}

/** A change leaves out what it leaves. */
const withoutRequired = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).map(([name, limits]) => [name, { ...limits, required: false }]));

async function ask(sandbox: Sandbox, path: string): Promise<Readonly<Record<string, Properties>>> {
  const headers = { authorization: 'Bearer sandbox-admin' };
  const response = await sandbox.fetch(
    new Request(`http://jumpserver.test/api/v1${path}`, { method: 'OPTIONS', headers }),
  );
  return response.ok ? ((await response.json()).actions ?? {}) : {};
}

/** What is taken all the same, or refused at another place: by mutation, or for all, and field and what is wrong. */
const OTHERWISE: Readonly<Record<string, string>> = {
  // The graph writes JumpServer's own default.
  'conditions left out': 'done',
  // JumpServer gives the platform's.
  'protocols left out': 'done',
  // What is not there is out already.
  'removeFromPermission users unknown': 'done',
  'removeFromPermission userGroups unknown': 'done',
  'removeFromPermission assets unknown': 'done',
  'removeFromPermission nodes unknown': 'done',
  'removeUsersFromGroup users unknown': 'done',
  // What the type wants.
  'createCommandStorage settings left out': 'settings.hosts REQUIRED',
  'createReplayStorage settings left out': 'settings.bucket REQUIRED,settings.endpoint REQUIRED',
};

/** Every wrong value that the metadata and the schema tell of, one field at a time; `good` is an input that has none. */
export function faultsOf({ name, input }: Mutation, properties: Properties, good: Input): Fault[] {
  const target = targetOf(input)?.name;
  const faults = Object.values(input.getFields()).flatMap((field) => {
    const written = catalogue.inputs[input.name]?.[field.name];
    if (!written || field.name === target) return [];
    const own = [...unknown(field, written), ...limited(field, written, properties[written.to])];
    return [...own, ...inside(field, written, properties, good[field.name])];
  });
  return faults.map((fault) => ({
    ...fault,
    refusal: OTHERWISE[`${name} ${fault.title}`] ?? OTHERWISE[fault.title] ?? fault.refusal,
  }));
}

/** The wrong values of an object in the input, each in an object that is good otherwise. */
function inside(
  { name, type }: GraphQLInputField,
  { value, to, list }: InputField,
  properties: Properties,
  given: unknown,
): Fault[] {
  const input = getNamedType(type);
  if (value !== 'Input' || !isInputObjectType(input)) return [];
  const limits = properties[to];
  const below = to === '' ? properties : (limits?.children ?? limits?.child?.children ?? {});
  const good = (list ? (given as Input[] | undefined)?.[0] : (given as Input | undefined)) ?? toInput(input, nobody);
  return Object.values(input.getFields()).flatMap((field) => {
    const written = catalogue.inputs[input.name]?.[field.name];
    const faults = written && written.value !== 'Input' ? limited(field, written, below[written.to]) : [];
    return faults.map(({ title, field: at, value: wrong, refusal }) => {
      const one = { ...good, [at]: wrong };
      const place = list ? `${name}.0` : name;
      return { title: `${place}.${title}`, field: name, value: list ? [one] : one, refusal: `${place}.${refusal}` };
    });
  });
}

function unknown({ name, type }: GraphQLInputField, { noun }: InputField): Fault[] {
  if (noun === undefined) return [];
  const isList = isListType(getNullableType(type));
  const id = nobody(noun);
  const refusal = isList ? `${name}.0 NOT_FOUND` : `${name} NOT_FOUND`;
  return [{ title: `${name} unknown`, field: name, value: isList ? [id] : id, refusal }];
}

/** What GraphQL's `Int` holds: it refuses more by itself. */
const [SMALLEST, GREATEST] = [-(2 ** 31), 2 ** 31 - 1];

function limited({ name, type }: GraphQLInputField, { value, list }: InputField, limits: Limits | undefined): Fault[] {
  if (!limits) return [];
  const fault = (what: string, wrong: unknown, code: string): Fault => ({
    title: `${name} ${what}`,
    field: name,
    value: wrong,
    refusal: `${name} ${code}`,
  });
  const isText = (value === 'String' || value === 'Secret') && !list;
  const { required, max_length: longest, min_value: least, max_value: most, choices } = limits;
  return [
    ...(required && !isNonNullType(type) ? [fault('left out', undefined, 'REQUIRED')] : []),
    ...(required && isText ? [fault('empty', '', 'REQUIRED')] : []),
    ...(isText && longest !== undefined ? [fault('too long', 'x'.repeat(longest + 1), 'INVALID')] : []),
    ...(isText && choices ? [fault('no choice', 'no-such-choice', 'INVALID')] : []),
    ...(value === 'Int' && least !== undefined && least > SMALLEST ? [fault('too small', least - 1, 'INVALID')] : []),
    ...(value === 'Int' && most !== undefined && most < GREATEST ? [fault('too great', most + 1, 'INVALID')] : []),
  ];
}
