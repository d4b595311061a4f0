import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue, type Field } from '../../src/generated/catalogue.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

let graph: TestGraph;
beforeAll(async () => {
  graph = await startGraph({ version: '4.10.16' });
  await graph.query('{ serverInfo { version } }');
});
afterAll(() => graph.close());

/** Lists that take more than one call: what is kept in several storages is asked of each, after the storages themselves. */
const CALLS: Readonly<Record<string, number>> = { commands: 3 };

/** Lists that this server refuses to its administrator: they want a licence or a later version, or commands are switched off. */
const REFUSED: Readonly<Record<string, string>> = {
  accountRisks: 'UNSUPPORTED_BY_SERVER',
  assetRisks: 'UNSUPPORTED_BY_SERVER',
  changeSecrets: 'UNSUPPORTED_BY_SERVER',
  changeSecretExecutions: 'UNSUPPORTED_BY_SERVER',
  changeSecretProgress: 'UNSUPPORTED_BY_SERVER',
  changeSecretRecords: 'UNSUPPORTED_BY_SERVER',
  checkAccounts: 'UNSUPPORTED_BY_SERVER',
  checkAccountExecutions: 'UNSUPPORTED_BY_SERVER',
  clipboardAcls: 'UNSUPPORTED_BY_SERVER',
  favoriteFolders: 'UNSUPPORTED_BY_SERVER',
  jobExecutions: 'FORBIDDEN',
  jobs: 'FORBIDDEN',
  savedReports: 'UNSUPPORTED_BY_SERVER',
};

/** Lists that no recording and no document of the sandbox's servers shows: it does not have them. */
const UNKNOWN = new Set([
  'accountCheckEngines',
  'chatPrompts',
  'appletHostDeployments',
  'appletPublications',
  'pushAccountRecords',
  'virtualAppPublications',
]);

function selectionOf(name: string, field: Field): string[] {
  if (field.kind !== 'value' || field.since !== undefined) return [];
  return [field.value === 'Choice' ? `${name} { value label }` : name];
}

const lists = Object.entries(catalogue.roots)
  .filter(([, { list }]) => list)
  .map(([root, { noun }]) => [root, Object.entries(catalogue.nouns[noun]?.fields ?? {})] as const);

describe('every list', () => {
  it.each(
    lists.filter(([root]) => !(root in REFUSED) && !UNKNOWN.has(root)),
  )('%s gives all its plain fields in one call, and its length alone too', async (root, fields) => {
    const plain = fields.flatMap(([name, field]) => selectionOf(name, field)).join(' ');
    const rows = await graph.query(`{ ${root}(first: 3) { totalCount nodes { id ${plain} } } }`);
    const lacking = rows.errors?.filter(({ extensions }) => extensions.code !== 'UNSUPPORTED_BY_SERVER') ?? [];
    expect(lacking).toEqual([]);
    expect(rows.extensions.upstream.calls).toBe(CALLS[root] ?? 1);
    const count = await graph.query(`{ ${root} { totalCount } }`);
    expect(count.data).toEqual({ [root]: { totalCount: expect.any(Number) } });
    expect(count.extensions.upstream.calls).toBe(CALLS[root] ?? 1);
  });

  it.each([
    '3.10.23',
    '4.9.0',
    '4.10.19',
  ] as const)('reads on %s in as many calls, or says what that server lacks', async (version) => {
    const other = await startGraph({ version });
    await other.query('{ serverInfo { version } }');
    for (const [root, fields] of lists) {
      const plain = fields.flatMap(([name, field]) => selectionOf(name, field)).join(' ');
      const { data, errors, extensions } = await other.query(
        `{ ${root}(first: 3) { totalCount nodes { id ${plain} } } }`,
      );
      const codes = new Set(errors?.map(({ extensions }) => extensions.code));
      codes.delete(REFUSED[root] ?? 'UNSUPPORTED_BY_SERVER');
      codes.delete('UNSUPPORTED_BY_SERVER');
      expect([root, ...codes]).toEqual([root]);
      if (data?.[root]) expect([root, extensions.upstream.calls]).toEqual([root, CALLS[root] ?? 1]);
    }
    await other.close();
  });

  it.each(Object.entries(REFUSED))('%s says why it is refused: %s', async (root, code) => {
    const { data, errors } = await graph.query(`{ ${root} { totalCount } }`);
    expect(data).toEqual({ [root]: null });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
  });
});
