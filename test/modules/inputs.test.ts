import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLField, getNamedType, isInputObjectType } from 'graphql';
import { expect, it } from 'vitest';
import type { InputField } from '../../src/generated/catalogue.ts';
import { catalogue } from '../../src/generated/catalogue.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly required?: readonly string[];
}

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Contract {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { requestBody?: { content: Record<string, { schema: Schema }> } }>>>
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** The newest first: what its document leaves out (api.md §6: automations), an older one still tells. */
const contracts: Contract[] = ['4.10.19', '4.10.16', '4.9.0', '3.10.23'].map((version) =>
  JSON.parse(text(`schema/openapi/${version}.json`)),
);
const mutations = Object.values(buildSchema(text('schema/schema.graphql')).getMutationType()?.getFields() ?? {});

/** The property names of a body, with those of the objects inside, as `name` and `name.inner`. */
const namesOf = (contract: Contract, schema: Schema | undefined, seen: readonly string[] = []): Set<string> => {
  if (!schema) return new Set();
  if (schema.$ref) {
    if (seen.includes(schema.$ref)) return new Set();
    return namesOf(contract, contract.components.schemas[schema.$ref.split('/').at(-1) ?? ''], [...seen, schema.$ref]);
  }
  const parts = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  const names = new Set(parts.concat(schema.items ?? []).flatMap((part) => [...namesOf(contract, part, seen)]));
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    names.add(name);
    for (const below of namesOf(contract, inner, seen)) names.add(`${name}.${below}`);
  }
  return names;
};

/** The contracts with an operation, newest first, and what they say of it. */
const findAll = (operation: string) => {
  const [verb = '', path = ''] = operation.split(' ');
  const found = contracts.map((contract) => {
    const item = contract.paths[`/api/v1${path}`] ?? contract.paths[path];
    return { contract, told: item?.[verb.toLowerCase()] };
  });
  return found.filter(({ told }) => told !== undefined);
};

/** Mutations that tell what a server has left out: their inputs may name what only older servers have. */
const TELLING = new Set(['createEndpoint', 'updateEndpoint', 'createTicketFlow']);

const bodyNames = (operation: string, mutation: string) => {
  const found = findAll(operation);
  const names = (TELLING.has(mutation) ? found : found.slice(0, 1)).map(({ contract, told }) =>
    namesOf(contract, told?.requestBody?.content['application/json']?.schema),
  );
  return new Set(names.flatMap((known) => [...known]));
};

/** The fields of an input as they are written, those of objects without a name upstream among them. */
const written = (type: string): InputField[] =>
  Object.values(catalogue.inputs[type] ?? {}).flatMap((field) =>
    field.to === '' && field.input ? written(field.input) : [field],
  );

/** Inputs that say which row, not what stands in it, or that are not written at all. */
const ADDRESS = new Set(['', 'id', 'ids', 'challenge', 'parent']);

/** Mutations that make their bodies by hand, or whose bodies no document tells: relations, tasks and signing in. */
const BY_HAND = new Set([
  'addToPermission',
  'removeFromPermission',
  'addUsersToGroup',
  'removeUsersFromGroup',
  'removeUsersFromOrganization',
  'createAccounts',
  'bindLabel',
  'unbindLabel',
  'login',
  'sendMfaCode',
  'verifyMfa',
  'confirm',
  'installApplets',
  'signOutUsers',
  'testGateway',
  'createPlaybookFile',
  'updatePlaybookFile',
  'updatePeriodicTask',
  'uninstallApplets',
]);

const plain = mutations.filter(({ name }) => !BY_HAND.has(name));

it.each(plain.map((field) => [field.name, field] as const))('%s writes only what JumpServer takes', (name, field) => {
  const operations = catalogue.calls[`Mutation.${name}`] ?? [];
  const bodies = operations
    .filter((operation) => /^(POST|PUT|PATCH) /.test(operation))
    .map((operation) => bodyNames(operation, name));
  const known = new Set(bodies.flatMap((names) => [...names]));
  const strange = written(inputName(field)).filter(({ to }) => !ADDRESS.has(to) && !known.has(to));
  if (bodies.length > 0) expect(strange.map(({ to }) => to)).toEqual([]);
});

const inputName = (field: GraphQLField<unknown, unknown>) => {
  const type = field.args[0] && getNamedType(field.args[0].type);
  return isInputObjectType(type) ? type.name : '';
};

it('every mutation takes one input, named after it', () => {
  for (const field of mutations) {
    expect(field.args.map(({ name }) => name)).toEqual(['input']);
    expect(inputName(field).toLowerCase()).toBe(`${field.name}input`.toLowerCase());
  }
});

it('every mutation names the operations that it uses, and the contract has them', () => {
  for (const { name } of mutations) {
    const operations = catalogue.calls[`Mutation.${name}`] ?? [];
    expect({ name, count: operations.length }).not.toEqual({ name, count: 0 });
    for (const operation of operations)
      expect({ operation, isThere: findAll(operation).length > 0 }).toMatchObject({ isThere: true });
  }
});
