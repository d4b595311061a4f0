import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toActionSet } from '../../src/access/actions.ts';
import { createAccessEngine } from '../../src/access/engine.ts';
import type { AccessInputs } from '../../src/access/inputs.ts';
import type { Section } from '../../src/reports/document.ts';
import { toPermissionAuditDocument } from '../../src/reports/documents/permission-audit.ts';
import type { SessionFact } from '../../src/reports/facts.ts';
import { parseFailOn } from '../../src/reports/fail-on.ts';
import { findUnusedParts } from '../../src/reports/least-privilege.ts';
import { AUDIT_SECTIONS, auditPermissions } from '../../src/reports/permission-audit.ts';
import { lastUtcDays } from '../../src/reports/range.ts';
import { createSessionUsage } from '../../src/reports/usage.ts';
import { allPairs } from '../access/brute-force.ts';
import { organizations } from '../access/random-organization.ts';
import { company, permission, today } from '../access/small-company.ts';

const range = lastUtcDays(90, today);

describe('the audit of a small company', () => {
  const audit = auditOf(
    {
      ...company,
      permissions: [
        ...company.permissions,
        permission('all', { users: ['ann'], nodes: ['firm'], startsAt: null, expiresAt: today + 5 * 86_400_000 }),
        permission('all-again', { users: ['ann'], nodes: ['firm'], startsAt: null, expiresAt: today + 5 * 86_400_000 }),
        permission('inside', { users: ['ann'], assets: ['web'], expiresAt: today + 2 * 86_400_000 }),
        permission('app', {
          users: ['cem'],
          assets: ['attic'],
          accounts: ['app', 'root'],
          actions: toActionSet(['share']),
        }),
        permission('alone', { userGroups: ['nobody'], assets: ['web'] }),
        permission('nowhere', { users: ['ann'] }),
      ],
    },
    [session('cem', 'attic', today - 86_400_000, 'app'), session('ann', 'web', range.from - 1, 'app')],
  );

  test.each([
    ['expired', { over: 'EXPIRED' }],
    ['expiring', { all: 'EXPIRING', 'all-again': 'EXPIRING', inside: 'EXPIRING' }],
    ['neverExpiring', { contract: 'NEVER_EXPIRES' }],
    ['redundant', { all: 'DUPLICATE', 'all-again': 'DUPLICATE', inside: 'SHADOWED' }],
    ['shadowed', { inside: 'SHADOWED' }],
    [
      'overBroad',
      { all: 'ROOT_NODE_ALL_ACCOUNTS', 'all-again': 'ROOT_NODE_ALL_ACCOUNTS', off: 'ROOT_NODE_ALL_ACCOUNTS' },
    ],
    ['withoutSubject', { alone: 'EMPTY_GROUPS' }],
    ['withoutResource', { nowhere: 'NO_RESOURCE' }],
    ['unusedAccounts', { app: 'ACCOUNTS_NOT_USED' }],
  ] as const)('%s lists %j', (section, wanted) => {
    expect(Object.fromEntries(audit[section].map((found) => [found.permission.id, found.reason]))).toEqual(wanted);
  });

  test('what ends soon stands by who granted it, the next to end first', () => {
    const soon = (id: string, createdBy: string, days: number) =>
      permission(id, { users: ['ann'], assets: ['web'], createdBy, expiresAt: today + days * 86_400_000 });
    const permissions = [soon('a', 'zoe', 3), soon('b', 'ada', 9), soon('c', 'ada', 2), soon('d', 'zoe', 1)];
    const { expiring } = auditOf({ ...company, permissions }, []);
    expect(expiring.map((found) => found.permission.id)).toEqual(['c', 'b', 'd', 'a']);
  });

  test('unused are those without a session of any pair in the 90 days, valid or not', () => {
    expect(audit.unused.map((found) => found.permission.id)).toEqual([
      'all',
      'all-again',
      'alone',
      'ann-root',
      'inside',
      'nowhere',
      'operate',
      'over',
    ]);
    expect(audit.unused[0]?.detail).toBe('No session from 2026-03-18 to 2026-06-15');
  });

  test('a pipeline is told what to fail on in words of the audit', () => {
    expect(parseFailOn('expired, never-expiring,without-subject').map(({ section }) => section)).toEqual([
      'expired',
      'neverExpiring',
      'withoutSubject',
    ]);
    expect(parseFailOn('unused:90')).toEqual([{ section: 'unused', days: 90 }]);
    for (const wrong of ['used', 'expired:3', 'unused:0', '']) expect(() => parseFailOn(wrong)).toThrow(RangeError);
  });

  test('every section of the graph is there', () => {
    expect(Object.keys(audit)).toEqual(expect.arrayContaining([...AUDIT_SECTIONS]));
  });
});

