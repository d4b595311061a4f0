import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describePlainWrites } from './plain-writes.ts';
import { type Callers, failure, list, mutate, type Named, refusals, startCallers } from './support.ts';

describePlainWrites({
  noun: 'Platform',
  field: 'platform',
  path: '/api/v1/assets/platforms/',
  input: () => ({
    category: 'HOST',
    type: 'linux',
    charset: 'utf-8',
    protocols: [{ name: 'ssh', port: 2222, primary: true, default: true }],
    isSuEnabled: true,
    suMethod: 'sudo',
  }),
  selection: 'name category type { value } isSuEnabled suMethod { value } comment protocols { name port primary }',
  created: {
    category: 'HOST',
    type: { value: 'linux' },
    isSuEnabled: true,
    suMethod: { value: 'sudo' },
    protocols: [{ name: 'ssh', port: 2222, primary: true }],
  },
  change: { comment: 'ours', isSuEnabled: false },
  changed: { comment: 'ours', isSuEnabled: false, protocols: [{ name: 'ssh', port: 2222, primary: true }] },
  repeat: ['name DUPLICATE'],
  refused: [
    [{ name: '' }, ['name REQUIRED']],
    [{ type: 'nonsense' }, ['type INVALID']],
  ],
});

describe('a platform', () => {
  let callers: Callers;
  beforeAll(async () => {
    callers = await startCallers();
  });
  afterAll(() => callers.close());

  it('that comes with JumpServer is not changed or deleted', async () => {
    const platforms = await list<Named>(callers.admin, 'platforms(first: 100)', 'id name');
    const linux = platforms.find(({ name }) => name === 'Linux');
    expect(await failure(callers.admin, 'updatePlatform', { id: linux?.id, comment: 'x' })).toBe('FORBIDDEN');
    expect(await failure(callers.admin, 'deletePlatform', { id: linux?.id })).toBe('FORBIDDEN');
  });

  it('that assets use is not deleted', async () => {
    const input = { name: 'in use', category: 'HOST', type: 'linux', protocols: [{ name: 'ssh', port: 22 }] };
    const created = await mutate(callers.admin, 'createPlatform', input, 'platform { id }');
    const { id } = created.platform as Named;
    await mutate(callers.admin, 'createHost', { name: 'user', address: '10.1.1.1', platform: id }, 'asset { id }');
    expect(refusals(await mutate(callers.admin, 'deletePlatform', { id }, 'deletedIds'))).toEqual([' CONFLICT']);
  });
});
