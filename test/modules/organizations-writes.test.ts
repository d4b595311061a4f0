import { expect, it } from 'vitest';
import { startGraph } from '../support/graph.ts';
import { describePlainWrites } from './plain-writes.ts';
import { failure, mutate, refusals, writesOf } from './support.ts';

describePlainWrites({
  noun: 'Organization',
  field: 'organization',
  path: '/api/v1/orgs/orgs/',
  input: () => ({ comment: 'new' }),
  selection: 'name comment isDefault isRoot',
  created: { comment: 'new', isDefault: false, isRoot: false },
  change: { comment: 'changed' },
  changed: { comment: 'changed' },
  repeat: ['name DUPLICATE'],
  refused: [[{ name: '' }, ['name REQUIRED']]],
  versions: ['3.10.23', '4.9.0', '4.10.16'],
});

it('a server that wants a licence for organisations says so', async () => {
  const newest = await startGraph({ version: '4.10.19' });
  const body = { detail: 'You do not have permission to perform this action.', code: 'permission_denied' };
  newest.sandbox.faults.add({ method: 'POST', path: '/orgs/orgs/', fault: { kind: 'status', status: 403, body } });
  const payload = await mutate(newest, 'createOrganization', { name: 'x' }, 'organization { id }');
  expect(refusals(payload)).toEqual([' UNSUPPORTED_BY_SERVER']);
  expect(writesOf(newest)).toEqual(['POST /api/v1/orgs/orgs/']);
  await newest.close();
});

it('an organisation that was renamed or deleted is not asked as if it were still there', async () => {
  const settings = { XPACK_ENABLED: true, XPACK_LICENSE_IS_VALID: true };
  const graph = await startGraph({ version: '4.10.19', sandboxOptions: { settings } });
  const codes = async (organization: string) => {
    const headers = { 'x-jms-org': organization };
    const { errors } = await graph.query('{ assets { totalCount } }', {}, { headers });
    return errors?.map(({ extensions }) => extensions.code);
  };
  const made = await mutate(graph, 'createOrganization', { name: 'Old' }, 'organization { id }');
  const { id } = made['organization'] as { readonly id: string };
  expect(await codes('Old')).toBeUndefined();
  await mutate(graph, 'updateOrganization', { id, name: 'New' }, 'organization { id }');
  expect([await codes('Old'), await codes('New')]).toEqual([['BAD_USER_INPUT'], undefined]);
  await mutate(graph, 'deleteOrganization', { id }, 'deletedIds');
  expect(await codes('New')).toEqual(['BAD_USER_INPUT']);
  await graph.close();
});

it('the organisation that every server has stays', async () => {
  const graph = await startGraph();
  const id = '00000000-0000-0000-0000-000000000002';
  expect(await failure(graph, 'deleteOrganization', { id })).toBe('FORBIDDEN');
  await graph.close();
});