test('of a used permission, the users and assets without a session are named', () => {
  const usage = createSessionUsage(range);
  usage.add(session('ann', 'web', today - 1000, 'app'));
  const parts = [...findUnusedParts(createAccessEngine(company), usage)];
  expect(parts.map(({ permission, users, assets }) => [permission.id, names(users), names(assets)])).toEqual([
    ['operate', ['ben'], ['orders']],
  ]);
});

test('the audit can be handed in as a document with the words of the graph', () => {
  const usage = createSessionUsage(range);
  const engine = createAccessEngine(company);
  const document = toPermissionAuditDocument(auditPermissions(engine, usage), 'Firm', findUnusedParts(engine, usage));
  expect(document.sections.map(({ key }) => key)).toEqual([...AUDIT_SECTIONS, 'unusedAccounts', 'unusedParts']);
  expect(document.figures.find(({ key }) => key === 'unused')?.value).toBe(5);
  expect(rowsOf(document.sections[0])).toMatchObject([{ permission: 'over', reason: 'EXPIRED', actions: 'connect' }]);
});

test('for random organisations and sessions, unused equals a count by brute force', () => {
  const sessions = fc.array(
    fc.record({
      user: fc.constantFrom('user-0', 'user-1', 'user-2', 'user-3', 'gone'),
      asset: fc.nat(40).map((at) => `asset-${at}`),
      startedAt: fc.integer({ min: 0, max: 4000 }),
    }),
    { maxLength: 12, size: 'max' },
  );
  const period = { from: 1000, to: 3000 };
  fc.assert(
    fc.property(organizations, sessions, (inputs, used) => {
      const usage = createSessionUsage(period);
      for (const { user, asset, startedAt } of used) usage.add(session(user, asset, startedAt, 'root'));
      const audit = auditPermissions(createAccessEngine(inputs), usage);
      const inRange = used.filter(({ startedAt }) => startedAt >= 1000 && startedAt < 3000);
      const wanted = inputs.permissions.filter((row) => {
        const alone = { ...row, isActive: true, startsAt: null, expiresAt: null };
        const pairs = allPairs({ ...inputs, permissions: [alone] }, 0);
        return !pairs.some(({ user, asset }) => inRange.some((one) => one.user === user && one.asset === asset));
      });
      expect(audit.unused.map((found) => found.permission.id).sort()).toEqual(wanted.map(({ id }) => id).sort());
      expect(audit.sessions).toBe(inRange.length);
    }),
    { numRuns: 200 },
  );
});

function rowsOf(section: Section | undefined): unknown[] {
  return section && Symbol.iterator in section.rows ? [...section.rows] : [];
}

function names(rows: readonly { readonly name: string }[]): string[] {
  return rows.map(({ name }) => name);
}

function auditOf(inputs: AccessInputs, sessions: readonly SessionFact[]) {
  const usage = createSessionUsage(range);
  for (const one of sessions) usage.add(one);
  return auditPermissions(createAccessEngine(inputs), usage);
}

function session(userId: string, assetId: string, startedAt: number, account: string): SessionFact {
  return {
    id: `${userId} ${assetId} ${startedAt}`,
    userId,
    userText: userId,
    assetId,
    assetText: assetId,
    account,
    protocol: 'ssh',
    loginSource: 'ST',
    loginSourceLabel: 'SSH Terminal',
    isSuccess: true,
    startedAt,
    durationSeconds: 60,
  };
}
