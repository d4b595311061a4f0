import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

describePlainWrites({
  noun: 'AdHoc',
  field: 'adHoc',
  path: '/api/v1/ops/adhocs/',
  input: () => ({ arguments: 'uptime', module: 'SHELL' }),
  selection: 'name module arguments comment creator { username }',
  created: { module: 'SHELL', arguments: 'uptime', creator: { username: 'admin' } },
  change: { arguments: 'print(1)', module: 'PYTHON' },
  changed: { arguments: 'print(1)', module: 'PYTHON' },
  repeat: [' DUPLICATE', 'name DUPLICATE'],
  isForEverybody: true,
  refused: [[{ name: '' }, ['name REQUIRED']]],
});

it('commands of one’s own are for everybody, private ones of somebody else are not there', async () => {
  const callers = await startCallers();
  const input = { name: 'mine', arguments: 'id', scope: 'PRIVATE' };
  const SHOWN = 'adHoc { id scope }';
  const own = await mutate(callers.user, 'createAdHoc', input, SHOWN);
  expect(own).toMatchObject({ userErrors: [], adHoc: { scope: 'PRIVATE' } });
  const { id } = (await mutate(callers.admin, 'createAdHoc', input, SHOWN))['adHoc'] as Named;
  expect(refusals(await mutate(callers.user, 'updateAdHoc', { id, arguments: 'x' }, SHOWN))).toEqual(['id NOT_FOUND']);
  expect(refusals(await mutate(callers.user, 'deleteAdHoc', { id }, 'deletedIds'))).toEqual(['id NOT_FOUND']);
  await callers.close();
});

/** The recorded servers let nobody run commands (api.md §5.17): their refusal is all there is to be shown. */
describe('jobs', () => {
  let callers: Callers;
  beforeAll(async () => {
    callers = await startCallers();
  });
  afterAll(() => callers.close());
  beforeEach(() => callers.admin.sandbox.clearLog());

  it('are refused where JumpServer lets nobody run commands, after one write', async () => {
    const [asset] = await list(callers.admin, 'assets(first: 1)', 'id');
    callers.admin.sandbox.clearLog();
    const job = { name: 'up', type: 'ADHOC', module: 'shell', arguments: 'uptime', assets: [asset?.id], runAs: 'root' };
    for (const [name, input, write] of [
      ['createJob', job, 'POST /api/v1/ops/jobs/'],
      ['updateJob', { id: NOBODY, arguments: 'w' }, `PATCH /api/v1/ops/jobs/${NOBODY}/`],
      ['deleteJob', { id: NOBODY }, `DELETE /api/v1/ops/jobs/${NOBODY}/`],
      ['runJob', { job: NOBODY }, 'POST /api/v1/ops/job-executions/'],
    ] as const) {
      callers.admin.sandbox.clearLog();
      expect(await failure(callers.admin, name, input)).toBe('FORBIDDEN');
      expect(writesOf(callers.admin)).toEqual([write]);
    }
  });

  it('are not stopped by who may not see them, and nothing is sent', async () => {
    expect(await failure(callers.user, 'stopJobExecution', { id: NOBODY })).toBe('FORBIDDEN');
    expect(writesOf(callers.user)).toEqual([]);
  });
});
