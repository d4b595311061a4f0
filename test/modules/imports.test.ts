import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Callers, mutate, startCallers, writesOf } from './support.ts';

let callers: Callers;
beforeAll(async () => {
  callers = await startCallers();
});
afterAll(() => callers.close());
beforeEach(() => {
  callers.admin.sandbox.clearLog();
  callers.admin.sandbox.faults.clear();
});

interface ImportRow {
  readonly row: number;
  readonly status: string;
  readonly id: string | null;
  readonly userErrors: readonly { readonly field: string[]; readonly code: string; readonly message: string }[];
}
interface Result {
  readonly created: number;
  readonly skipped: number;
  readonly failed: number;
  readonly rows: readonly ImportRow[];
}
const WHOLE = 'created skipped failed rows { row status id userErrors { field code message } }';
const run = async (name: string, input: object, graph = callers.admin) =>
  (await mutate(graph, name, input, WHOLE)) as unknown as Result & Awaited<ReturnType<typeof mutate>>;
const counts = ({ created, skipped, failed }: Result) => ({ created, skipped, failed });

let count = 0;
const host = (more: object = {}) => {
  count += 1;
  return { name: `import-${count}`, address: `10.9.${count >> 8}.${count & 255}`, platform: 'Linux', ...more };
};
const key = () => {
  count += 1;
  return `key-${count}`;
};

describe('importAssets', () => {
  it('writes assets of several categories, and their accounts after them', async () => {
    const rows = [
      host({ accounts: [{ username: 'root', secret: 'Pa55-word', isPrivileged: true }, { username: 'app' }] }),
      { name: 'import-db', address: '10.9.0.1', platform: 'MySQL', database: { name: 'orders' } },
      { name: 'import-site', address: 'https://site.example', platform: 'Website', category: 'WEB' },
    ];
    const result = await run('importAssets', { rows, idempotencyKey: key() });
    expect(counts(result)).toEqual({ created: 3, skipped: 0, failed: 0 });
    expect(writesOf(callers.admin)).toEqual([
      'POST /api/v1/assets/hosts/',
      'POST /api/v1/assets/databases/',
      'POST /api/v1/assets/webs/',
      'POST /api/v1/accounts/accounts/',
    ]);
  });
});
