import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccessPair } from '../../src/access/check.ts';
import { type AccessDiff, type DiffSide, diffAccess } from '../../src/access/diff.ts';
import { createAccessEngine } from '../../src/access/engine.ts';
import type { AccessInputs } from '../../src/access/inputs.ts';
import { allPairs, type PlainPair } from './brute-force.ts';
import { instants, organizations } from './random-organization.ts';

const moments = fc.constantFrom(...instants, 1500, 2500, 3500);

describe('for random organisations', () => {
  test('two moments differ by exactly the pairs that one matrix has and the other has not', () => {
    fc.assert(
      fc.property(organizations, moments, moments, (inputs, before, after) => {
        const engine = createAccessEngine(inputs);
        const diff = diffAccess({ engine, at: before }, { engine, at: after });
        expectDifference(diff, allPairs(inputs, before), allPairs(inputs, after));
      }),
      { numRuns: 200 },
    );
  });

  test('two readings with other users, assets, nodes and permissions differ by their matrices', () => {
    fc.assert(
      fc.property(organizations, organizations, (before, after) => {
        const [left, right] = [createAccessEngine(before), createAccessEngine(after)];
        const diff = diffAccess({ engine: left }, { engine: right });
        expectDifference(diff, allPairs(before, before.asOf), allPairs(after, after.asOf));
      }),
      { numRuns: 200 },
    );
  });

  test('two users differ by assets', () => {
    fc.assert(
      fc.property(organizations, moments, (inputs, at) => {
        const engine = createAccessEngine(inputs);
        const diff = diffAccess({ engine, user: 'user-0', at }, { engine, user: 'user-1', at });
        const rowOf = (user: string) => allPairs(inputs, at).filter((pair) => pair.user === user);
        expectDifference(diff, rowOf('user-0'), rowOf('user-1'), ({ asset }) => asset);
      }),
      { numRuns: 200 },
    );
  });

  test('two permissions differ by the pairs they give alone', () => {
    fc.assert(
      fc.property(organizations, moments, fc.nat(), fc.nat(), (inputs, at, one, other) => {
        const engine = createAccessEngine(inputs);
        const sideOf = (choice: number) => inputs.permissions[choice % inputs.permissions.length]?.id ?? '';
        const only = (permission: string): AccessInputs => ({
          ...inputs,
          permissions: inputs.permissions.filter(({ id }) => id === permission),
        });
        const [left, right] = [sideOf(one), sideOf(other)];
        const diff = diffAccess({ engine, permission: left, at }, { engine, permission: right, at });
        expectDifference(diff, allPairs(only(left), at), allPairs(only(right), at));
      }),
      { numRuns: 200 },
    );
  });

  test('pages of each list, one after another, are the whole list', () => {
    fc.assert(
      fc.property(organizations, moments, fc.integer({ min: 1, max: 5 }), (inputs, at, first) => {
        const engine = createAccessEngine(inputs);
        const { gained, changed } = diffAccess({ engine, at }, { engine });
        const pairs: AccessPair[] = [];
        for (let page = gained.page(first); ; ) {
          pairs.push(...page.items);
          const last = page.items.at(-1);
          if (!page.hasNextPage || !last) break;
          page = gained.page(first, { user: last.user.id, asset: last.asset.id });
        }
        expect(pairs).toEqual([...gained.all()]);
        expect(changed.page(1000).items).toEqual([...changed.all()]);
      }),
      { numRuns: 100 },
    );
  });
});

test('a user stands against a user only, and a side names one thing that exists', () => {
  const user = { id: 'u', name: 'U', username: 'u', isActive: true, isExpired: false, expiresAt: null, groups: [] };
  const engine = createAccessEngine({
    organization: 'o',
    asOf: 1,
    users: [user],
    groups: [],
    nodes: [],
    assets: [],
    permissions: [],
  });
  const refused: [Omit<DiffSide, 'engine'>, Omit<DiffSide, 'engine'>][] = [
    [{ user: 'u' }, {}],
    [{ user: 'u', permission: 'p' }, { user: 'u' }],
    [{ permission: 'gone' }, {}],
    [{ user: 'u' }, { user: 'gone' }],
  ];
  for (const [left, right] of refused) {
    expect(() => diffAccess({ engine, ...left }, { engine, ...right })).toThrow(
      expect.objectContaining({ code: 'BAD_SUBJECT' }),
    );
  }
});

function expectDifference(
  diff: AccessDiff,
  before: readonly PlainPair[],
  after: readonly PlainPair[],
  keyOf = ({ user, asset }: PlainPair) => `${user}/${asset}`,
) {
  const had = new Map(before.map((pair) => [keyOf(pair), pair]));
  const has = new Map(after.map((pair) => [keyOf(pair), pair]));
  const gained = after.filter((pair) => !had.has(keyOf(pair)));
  const lost = before.filter((pair) => !has.has(keyOf(pair)));
  const changed = after.flatMap((pair) => {
    const old = had.get(keyOf(pair));
    return old && rightsOf(old) !== rightsOf(pair) ? [{ before: short(old), after: short(pair) }] : [];
  });
  const plainChanges = [...diff.changed.all()].map((pair) => ({
    before: plain(pair.before),
    after: plain(pair.after),
  }));
  expect(sorted([...diff.gained.all()].map(plain))).toEqual(sorted(gained.map(short)));
  expect(sorted([...diff.lost.all()].map(plain))).toEqual(sorted(lost.map(short)));
  expect(sorted(plainChanges)).toEqual(sorted(changed));
  expect([diff.gained.total(), diff.lost.total(), diff.changed.total()]).toEqual([
    gained.length,
    lost.length,
    changed.length,
  ]);
}

function rightsOf({ actions, accounts, protocols }: PlainPair): string {
  return JSON.stringify([actions, accounts, protocols]);
}

function plain(pair: AccessPair) {
  return { user: pair.user.id, asset: pair.asset.id, actions: pair.actions, expiresAt: pair.expiresAt };
}

function short({ user, asset, actions, expiresAt }: PlainPair) {
  return { user, asset, actions, expiresAt };
}

function sorted<Item>(items: readonly Item[]): Item[] {
  return [...items].sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}
