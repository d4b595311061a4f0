import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toActionSet } from '../../src/access/actions.ts';
import { type AccessPair, checkAccess } from '../../src/access/check.ts';
import { createAccessEngine } from '../../src/access/engine.ts';
import type { MatrixFilter } from '../../src/access/filter.ts';
import { createMatrix } from '../../src/access/matrix.ts';
import { accountActions, allPairs, grantingPermissions, type PlainPair, pairOf } from './brute-force.ts';
import { instants, organizations } from './random-organization.ts';

const moments = fc.constantFrom(...instants, 1500, 2500, 3500);

describe('for random organisations', () => {
  test('every check and its paths equal the brute force', () => {
    fc.assert(
      fc.property(organizations, moments, (inputs, at) => {
        const engine = createAccessEngine(inputs);
        for (const user of inputs.users) {
          for (const asset of inputs.assets) {
            const decision = checkAccess(engine, user.id, asset.id, at);
            const wanted = pairOf(inputs, user.id, asset.id, at);
            expect(decision?.allowed).toBe(wanted !== undefined);
            if (!decision || !wanted) continue;
            expect(plain(decision)).toEqual(short(wanted));
            expect([...decision.accounts].sort()).toEqual(wanted.accounts);
            expect([...decision.protocols].sort()).toEqual(wanted.protocols);
            const paths = decision.paths.map(
              ({ permission, viaGroup, viaNode }) => `${permission.id}>${viaGroup?.id ?? '-'}>${viaNode?.id ?? '-'}`,
            );
            expect(paths.sort()).toEqual(wanted.paths);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('the whole matrix equals the brute force, pair by pair and in total', () => {
    fc.assert(
      fc.property(organizations, moments, (inputs, at) => {
        const matrix = createMatrix(createAccessEngine(inputs), { at });
        const wanted = allPairs(inputs, at).map(short);
        expect([...matrix.all()].map(plain)).toEqual(wanted);
        expect(matrix.total()).toBe(wanted.length);
      }),
      { numRuns: 200 },
    );
  });

  test('any filter selects exactly the pairs that satisfy it', () => {
    fc.assert(
      fc.property(organizations, filters(), (inputs, filter) => {
        const at = filter.at ?? inputs.asOf;
        const matrix = createMatrix(createAccessEngine(inputs), filter);
        const wanted = allPairs(inputs, at).filter((pair) => satisfies(inputs, pair, filter, at));
        expect([...matrix.all()].map(plain)).toEqual(wanted.map(short));
        expect(matrix.total()).toBe(wanted.length);
      }),
      { numRuns: 600 },
    );
  });

  test('an account is open for an action where a brute force says so, exclusions and own accounts included', () => {
    const questions = fc.record({
      account: fc.constantFrom('root', 'app', 'user-0', 'user-1', '@ALL', '@INPUT', '%template'),
      action: fc.constantFrom(undefined, 'connect' as const, 'upload' as const, 'share' as const),
    });
    let excluded = 0;
    fc.assert(
      fc.property(organizations, questions, (inputs, { account, action }) => {
        const matrix = createMatrix(createAccessEngine(inputs), { account, action });
        const mask = action ? toActionSet([action]) : 127;
        const pairs = allPairs(inputs, inputs.asOf);
        const wanted = pairs.filter(
          ({ user, asset }) => (accountActions(inputs, user, asset, account, inputs.asOf) & mask) !== 0,
        );
        expect([...matrix.all()].map(plain)).toEqual(wanted.map(short));
        excluded += pairs.some(({ accounts }) => accounts.includes(`!${account}`)) ? 1 : 0;
      }),
      { numRuns: 600 },
    );
    // About 65 of 600; far fewer would mean that exclusions are hardly tried.
    expect(excluded).toBeGreaterThan(20);
  });

  test('pages of any size, one after another, are the whole', () => {
    fc.assert(
      fc.property(organizations, fc.integer({ min: 1, max: 9 }), (inputs, first) => {
        const matrix = createMatrix(createAccessEngine(inputs));
        const collected: AccessPair[] = [];
        let page = matrix.page(first);
        for (;;) {
          expect(page.items.length).toBeLessThanOrEqual(first);
          collected.push(...page.items);
          const last = page.items.at(-1);
          if (!page.hasNextPage || !last) break;
          page = matrix.page(first, { user: last.user.id, asset: last.asset.id });
        }
        expect(collected.map(plain)).toEqual([...matrix.all()].map(plain));
      }),
      { numRuns: 200 },
    );
  });
});

test('a cursor on a user who is gone is refused', () => {
  const inputs = { organization: 'o', asOf: 1, users: [], groups: [], nodes: [], assets: [], permissions: [] };
  const matrix = createMatrix(createAccessEngine(inputs));
  expect(() => matrix.page(1, { user: 'gone', asset: 'gone' })).toThrow(
    expect.objectContaining({ code: 'BAD_CURSOR' }),
  );
});

function filters(): fc.Arbitrary<MatrixFilter> {
  const optional = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined, freq: 1 });
  const userId = fc.constantFrom('user-0', 'user-1', 'user-2', 'gone');
  const assetId = fc.constantFrom('asset-0', 'asset-1', 'asset-2', 'gone');
  return fc
    .record({
      user: optional(userId),
      userIn: optional(fc.uniqueArray(userId)),
      userGroup: optional(fc.constantFrom('group-0', 'group-1')),
      asset: optional(assetId),
      assetIn: optional(fc.uniqueArray(assetId)),
      node: optional(fc.constantFrom('node-1', 'node-1:1', 'node-1:0', 'gone')),
      category: optional(fc.constantFrom('host', 'database')),
      label: optional(fc.constantFrom('label-1', 'env', 'env:test')),
      action: optional(fc.constantFrom('connect' as const, 'share' as const)),
      account: optional(fc.constantFrom('root', 'app', 'user-1', '@INPUT', '%template')),
      wildcardOnly: optional(fc.boolean()),
      at: optional(moments),
    })
    .chain((filter) =>
      fc
        .subarray(Object.keys(filter), { maxLength: 3 })
        .map((keys): MatrixFilter => Object.fromEntries(Object.entries(filter).filter(([key]) => keys.includes(key)))),
    );
}

function satisfies(inputs: Parameters<typeof allPairs>[0], pair: PlainPair, filter: MatrixFilter, at: number): boolean {
  const user = inputs.users.find(({ id }) => id === pair.user);
  const asset = inputs.assets.find(({ id }) => id === pair.asset);
  const keys = asset?.nodes.map((id) => `${inputs.nodes.find((node) => node.id === id)?.key}:`) ?? [];
  const nodeKey = inputs.nodes.find(({ id }) => id === filter.node)?.key;
  const mask = filter.action ? toActionSet([filter.action]) : 127;
  const granting = grantingPermissions(inputs, pair.user, pair.asset, at)
    .map(({ permission }) => permission)
    .filter((permission) => !filter.action || (permission.actions & mask) !== 0);
  const { account } = filter;
  const names = (rules: readonly string[]) =>
    account === undefined
      ? !rules.includes('@ALL')
      : rules.includes(account) || (rules.includes('@USER') && user?.username === account);
  return (
    (filter.user === undefined || pair.user === filter.user) &&
    (filter.userIn === undefined || filter.userIn.includes(pair.user)) &&
    (filter.userGroup === undefined ||
      (inputs.groups.some(({ id }) => id === filter.userGroup) && user?.groups.includes(filter.userGroup) === true)) &&
    (filter.asset === undefined || pair.asset === filter.asset) &&
    (filter.assetIn === undefined || filter.assetIn.includes(pair.asset)) &&
    (filter.node === undefined || keys.some((key) => nodeKey !== undefined && key.startsWith(`${nodeKey}:`))) &&
    (filter.category === undefined || asset?.category === filter.category) &&
    (filter.label === undefined ||
      asset?.labels.some(({ id, name, value }) => [id, name, `${name}:${value}`].includes(filter.label ?? '')) ===
        true) &&
    granting.length > 0 &&
    (account === undefined || (accountActions(inputs, pair.user, pair.asset, account, at) & mask) !== 0) &&
    (!filter.wildcardOnly || !granting.some(({ accounts }) => names(accounts)))
  );
}

function plain(pair: AccessPair) {
  return { user: pair.user.id, asset: pair.asset.id, actions: pair.actions, expiresAt: pair.expiresAt };
}

function short({ user, asset, actions, expiresAt }: PlainPair) {
  return { user, asset, actions, expiresAt };
}
