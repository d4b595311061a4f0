import { describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { FAULTS, LEAKS, strike } from './faults.ts';

interface Row {
  readonly status: 'CREATED' | 'SKIPPED' | 'FAILED';
  readonly userErrors: readonly { readonly code: string }[];
}
interface Result {
  readonly importUsers: { readonly rows: readonly Row[]; readonly userErrors: readonly { code: string }[] } | null;
}

const IMPORT = `mutation ($input: ImportUsersInput!) {
  importUsers(input: $input) { rows { status userErrors { code } } userErrors { code } }
}`;
const NAMES = Array.from({ length: 60 }, (_, index) => `imported-${index}`);
const rows = NAMES.map((name) => ({ name, username: name, email: `${name}@example.org` }));
const input = { rows, onError: 'SKIP', idempotencyKey: 'the faults' };

const madeIn = (sandbox: Sandbox): readonly string[] =>
  (sandbox.exportState().tables['users'] ?? [])
    .map(({ username }) => String(username))
    .filter((name) => NAMES.includes(name));

/** Every code that tells of the import: of the whole, and of its rows. */
async function run(graph: TestGraph) {
  const answer = await graph.query<Result>(IMPORT, { input });
  expect(JSON.stringify(answer)).not.toMatch(LEAKS);
  const payload = answer.data?.importUsers;
  const told = payload?.rows ?? [];
  const codes = [
    ...(answer.errors ?? []).map(({ extensions }) => extensions.code),
    ...(payload?.userErrors ?? []).map(({ code }) => code),
    ...told.flatMap(({ userErrors }) => userErrors.map(({ code }) => code)),
  ];
  return { told, codes: [...new Set(codes)] };
}

const start = (sandbox: Sandbox): Promise<TestGraph> =>
  startGraph({ sandbox, config: { OPERATION_TIMEOUT: '6', JUMPSERVER_VERSION: '4.10.16' } });

describe.concurrent('an import', () => {
  it.each(FAULTS)('under $name loses no row and makes none twice, and the repeat ends it', async ({
    faults,
    rows: outcome,
  }) => {
    const sandbox = createSandbox({ throttle: false, assets: 20, users: 10, sessions: 20 });
    let graph = await start(sandbox);
    strike(sandbox, { path: /\/users\/users\//, method: 'POST' }, faults);
    const { told, codes } = await run(graph);
    const made = madeIn(sandbox);
    expect(new Set(made).size).toBe(made.length);
    for (const [index, { status, userErrors }] of told.entries()) {
      const isMade = made.includes(NAMES[index] ?? '');
      if (status === 'CREATED') expect(isMade).toBe(true);
      if (isMade && status !== 'CREATED') expect(userErrors.map(({ code }) => code)).toEqual(['OUTCOME_UNKNOWN']);
    }
    if (outcome === 'right') expect([codes, made.length]).toEqual([[], NAMES.length]);
    else {
      expect(codes.length).toBeGreaterThan(0);
      expect(outcome).toEqual(expect.arrayContaining(codes));
    }
    sandbox.faults.clear();
    await graph.close();
    graph = await start(sandbox);
    const again = await run(graph);
    expect(again.codes).toEqual([]);
    expect(again.told.map(({ status }) => status)).toEqual(
      NAMES.map((name) => (made.includes(name) ? 'SKIPPED' : 'CREATED')),
    );
    expect([...madeIn(sandbox)].sort()).toEqual([...NAMES].sort());
    await graph.close();
  });
});
