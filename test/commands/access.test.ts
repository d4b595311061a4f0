import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runDiff, runSnapshot } from '../../src/commands/access.ts';
import { toFailure } from '../../src/commands/act.ts';
import { writeSnapshot } from '../../src/commands/snapshot-files.ts';
import { createSandbox } from '../../src/sandbox/index.ts';
import { askSandbox, setUp } from './support.ts';

const DAY = 86_400_000;
const SYSTEM = '00000000-0000-0000-0000-000000000004';
const start = Date.now();
const clock = { now: start };
const sandbox = createSandbox({ throttle: false, users: 12, assets: 20, sessions: 1, now: () => clock.now });

interface Rows {
  readonly results: readonly { readonly id: string; readonly name: string }[];
}

describe('jumpgraph access', () => {
  it('keeps a day of access as a file, and tells who gained and who lost until another, by what, and who did it', async () => {
    clock.now = start;
    const stage = setUp(sandbox, { now: () => clock.now });
    await runSnapshot({ folder: stage.folder }, stage.surroundings);
    const { results: users } = await askSandbox<Rows>(sandbox, 'GET', '/users/users/?limit=100&fields=id,name');
    const { results: assets } = await askSandbox<Rows>(sandbox, 'GET', '/assets/assets/?limit=100&fields=id,name');
    const { results: grants } = await askSandbox<Rows>(
      sandbox,
      'GET',
      '/perms/asset-permissions/?limit=100&fields=id,name&is_valid=true',
    );
    clock.now = start + DAY;
    const [user, asset, lost] = [users[2], assets[5], grants[0]];
    const others = grants.slice(1, 4);
    await askSandbox(sandbox, 'POST', '/perms/asset-permissions/', {
      name: 'for the audit',
      users: [user?.id],
      assets: [asset?.id],
      accounts: ['@ALL'],
      actions: ['connect'],
      date_start: new Date(start).toISOString(),
    });
    for (const grant of [lost, ...others])
      await askSandbox(sandbox, 'DELETE', `/perms/asset-permissions/${grant?.id}/`);
    clock.now = start + 2 * DAY;
    await runSnapshot({ folder: stage.folder }, stage.surroundings);
    const [before = '', after = ''] = readdirSync(stage.folder)
      .filter((file) => file.endsWith('.gz'))
      .sort();
    expect(before).toBe(`${new Date(start).toISOString().slice(0, 10)}-default.jsonl.gz`);
    expect(statSync(join(stage.folder, before)).mode & 0o777).toBe(0o600);
    // Who works in another organisation by default is still told of this one.
    const elsewhere = setUp(sandbox, { environment: { JUMPSERVER_ORG: SYSTEM } });
    const code = await runDiff(
      {
        before: join(stage.folder, before),
        after: join(stage.folder, after),
        format: 'json',
        out: '-',
        withOperations: true,
      },
      elsewhere.surroundings,
    );
    const { sections, figures, range, madeBy, organization } = JSON.parse(elsewhere.output());
    expect([code, range.from]).toEqual([0, new Date(start).toISOString()]);
    expect([madeBy, organization]).toEqual(['Administrator (admin)', 'Default']);
    expect(sections.causes).toEqual(
      expect.arrayContaining([
        { kind: 'permission', name: 'for the audit', change: 'added', id: expect.any(String) },
        { kind: 'permission', name: lost?.name, change: 'removed', id: lost?.id },
      ]),
    );
    const gained = sections.gained.map((row: { user: string; asset: string }) => `${row.user} ${row.asset}`);
    expect(gained).toEqual([`${user?.name} ${asset?.name}`]);
    expect(sections.gained[0].change).toBe('permission for the audit: added');
    const removed = [lost, ...others].map((grant) => `permission ${grant?.name}: removed`);
    for (const { change } of sections.lost as { change: string }[])
      for (const part of change.split('; ')) expect(removed).toContain(part);
    expect(figures.lost).toBe(sections.lost.length);
    expect(sections.lost.length).toBeGreaterThan(0);
    const done = sections.operations.map(
      (row: { action: string; resource: string }) => `${row.action} ${row.resource}`,
    );
    expect(done).toEqual(expect.arrayContaining(['create for the audit', `delete ${lost?.name}`]));
  });

  it('refuses two organisations, and the later day before the earlier', async () => {
    const stage = setUp(sandbox);
    const write = (day: string, id: string) => {
      const inputs = {
        organization: id,
        asOf: Date.parse(day),
        users: [],
        groups: [],
        nodes: [],
        assets: [],
        permissions: [],
      };
      return writeSnapshot(stage.folder, { inputs, organizationName: id });
    };
    const [first, later, other] = [
      await write('2026-01-01', 'a'),
      await write('2026-01-02', 'a'),
      await write('2026-01-02', 'b'),
    ];
    const refused = (before: string, after: string) =>
      runDiff({ before, after, format: 'csv', out: '-', withOperations: false }, stage.surroundings).then(
        () => undefined,
        (error: unknown) => toFailure(error).text,
      );
    expect(await refused(first, later)).toBeUndefined();
    expect(await refused(first, other)).toContain('two organisations');
    expect(await refused(later, first)).toContain('earlier one first');
  });

  it.each([
    ['is not there', 'nothing.jsonl.gz', undefined, 3],
    ['is no snapshot', 'damaged.jsonl.gz', 'hello', 2],
  ])('says when a file %s', async (_name, file, content, exitCode) => {
    const stage = setUp(sandbox);
    const path = join(stage.folder, file);
    if (content !== undefined) writeFileSync(path, content);
    const command = { before: path, after: path, format: 'csv', out: '-', withOperations: false } as const;
    expect(await runDiff(command, stage.surroundings).then(() => undefined, toFailure)).toMatchObject({ exitCode });
  });
});
