import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { describePlainWrites } from './plain-writes.ts';
import {
  type Callers,
  failure,
  list,
  mutate,
  type Named,
  NOBODY,
  refusals,
  startCallers,
  writesOf,
} from './support.ts';

const plain = {
  noun: 'Role',
  field: 'role',
  selection: 'name scope isBuiltin usersCount comment',
  change: { comment: 'ours' },
  changed: { comment: 'ours' },
  repeat: [' DUPLICATE'],
  refused: [[{ name: '' }, ['name REQUIRED']]],
} as const;
describePlainWrites({
  ...plain,
  path: '/api/v1/rbac/org-roles/',
  input: () => ({ scope: 'ORGANIZATION' }),
  created: { scope: 'ORGANIZATION', isBuiltin: false, usersCount: 0 },
});
describePlainWrites({
  ...plain,
  path: '/api/v1/rbac/system-roles/',
  input: () => ({ scope: 'SYSTEM' }),
  created: { scope: 'SYSTEM', isBuiltin: false, usersCount: 0 },
});

const CODES = 'role { id codes(first: 100) { nodes { code } } }';
interface WithCodes extends Named {
  readonly codes: { readonly nodes: readonly { readonly code: string }[] };
}
const codesOf = (role: unknown) => (role as WithCodes).codes.nodes.map(({ code }) => code).sort();

describe.each(SANDBOX_VERSIONS)('who holds a role on JumpServer %s', (version) => {
  let graph: TestGraph;
  beforeAll(async () => {
    graph = await startGraph({ version });
  });
  afterAll(() => graph.close());

  it.each(['ORGANIZATION', 'SYSTEM'])('is bound and unbound (%s)', async (scope) => {
    const made = await mutate(graph, 'createRole', { name: `held-${scope}`, scope }, 'role { id }');
    const role = (made['role'] as Named).id;
    const user = (await list(graph, 'users(first: 1)', 'id'))[0]?.id;
    const bound = await mutate(
      graph,
      'createRoleBinding',
      { user, role },
      'roleBinding { id scope user { id } role { id } organization { isDefault } }',
    );
    expect(bound).toMatchObject({
      userErrors: [],
      roleBinding: {
        scope,
        user: { id: user },
        role: { id: role },
        organization: scope === 'SYSTEM' ? null : { isDefault: true },
      },
    });
    const again = await mutate(graph, 'createRoleBinding', { user, role }, 'roleBinding { id }');
    expect(refusals(again)).toEqual(['role DUPLICATE']);
    expect(refusals(await mutate(graph, 'deleteRole', { id: role }, 'deletedIds'))).toEqual(['id CONFLICT']);
    const { id } = bound['roleBinding'] as Named;
    const fresh = { name: `another ${scope}`, scope };
    const other = ((await mutate(graph, 'createRole', fresh, 'role { id }'))['role'] as Named).id;
    graph.sandbox.clearLog();
    const SHOWN = 'roleBinding { id user { id } role { id } }';
    const moved = await mutate(graph, 'updateRoleBinding', { id, role: other }, SHOWN);
    expect(moved).toMatchObject({ userErrors: [], roleBinding: { id, user: { id: user }, role: { id: other } } });
    expect(writesOf(graph)).toHaveLength(1);
    const twice = await mutate(graph, 'updateRoleBinding', { id, role: other }, SHOWN);
    expect(refusals(twice)).toEqual(['role DUPLICATE']);
    expect((await mutate(graph, 'deleteRoleBinding', { id }, 'deletedIds'))['deletedIds']).toEqual([id]);
    expect(refusals(await mutate(graph, 'deleteRoleBinding', { id }, 'deletedIds'))).toEqual(['id NOT_FOUND']);
    expect((await mutate(graph, 'deleteRole', { id: role }, 'deletedIds'))['deletedIds']).toEqual([role]);
  });
});

