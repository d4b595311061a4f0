import { describe, expect, test } from 'vitest';
import { toActionNames, toActionSet } from '../../src/access/actions.ts';
import { checkAccess } from '../../src/access/check.ts';
import { createAccessEngine } from '../../src/access/engine.ts';
import type { MatrixFilter } from '../../src/access/filter.ts';
import { previewChange } from '../../src/access/impact.ts';
import { createMatrix } from '../../src/access/matrix.ts';
import { assetsOfPermission, usersOfPermission } from '../../src/access/reach.ts';
import { company, permission, today } from './small-company.ts';

const engine = createAccessEngine(company);

describe('in a company small enough to work out on paper', () => {
  test('everybody reaches exactly this', () => {
    expect(pairs()).toEqual(['ann > orders', 'ann > web', 'ben > orders', 'ben > web', 'cem > attic']);
  });

  test('two permissions of one pair add up, and both are named', () => {
    const decision = checkAccess(engine, 'ann', 'orders');
    expect(toActionNames(decision?.actions ?? 0)).toEqual(['connect', 'upload']);
    expect(decision?.accounts).toEqual(['root', '@ALL', '!root']);
    expect(
      decision?.paths.map(({ permission: { id }, viaGroup, viaNode }) => [id, viaGroup?.id, viaNode?.path]),
    ).toEqual([
      ['ann-root', undefined, undefined],
      ['operate', 'operators', '/Firm/prod'],
    ]);
  });

  test('a node does not reach into a neighbour whose key begins alike', () => {
    expect(checkAccess(engine, 'ann', 'attic')).toMatchObject({ allowed: false, actions: 0, paths: [] });
  });

  test('a permission no longer holds at the very moment it ends, and held just before', () => {
    expect(checkAccess(engine, 'ann', 'attic', today)?.allowed).toBe(false);
    expect(checkAccess(engine, 'ann', 'attic', today - 1)?.allowed).toBe(true);
  });

  test('inactive users are granted as JumpServer does, and it is said what blocks them', () => {
    expect(checkAccess(engine, 'ben', 'web')).toMatchObject({ allowed: true, blockedBy: ['USER_INACTIVE'] });
    expect(checkAccess(engine, 'cem', 'attic')).toMatchObject({
      allowed: true,
      expiresAt: null,
      blockedBy: ['USER_EXPIRED', 'ASSET_INACTIVE'],
    });
    expect(checkAccess(engine, 'cem', 'attic', Date.parse('2026-02-01T00:00:00Z'))?.blockedBy).toEqual([
      'ASSET_INACTIVE',
    ]);
  });

  test('unknown users and assets are no decision', () => {
    expect([checkAccess(engine, 'gone', 'web'), checkAccess(engine, 'ann', 'gone')]).toEqual([null, null]);
  });

  test.each<[MatrixFilter, string[]]>([
    [{ action: 'upload' }, ['ann > orders']],
    // The exclusion in "operate" takes connecting as root away, uploading as root stays.
    [{ account: 'root' }, ['ann > orders', 'cem > attic']],
    [{ account: 'root', action: 'connect' }, ['cem > attic']],
    [{ account: 'app', userGroup: 'operators' }, ['ann > orders', 'ann > web', 'ben > orders', 'ben > web']],
    [{ wildcardOnly: true }, ['ann > web', 'ben > orders', 'ben > web', 'cem > attic']],
    [{ node: 'db' }, ['ann > orders', 'ben > orders']],
    [{ node: 'firm', user: 'cem' }, ['cem > attic']],
  ])('the filter %j selects %j', (filter, wanted) => {
    expect(pairs(filter)).toEqual(wanted);
  });

  test('what a permission reaches is told even when it is switched off', () => {
    expect(usersOfPermission(engine, 'off').map(({ id }) => id)).toEqual(['cem']);
    expect(assetsOfPermission(engine, 'off').map(({ id }) => id)).toEqual(['attic', 'orders', 'web']);
  });
});

describe('a planned grant', () => {
  test('tells what it would give', () => {
    const upserts = [permission('new', { users: ['cem'], nodes: ['prod'], actions: toActionSet(['all']) })];
    const impact = previewChange(engine, { upserts });
    expect(impact).toMatchObject({
      pairsGained: 2,
      pairsLost: 0,
      actionsWidened: 0,
      usersAffected: 1,
      assetsAffected: 2,
    });
    expect(impact.sample.map(({ user, asset }) => `${user.id} > ${asset.id}`)).toEqual(['cem > orders', 'cem > web']);
    expect(codes(impact)).toEqual(['DISABLED_USER']);
  });

  test('that widens what is there counts the pairs that get an action more', () => {
    const upserts = [
      permission('new', { users: ['ann'], nodes: ['prod'], actions: toActionSet(['connect', 'upload']) }),
    ];
    expect(previewChange(engine, { upserts })).toMatchObject({ pairsGained: 0, actionsWidened: 1, assetsAffected: 1 });
  });

  test('that another permission already gives is named as redundant', () => {
    const upserts = [permission('new', { users: ['ann'], assets: ['web'], accounts: ['@ALL', '!root'] })];
    const impact = previewChange(engine, { upserts });
    expect(impact).toMatchObject({ pairsGained: 0, actionsWidened: 0, usersAffected: 0 });
    expect(impact.redundantWith.map(({ id }) => id)).toEqual(['operate']);
    expect(codes(impact)).toEqual(['REDUNDANT']);
  });

  test('of everything below the root is over-broad', () => {
    const impact = previewChange(engine, { upserts: [permission('new', { users: ['ann'], nodes: ['firm'] })] });
    expect(codes(impact)).toEqual(['OVER_BROAD']);
  });

  test('that is empty, backward, late or switched off is warned about', () => {
    const warned = (differences: Parameters<typeof permission>[1]) =>
      codes(
        previewChange(engine, { upserts: [permission('new', { users: ['ann'], assets: ['web'], ...differences })] }),
      );
    const [yesterday, tomorrow] = [today - 86_400_000, today + 86_400_000];
    expect(warned({ startsAt: tomorrow, expiresAt: yesterday })).toEqual(['STARTS_AFTER_END']);
    expect(warned({ expiresAt: yesterday })).toEqual(['ALREADY_EXPIRED']);
    expect(warned({ startsAt: tomorrow })).toEqual(['NOT_YET_VALID']);
    expect(warned({ isActive: false })).toEqual(['NOT_ACTIVE']);
    expect(warned({ users: [], userGroups: ['nobody'] })).toEqual(['NO_SUBJECT']);
    expect(warned({ assets: [] })).toEqual(['NO_RESOURCE']);
    expect(warned({ accounts: [] })).toContain('NO_ACCOUNT');
    expect(warned({ actions: 0 })).toContain('NO_ACTION');
    expect(warned({ assets: ['attic'] })).toEqual(['DISABLED_ASSET']);
    expect(warned({ users: ['ann', 'gone'], accounts: ['app'] })).toEqual(['UNKNOWN_MEMBER']);
  });

  test('revoked takes away what nothing else gives', () => {
    const impact = previewChange(engine, { removals: ['operate'] });
    expect(impact).toMatchObject({
      pairsGained: 0,
      pairsLost: 3,
      actionsWidened: 0,
      usersAffected: 2,
      assetsAffected: 2,
    });
  });
});

function pairs(filter?: MatrixFilter): string[] {
  return [...createMatrix(engine, filter).all()].map(({ user, asset }) => `${user.id} > ${asset.id}`);
}

function codes(impact: ReturnType<typeof previewChange>): string[] {
  return impact.warnings.map(({ code }) => code);
}
