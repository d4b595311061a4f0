import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue, type Noun } from '../../src/generated/catalogue.ts';
import type { SandboxState } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { mutations, plant } from './plant.ts';

const ORDINARY = { headers: { authorization: 'Bearer sandbox-user' } };

let graph: TestGraph;
beforeAll(async () => {
  graph = await startGraph({ sandboxOptions: { assets: 20, users: 15, sessions: 20 } });
});
afterAll(() => graph.close());

/** Nouns with rows of their own that have an address each, and a field to tell them by. */
const NOUNS = [
  'User',
  'UserGroup',
  'Asset',
  'AssetNode',
  'Zone',
  'Account',
  'Permission',
  'Session',
  'Label',
  'LoginAcl',
];
const TOLD: Readonly<Record<string, string>> = { User: 'email', Session: 'assetText' };

interface Known {
  readonly noun: Noun;
  readonly field: string;
  readonly ids: readonly { readonly id: string; readonly uuid: string }[];
}

/** Ids of a noun's rows as the administrator sees them. */
async function known(name: string): Promise<Known> {
  const noun = catalogue.nouns[name];
  const root = Object.entries(catalogue.roots).find(([, each]) => each.list && each.noun === name)?.[0];
  if (!noun || !root) throw new Error(`there is no list of ${name}`);
  type Listed = Record<string, { nodes: Known['ids'] }>;
  const { data } = await graph.query<Listed>(`{ ${root}(first: 5) { nodes { id uuid } } }`);
  return { noun, field: TOLD[name] ?? 'name', ids: data[root]?.nodes ?? [] };
}

/** Whether JumpServer itself shows the row to the ordinary user: in the noun's list, or among the assets granted to them and the nodes above these. */
async function isShown({ name, path }: Noun, uuid: string): Promise<boolean> {
  if (name === 'AssetNode')
    return (await ask('/perms/users/self/nodes/?limit=100')).text().then((all) => all.includes(uuid));
  const paths = name === 'Asset' ? [path, '/perms/users/self/assets/'] : [path];
  const answers = await Promise.all(paths.map((each) => ask(`${each}${uuid}/`)));
  return answers.some(({ status }) => status === 200);
}

function ask(path: string): Promise<Response> {
  const headers = { authorization: 'Bearer sandbox-user', 'content-type': 'application/json' };
  return graph.sandbox.fetch(new Request(`http://jumpserver.test/api/v1${path}`, { headers }));
}

describe.each(NOUNS)('somebody who knows the id of a %s', (name) => {
  it('gets it by no root but those that JumpServer opens to them', async () => {
    const { noun, field, ids } = await known(name);
    expect(ids.length).toBeGreaterThan(0);
    const shown = await Promise.all(ids.map(({ uuid }) => isShown(noun, uuid)));
    const document = `query ($ids: [ID!]!, $id: ID!, $of: [_Any!]!) {
      nodes(ids: $ids) { ... on ${name} { ${field} } }
      node(id: $id) { ... on ${name} { ${field} } }
      _entities(representations: $of) { ... on ${name} { ${field} } }
    }`;
    const [first] = ids;
    const of = ids.map(({ id }) => ({ __typename: name, id }));
    const answer = await graph.query<Record<string, unknown>>(
      document,
      { ids: ids.map(({ id }) => id), id: first?.id, of },
      ORDINARY,
    );
    const given = (list: unknown) =>
      (list as readonly unknown[] | null)?.map((row) => row !== null) ?? ids.map(() => false);
    expect(given(answer.data?.['nodes'])).toEqual(shown);
    expect(given(answer.data?.['_entities'])).toEqual(shown);
    expect((answer.data?.['node'] ?? null) !== null).toBe(shown[0]);
  });
});

/** What an ordinary user may not change, in whatever way. */
const TABLES = [
  'users',
  'user-groups',
  'user-group-relations',
  'assets',
  'nodes',
  'zones',
  'platforms',
  'accounts',
  'account-templates',
  'asset-permissions',
  'permission-users',
  'permission-user-groups',
  'permission-assets',
  'permission-nodes',
  'labels',
  'role-bindings',
  'orgs',
  'login-acls',
  'command-groups',
];
const guarded = ({ tables }: SandboxState) => Object.fromEntries(TABLES.map((name) => [name, tables[name]]));

/** What is tried on which rows: a mutation's name says what it is about. */
const ABOUT: readonly (readonly [pattern: RegExp, noun: string])[] = [
  [/Group/, 'UserGroup'],
  [/User/, 'User'],
  [/Permission/, 'Permission'],
  [/Node/, 'AssetNode'],
  [/Account/, 'Account'],
  [/Zone/, 'Zone'],
  [/Label/, 'Label'],
  [/Session/, 'Session'],
  [/Acl/, 'LoginAcl'],
];

/** One's own account is one's own: these change it, with its password or a second factor. */
const OWN = new Set([
  'login',
  'verifyMfa',
  'confirm',
  'sendMfaCode',
  'updateProfile',
  'updateOwnPassword',
  'updateViewer',
]);

describe('an ordinary user', () => {
  it('an ordinary user writes nothing through any mutation that is not theirs to write', async () => {
    const rows = new Map(await Promise.all(NOUNS.map(async (name) => [name, (await known(name)).ids[1]] as const)));
    const before = guarded(graph.sandbox.exportState());
    const done: string[] = [];
    for (const { name, args } of mutations.filter((mutation) => !OWN.has(mutation.name))) {
      const [input] = args;
      if (!input) continue;
      const [, noun = 'Asset'] = ABOUT.find(([pattern]) => pattern.test(name)) ?? [];
      const id = rows.get(noun)?.uuid ?? '';
      const takes = ({ name: field }: { readonly name: string }) => ['name', 'comment', 'isActive'].includes(field);
      const value = plant(input.type, name, { planted: new Set(), id, takes });
      const document = `mutation ($input: ${String(input.type)}) { ${name}(input: $input) { __typename } }`;
      const answer = await graph.query<Record<string, unknown>>(document, { input: value }, ORDINARY);
      if (answer.errors?.some(({ extensions }) => extensions.code === 'INTERNAL')) done.push(name);
    }
    expect(done).toEqual([]);
    expect(guarded(graph.sandbox.exportState())).toEqual(before);
  }, 60_000);
});
