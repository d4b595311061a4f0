import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changePermissions, createAccessEngine } from '../../src/access/engine.ts';
import { previewChange } from '../../src/access/impact.ts';
import type { AccessInputs, PermissionChange } from '../../src/access/inputs.ts';
import { createMatrix } from '../../src/access/matrix.ts';
import { findRedundancy } from '../../src/access/redundancy.ts';
import { accountActions, allPairs, type PlainPair } from './brute-force.ts';
import { organizations, permissionLists } from './random-organization.ts';

const changes = organizations
  .chain((inputs) =>
    fc.record({
      inputs: fc.constant(inputs),
      change: fc.record({
        upserts: permissionLists(inputs.users, inputs.groups, inputs.nodes, inputs.assets),
        removals: fc.subarray(['permission-0', 'permission-5', 'gone']),
      }),
    }),
  )
  .map(({ inputs, change }) => ({
    inputs,
    // Some of the written permissions are new, some take the place of one that is there.
    change: { ...change, upserts: change.upserts.map((row, at) => ({ ...row, id: `permission-${at * 3 + 1}` })) },
  }));

describe('for random organisations', () => {
  test('an engine after a change equals an engine made of the changed inputs', () => {
    fc.assert(
      fc.property(changes, ({ inputs, change }) => {
        const changed = createMatrix(changePermissions(createAccessEngine(inputs), change));
        const anew = createMatrix(createAccessEngine(afterChange(inputs, change)));
        expect([...changed.all()]).toEqual([...anew.all()]);
      }),
      { numRuns: 200 },
    );
  });

  test('the impact equals the matrix after less the matrix before', () => {
    fc.assert(
      fc.property(changes, ({ inputs, change }) => {
        const impact = previewChange(createAccessEngine(inputs), change);
        const before = byKey(allPairs(inputs, inputs.asOf));
        const after = byKey(allPairs(afterChange(inputs, change), inputs.asOf));
        const gained = [...after.values()].filter((pair) => !before.has(keyOf(pair)));
        const lost = [...before.values()].filter((pair) => !after.has(keyOf(pair)));
        const kept = [...after.values()].flatMap((pair) => {
          const old = before.get(keyOf(pair));
          return old ? [{ old, pair }] : [];
        });
        const changed = kept.filter(({ old, pair }) => rightsOf(old) !== rightsOf(pair)).map(({ pair }) => pair);
        const touched = [...gained, ...lost, ...changed];
        expect(impact).toMatchObject({
          pairsGained: gained.length,
          pairsLost: lost.length,
          actionsWidened: kept.filter(({ old, pair }) => (pair.actions & ~old.actions) !== 0).length,
          usersAffected: new Set(touched.map(({ user }) => user)).size,
          assetsAffected: new Set(touched.map(({ asset }) => asset)).size,
        });
        expect(impact.sample.map((pair) => `${pair.user.id}/${pair.asset.id}`)).toEqual(gained.slice(0, 10).map(keyOf));
      }),
      { numRuns: 200 },
    );
  });

  test('without a redundant permission nobody loses a pair, an action, an account or a protocol', () => {
    let redundant = 0;
    fc.assert(
      fc.property(organizations.map(withAlikePermissions), (inputs) => {
        const engine = createAccessEngine(inputs);
        for (const grant of engine.grants) {
          if (!findRedundancy(engine, grant, inputs.asOf)) continue;
          redundant += 1;
          const without = afterChange(inputs, { removals: [grant.permission.id] });
          const rights = (reading: AccessInputs) =>
            allPairs(reading, inputs.asOf).map(({ user, asset, actions, protocols }) => ({
              user,
              asset,
              actions,
              protocols: protocols.includes('all') ? ['all'] : protocols,
              accounts: ['root', 'app', 'user-1', '@INPUT', '%template'].map((account) =>
                accountActions(reading, user, asset, account, inputs.asOf),
              ),
            }));
          expect(rights(without)).toEqual(rights(inputs));
        }
      }),
      { numRuns: 300, seed: 42 },
    );
    expect(redundant).toBeGreaterThan(20);
  });
});

/** Permissions that differ in few ways, so that some make others superfluous. */
function withAlikePermissions(inputs: AccessInputs): AccessInputs {
  const permissions = inputs.permissions.map((permission, at) => ({
    ...permission,
    actions: at % 2 === 0 ? 1 : 127,
    accounts: at % 3 === 0 ? ['root'] : ['@ALL', '@USER', ...permission.accounts.filter((rule) => rule === '!app')],
    protocols: at % 4 === 0 ? ['ssh'] : ['all'],
    expiresAt: at % 5 === 0 ? 4000 : null,
    isActive: true,
  }));
  return { ...inputs, permissions };
}

function afterChange(inputs: AccessInputs, { upserts = [], removals = [] }: PermissionChange): AccessInputs {
  const gone = new Set([...removals, ...upserts.map(({ id }) => id)]);
  return { ...inputs, permissions: [...inputs.permissions.filter(({ id }) => !gone.has(id)), ...upserts] };
}

function byKey(pairs: readonly PlainPair[]): Map<string, PlainPair> {
  return new Map(pairs.map((pair) => [keyOf(pair), pair]));
}

function keyOf({ user, asset }: PlainPair): string {
  return `${user}/${asset}`;
}

function rightsOf({ actions, accounts, protocols }: PlainPair): string {
  return JSON.stringify([actions, accounts, protocols]);
}
