import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { expect } from 'vitest';
import { catalogue, type InputField } from '../../src/generated/catalogue.ts';
import { graphSchema } from '../support/recorded-graph.ts';
import type { Mutation } from './inputs.ts';

/** What is asked of a payload's object, and what an input makes stand there. */
export interface Shown {
  readonly selection: string;
  readonly expected: Readonly<Record<string, unknown>>;
}

interface Part {
  readonly name: string;
  readonly selection: string;
  readonly expected: unknown;
}

const fieldsOf = (type: GraphQLOutputType) => {
  const named = getNamedType(type);
  return isObjectType(named) || isInterfaceType(named) ? named.getFields() : {};
};

/** The field of a payload that is the object written; undefined where there is none, or more than one. */
export const writtenOf = (payload: GraphQLObjectType | undefined): { name: string; noun: string } | undefined => {
  const [field] = Object.values(payload?.getFields() ?? {}).filter(
    ({ type }) => getNamedType(type).name in catalogue.nouns,
  );
  const type = isNonNullType(field?.type) ? field.type.ofType : field?.type;
  return field && !isListType(type) ? { name: field.name, noun: getNamedType(field.type).name } : undefined;
};

/** The leaves and one name of each object of a payload: enough to see that all of it can be answered. */
export const leavesOf = (payload: GraphQLObjectType | undefined): string =>
  Object.values(payload?.getFields() ?? {})
    .filter(({ name }) => !['userErrors', 'warnings', 'impact', 'rows', 'clientMutationId'].includes(name))
    .map(({ name, type }) => (isLeafType(getNamedType(type)) ? name : `${name} { __typename }`))
    .join(' ');

/** What of an input has to stand in the object afterwards: every field that both have under one name. */
export const toShown = (noun: string, mutation: Mutation, given: Readonly<Record<string, unknown>>): Shown => {
  const type = graphSchema().getType(noun) as GraphQLObjectType;
  const isTakenAway = /^(remove|unbind)/.test(mutation.name);
  const parts = Object.entries(given).flatMap(([name, value]) => {
    const written = catalogue.inputs[mutation.input.name]?.[name];
    const read = type.getFields()[name];
    const part = written && read && name !== 'id' ? toPart(name, read.type, written, value, isTakenAway) : undefined;
    return part ? [part] : [];
  });
  return {
    selection: parts.map(({ selection }) => selection).join(' '),
    expected: Object.fromEntries(parts.map(({ name, expected }) => [name, expected])),
  };
};

function toPart(
  name: string,
  type: GraphQLOutputType,
  written: InputField,
  value: unknown,
  isTakenAway: boolean,
): Part | undefined {
  const named = getNamedType(type);
  if (written.value === 'Secret' || written.value === 'Input' || value === null) return;
  if (isLeafType(named))
    return { name, selection: name, expected: isEnumType(named) ? value : asRead(named.name, value) };
  const fields = fieldsOf(type);
  if (written.noun !== undefined) return toReferences(name, fields, value, isTakenAway);
  if ('value' in fields && 'label' in fields && !Array.isArray(value))
    return { name, selection: `${name} { value }`, expected: { value: toWire(written, value) } };
  return;
}

function toReferences(name: string, fields: object, value: unknown, isTakenAway: boolean): Part {
  if (!Array.isArray(value)) return { name, selection: `${name} { id }`, expected: { id: value } };
  const ids = value.map((id) => ({ id }));
  const rows = isTakenAway ? expect.not.arrayContaining(ids) : expect.arrayContaining(ids);
  if ('pageInfo' in fields) return { name, selection: `${name} { nodes { id } }`, expected: { nodes: rows } };
  return { name, selection: `${name} { id }`, expected: rows };
}

const asRead = (type: string, value: unknown): unknown =>
  type === 'DateTime' ? expect.stringContaining(String(value).slice(0, 10)) : value;

const toWire = ({ enum: name }: InputField, value: unknown): unknown =>
  name === undefined ? value : catalogue.enums[name]?.[String(value)];
