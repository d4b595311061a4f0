import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Catalogue } from '../generated/catalogue.ts';
import type { GraphContext, GraphWarning, Scope } from './context.ts';
import { toGlobalId } from './identity.ts';
import { planOf, type Resolver } from './resolve.ts';
import { isRow, type Json, type Row } from './row.ts';
import type { Untainted } from './secret.ts';
import { type Input, inputFields, toBody, toReferenceId, withoutNulls } from './write-body.ts';
import { confirmationOf } from './write-confirm.ts';
import type { UserError } from './write-errors.ts';
import { findIgnored } from './write-ignored.ts';
import { findLacking } from './write-lacking.ts';
import { lookupOf } from './write-lookup.ts';
import { Refused, type Telling, toRefusals, UNKNOWN_OBJECT } from './write-refusal.ts';
import { type Operation, type Parts, send } from './write-send.ts';
import { tellTexts } from './write-texts.ts';

/** What a mutation answers: fields of its payload by name. `userErrors` and `warnings` are empty unless given. */
export type Outcome = Row & {
  readonly userErrors?: readonly UserError[];
  readonly warnings?: readonly GraphWarning[];
};

/** An id in a list of the input, as JumpServer has it, and where it stands. */
export interface Reference {
  readonly id: string;
  readonly at: number;
}

/** One mutation under way. */
export interface Write {
  readonly context: GraphContext;
  readonly info: GraphQLResolveInfo;
  readonly catalogue: Catalogue;
  readonly scope: Scope;
  /** Name of the input type. */
  readonly type: string;
  readonly input: Input;
  /** JumpServer's id in an `ID` of the input. Throws `BAD_USER_INPUT` for a malformed one. */
  id(name: string): string;
  /** What an `[ID!]` of the input refers to, each once, with its place in the list. */
  references(name: string): readonly Reference[];
  /** The whole input as JumpServer's body. */
  body(leaveOut?: readonly string[]): Record<string, unknown>;
  /** The whole input as the body of something new: null says no more than leaving out. */
  newBody(leaveOut?: readonly string[]): Record<string, unknown>;
  /** The operation of this mutation (`@calls`) with that verb. */
  operation(verb: 'POST' | 'PUT' | 'PATCH' | 'DELETE'): Operation;
  /** Sends one call in the caller's organisation, once. */
  send(operation: Operation, parts?: Parts): Promise<Json>;
  /** Tells a failed call in terms of the input; undefined when it is an error of the whole mutation. */
  tell(error: unknown, telling?: Partial<Telling>): readonly UserError[] | undefined;
}

/** Does a mutation; what it throws is told in terms of the input where that is possible. */
export type Perform = (write: Write) => Promise<Outcome>;

/** Makes the resolver of a mutation: one catch for all of them (architecture.md §7.10). A payload with a secret in it does not compile. */
export function mutation<T extends Outcome>(perform: (write: Write) => Promise<T & Untainted<T>>): Resolver {
  return async (_source, args, context, info) => {
    planOf(context, info);
    const write = createWrite((args['input'] ?? {}) as Input, context, info);
    const empty = emptyPayload(info);
    // A malformed id anywhere in the input is refused before the first call.
    write.body();
    try {
      return { ...empty, ...(await perform(write)) };
    } catch (error) {
      const userErrors = write.tell(error);
      if (!userErrors) throw await confirmationOf(error, context);
      return { ...empty, userErrors };
    } finally {
      // A dry run writes nothing, so what was read still holds.
      if (write.input['dryRun'] !== true) context.scope.reader.forget();
    }
  };
}