describe('a role', () => {
  let callers: Callers;
  beforeAll(async () => {
    callers = await startCallers();
  });
  afterAll(() => callers.close());
  beforeEach(() => callers.admin.sandbox.clearLog());

  it('allows what another one allows', async () => {
    const auditor = (await list<Named>(callers.admin, 'roles(first: 50)', 'id name')).find(
      ({ name }) => name === 'OrgAuditor',
    );
    const input = { name: 'like an auditor', scope: 'ORGANIZATION', cloneOf: auditor?.id };
    const payload = await mutate(callers.admin, 'createRole', input, CODES);
    const { data } = await callers.admin.query<{ role: WithCodes }>(
      `query($id: ID!) { role(id: $id) { ${CODES.slice(7, -1)} } }`,
      {
        id: auditor?.id,
      },
    );
    expect(payload.userErrors).toEqual([]);
    expect(codesOf(payload['role']).length).toBeGreaterThan(0);
    expect(codesOf(payload['role'])).toEqual(codesOf(data.role));
  });

  it('is not made of two others, nor of one that nobody has', async () => {
    const refused = async (more: object) =>
      refusals(await mutate(callers.admin, 'createRole', { name: 'x', scope: 'SYSTEM', ...more }, 'role { id }'));
    expect(await refused({ cloneOf: NOBODY, codes: [] })).toEqual(['cloneOf INVALID']);
    expect(await refused({ cloneOf: NOBODY })).toEqual(['cloneOf NOT_FOUND']);
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('that comes with JumpServer is not written', async () => {
    const id = '00000000-0000-0000-0000-000000000007';
    expect(refusals(await mutate(callers.admin, 'updateRole', { id, comment: 'x' }, 'role { id }'))).toEqual([
      'id FORBIDDEN',
    ]);
    expect(refusals(await mutate(callers.admin, 'deleteRole', { id }, 'deletedIds'))).toEqual(['id FORBIDDEN']);
    expect(writesOf(callers.admin)).toEqual([]);
  });

  it('and user that are not there are told by field; an ordinary user binds nobody', async () => {
    const [role] = await list(callers.admin, 'roles(first: 1)', 'id');
    const [user] = await list(callers.admin, 'users(first: 1)', 'id');
    const bind = async (input: object) =>
      refusals(await mutate(callers.admin, 'createRoleBinding', input, 'roleBinding { id }'));
    expect(await bind({ role: NOBODY, user: user?.id })).toEqual(['role NOT_FOUND']);
    expect(await bind({ role: role?.id, user: NOBODY })).toEqual(['user NOT_FOUND']);
    const [binding] = await list(callers.admin, 'roleBindings(first: 1)', 'id');
    expect(await failure(callers.user, 'createRoleBinding', { role: role?.id, user: user?.id })).toBe('FORBIDDEN');
    expect(await failure(callers.user, 'deleteRoleBinding', { id: binding?.id })).toBe('FORBIDDEN');
    expect(await failure(callers.user, 'updateRoleBinding', { id: binding?.id, role: role?.id })).toBe('FORBIDDEN');
  });

  it('takes the place of one of the same scope alone', async () => {
    const roles = await list<Named & { scope: string }>(callers.admin, 'roles(first: 50)', 'id scope');
    const [binding] = await list(callers.admin, 'roleBindings(first: 1, filter: { scope: SYSTEM })', 'id');
    const exchange = async (input: object) =>
      refusals(await mutate(callers.admin, 'updateRoleBinding', input, 'roleBinding { id }'));
    const elsewhere = roles.find(({ scope }) => scope === 'ORGANIZATION')?.id;
    expect(await exchange({ id: binding?.id, role: elsewhere })).toEqual(['role INVALID']);
    expect(await exchange({ id: binding?.id, role: NOBODY })).toEqual(['role NOT_FOUND']);
    expect(await exchange({ id: NOBODY, role: elsewhere })).toEqual(['id NOT_FOUND']);
    expect(writesOf(callers.admin)).toEqual([]);
  });
});