function createWrite(input: Input, context: GraphContext, info: GraphQLResolveInfo): Write {
  const { catalogue, scope } = context;
  const type = inputTypeOf(info);
  const fieldOf = (name: string) => {
    const field = inputFields(catalogue, type)[name];
    if (!field) throw new Error(`${type} has no field "${name}"`);
    return field;
  };
  const sent: { body: unknown } = { body: {} };
  const write: Write = {
    context,
    info,
    catalogue,
    scope,
    type,
    input,
    id: (name) => toReferenceId(catalogue, fieldOf(name), input[name], `input.${name}`),
    references: (name) => {
      const values = (input[name] ?? []) as readonly unknown[];
      const field = fieldOf(name);
      const places = new Map<string, number>();
      values.forEach((value, at) => {
        const id = toReferenceId(catalogue, field, value, `input.${name}.${at}`);
        if (!places.has(id)) places.set(id, at);
      });
      return [...places].map(([id, at]) => ({ id, at }));
    },
    body: (leaveOut) => toBody(catalogue, type, input, leaveOut),
    newBody: (leaveOut) => toBody(catalogue, type, withoutNulls(catalogue, type, input), leaveOut),
    operation: (verb) => operationOf(catalogue, info, verb),
    send: async (operation, parts = {}) => {
      sent.body = parts.body;
      await tellTexts(write, parts.body);
      return send(scope.session, operation, parts);
    },
    tell: (error, telling) =>
      toRefusals(error, {
        catalogue,
        type,
        body: sent.body,
        subject: subjectOf(input),
        lookup: lookupOf(catalogue, info, input),
        ...telling,
      }),
  };
  return write;
}

function subjectOf(input: Input): readonly string[] {
  return 'id' in input ? ['id'] : [];
}

/** A `NOT_FOUND` at a place of the input. */
export function notFound(field: readonly string[], row?: number): UserError {
  return { field, code: 'NOT_FOUND', message: UNKNOWN_OBJECT, ...(row === undefined ? {} : { row }) };
}

/** A `REQUIRED` at a place of the input. */
export function required(field: readonly string[], message: string): UserError {
  return { field, code: 'REQUIRED', message };
}

/** Throws {@link Refused} unless there is nothing to refuse. */
export function refuse(errors: readonly UserError[]): void {
  if (errors.length > 0) throw new Refused(errors);
}

function inputTypeOf(info: GraphQLResolveInfo): string {
  const [argument] = info.parentType.getFields()[info.fieldName]?.args ?? [];
  return argument ? getNamedType(argument.type).name : '';
}

/** The first operation of that verb in the mutation's `@calls`. The code generation has checked that the contract has it. */
function operationOf(catalogue: Catalogue, info: GraphQLResolveInfo, verb: string): Operation {
  const found = catalogue.calls[`Mutation.${info.fieldName}`]?.find((operation) => operation.startsWith(`${verb} `));
  if (!found) throw new Error(`Mutation.${info.fieldName}: @calls names no ${verb}`);
  return found as Operation;
}

/** A payload of nothing done: no objects, empty lists, not successful. */
function emptyPayload(info: GraphQLResolveInfo): Record<string, unknown> {
  const payload = getNamedType(info.returnType);
  if (!isObjectType(payload)) return {};
  const fields = Object.values(payload.getFields());
  return Object.fromEntries(fields.map(({ name, type }) => [name, nothingOf(type)]));
}

function nothingOf(type: GraphQLOutputType): readonly never[] | false | null {
  if (isListOf(type)) return [];
  return isNonNullType(type) && getNamedType(type).name === 'Boolean' ? false : null;
}

function isListOf(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}

/** The payload's field that holds rows of a noun. */
export function payloadField(info: GraphQLResolveInfo, noun: string): string {
  const payload = getNamedType(info.returnType) as GraphQLObjectType;
  const found = Object.values(payload.getFields()).find(({ type }) => getNamedType(type).name === noun);
  if (!found) throw new Error(`${payload.name} has no field of type ${noun}`);
  return found.name;
}

/** The outcome of a write that answered its row: the row, and references that JumpServer silently left out. */
export async function done(
  write: Write,
  noun: string,
  row: unknown,
  body: Readonly<Record<string, unknown>> = {},
): Promise<Outcome> {
  if (!isRow(row)) return {};
  const userErrors = [
    ...findIgnored(write.catalogue, write.type, body, row),
    ...(await findLacking(write, noun, body)),
  ];
  return { [payloadField(write.info, noun)]: row, userErrors };
}

/** The global id of a row. */
export function globalId(noun: string, id: string): string {
  return toGlobalId(noun, id);
}
