import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph } from '../support/graph.ts';
import {
  type Callers,
  failure,
  list,
  mutate,
  type Named,
  NOBODY,
  refusals,
  startCallers,
  writesOf,
} from './support.ts';

interface Candidates {
  readonly suFromCandidates: {
    readonly totalCount: number;
    readonly nodes: readonly { name: string }[];
    readonly pageInfo?: { endCursor: string; hasNextPage: boolean };
  };
}

let callers: Callers;
let hosts: Named[];

beforeAll(async () => {
  callers = await startCallers();
  hosts = await list(callers.admin, 'assets(first: 4, filter: { category: HOST })', 'id uuid name');
});
afterAll(() => callers.close());
beforeEach(() => callers.admin.sandbox.clearLog());

let count = 0;
const name = () => {
  count += 1;
  return `acc-${count}`;
};
const create = async (more: object = {}): Promise<Named> => {
  const input = { asset: hosts[0]?.id, username: name(), secret: 'S3cret!', ...more };
  const payload = await mutate(callers.admin, 'createAccount', input, 'account { id uuid name username }');
  callers.admin.sandbox.clearLog();
  return payload.account as Named;
};

describe('createAccount', () => {
  it('creates an account in one write; its secret is nowhere in the answer', async () => {
    const input = { asset: hosts[0]?.id, username: name(), secret: 'S3cret!once', isPrivileged: true, comment: 'x' };
    const selection = 'account { name username secretType isPrivileged comment asset { id } }';
    const payload = await mutate(callers.admin, 'createAccount', input, selection);
    expect(payload.account).toEqual({
      name: input.username,
      username: input.username,
      secretType: 'PASSWORD',
      isPrivileged: true,
      comment: 'x',
      asset: { id: hosts[0]?.id },
    });
    expect(writesOf(callers.admin)).toEqual(['POST /api/v1/accounts/accounts/']);
    expect(JSON.stringify([payload, callers.admin.log])).not.toContain('S3cret!once');
  });

  it('tells a repeat, an unknown asset and what it may not switch from', async () => {
    const { username } = await create();
    const refused = async (more: object) => {
      const input = { asset: hosts[0]?.id, username: name(), ...more };
      return refusals(await mutate(callers.admin, 'createAccount', input, 'account { id }'));
    };
    expect(await refused({ username })).toEqual(['username DUPLICATE']);
    expect(await refused({ asset: NOBODY })).toEqual(['asset NOT_FOUND']);
    expect(await refused({ suFrom: NOBODY })).toEqual(['suFrom NOT_FOUND']);
    expect(await failure(callers.admin, 'createAccount', { asset: 'nonsense' })).toBe('BAD_USER_INPUT');
  });
});

describe('updateAccount', () => {
  it('changes what is given; a new secret counts up the version', async () => {
    const { id } = await create();
    const change = async (input: object) =>
      (await mutate(callers.admin, 'updateAccount', { id, ...input }, 'account { name isActive version }')).account;
    const before = (await change({ isActive: true })) as { name: string; version: number };
    const input = { name: name(), secret: 'an0ther', isActive: false };
    expect(await change(input)).toEqual({ name: input.name, isActive: false, version: before.version + 1 });
  });

  it('tells an unknown account and a name that is taken on the asset', async () => {
    const [first, second] = [await create(), await create()];
    const refused = async (input: object) =>
      refusals(await mutate(callers.admin, 'updateAccount', input, 'account { id }'));
    expect(await refused({ id: NOBODY, comment: 'x' })).toEqual(['id NOT_FOUND']);
    expect(await refused({ id: first.id, name: second.name })).toEqual(['name DUPLICATE']);
  });
});

describe('deleteAccounts', () => {
  it('deletes each by itself; a repeat is NOT_FOUND by place', async () => {
    const [first, second] = [await create(), await create()];
    const ids = [first.id, second.id];
    expect((await mutate(callers.admin, 'deleteAccounts', { ids }, 'deletedIds')).deletedIds).toEqual(ids);
    expect(refusals(await mutate(callers.admin, 'deleteAccounts', { ids }, 'deletedIds'))).toEqual([
      'ids.0 NOT_FOUND',
      'ids.1 NOT_FOUND',
    ]);
  });
});

describe('createAccounts', () => {
  const SELECTION = 'accounts { username asset { id } }';

  it('creates the same account on many assets in one write', async () => {
    const username = name();
    const input = { assets: hosts.map(({ id }) => id), username, secret: 'S3cret!' };
    const payload = await mutate(callers.admin, 'createAccounts', input, SELECTION);
    expect(payload.userErrors).toEqual([]);
    expect(payload.accounts).toEqual(hosts.map(({ id }) => ({ username, asset: { id } })));
    expect(writesOf(callers.admin)).toEqual(['POST /api/v1/accounts/accounts/bulk/']);
  });

  it('a repeat is DUPLICATE on each, or left alone with a warning where that is asked', async () => {
    const input = { assets: [hosts[0]?.id, hosts[1]?.id], username: name() };
    const first = await mutate(callers.admin, 'createAccounts', input, SELECTION);
    const again = await mutate(callers.admin, 'createAccounts', input, SELECTION);
    expect(again.accounts).toEqual([]);
    expect(refusals(again)).toEqual(['assets.0 DUPLICATE', 'assets.1 DUPLICATE']);
    const skipped = await mutate(callers.admin, 'createAccounts', { ...input, onInvalid: 'SKIP' }, SELECTION);
    expect(skipped).toMatchObject({ accounts: first.accounts, userErrors: [] });
    expect(skipped.warnings).toEqual([
      { code: 'ALREADY_THERE', path: ['assets', '0'] },
      { code: 'ALREADY_THERE', path: ['assets', '1'] },
    ]);
  });

  it('tells each asset that refuses this kind of secret, and creates the others', async () => {
    const [web] = await list(callers.admin, 'assets(first: 1, filter: { category: WEB })', 'id');
    const input = { assets: [web?.id, hosts[2]?.id], username: name(), secretType: 'SSH_KEY', secret: 'key' };
    const payload = await mutate(callers.admin, 'createAccounts', input, SELECTION);
    expect(payload.userErrors).toMatchObject([{ field: ['assets', '0'], code: 'INVALID', row: 0 }]);
    expect(payload.accounts).toEqual([{ username: input.username, asset: { id: hosts[2]?.id } }]);
  });

  it('an unknown asset is told by place and nothing is written', async () => {
    const input = { assets: [hosts[0]?.id, NOBODY], username: name() };
    expect(refusals(await mutate(callers.admin, 'createAccounts', input, SELECTION))).toEqual(['assets.1 NOT_FOUND']);
    expect(writesOf(callers.admin)).toEqual([]);
  });
});

describe('work on accounts', () => {
  it.each([
    'verifyAccounts',
    'pushAccounts',
  ])('%s answers the accounts and the task, in one write', async (mutation) => {
    const { id, uuid } = await create();
    const payload = await mutate(callers.admin, mutation, { ids: [id] }, 'accounts { uuid } taskId');
    expect(payload).toMatchObject({ accounts: [{ uuid }], taskId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(writesOf(callers.admin)).toEqual(['POST /api/v1/accounts/accounts/tasks/']);
  });

  it('clearAccountSecrets forgets the secret, as a reading of it shows', async () => {
    const { id, uuid } = await create();
    const payload = await mutate(callers.admin, 'clearAccountSecrets', { ids: [id] }, 'accounts { uuid }');
    expect(payload).toMatchObject({ accounts: [{ uuid }], userErrors: [] });
    const [row] = (callers.admin.sandbox.exportState().tables['accounts'] ?? []).filter((one) => one['id'] === uuid);
    expect(row?.['secret']).toBeNull();
  });

  it.each([
    'verifyAccounts',
    'pushAccounts',
    'clearAccountSecrets',
  ])('%s of an unknown account is told by place and not begun', async (mutation) => {
    const { id } = await create();
    expect(refusals(await mutate(callers.admin, mutation, { ids: [id, NOBODY] }, 'accounts { id }'))).toEqual([
      'ids.1 NOT_FOUND',
    ]);
    expect(refusals(await mutate(callers.admin, mutation, { ids: [] }, 'accounts { id }'))).toEqual(['ids REQUIRED']);
    expect(writesOf(callers.admin)).toEqual([]);
  });
});

describe('account templates', () => {
  const TEMPLATE = 'accountTemplate { id name username secretStrategy autoPush platforms { name } comment }';

  it('are created, changed and deleted', async () => {
    const input = { name: name(), username: 'svc', secretStrategy: 'RANDOM', autoPush: false, platforms: ['1'] };
    const created = await mutate(callers.admin, 'createAccountTemplate', input, TEMPLATE);
    expect(created.accountTemplate).toMatchObject({
      name: input.name,
      secretStrategy: 'RANDOM',
      platforms: [{ name: 'Linux' }],
    });
    const { id } = created.accountTemplate as Named;
    const changed = await mutate(callers.admin, 'updateAccountTemplate', { id, comment: 'y' }, TEMPLATE);
    expect(changed.accountTemplate).toEqual({ ...(created.accountTemplate as object), comment: 'y' });
    const gone = await mutate(callers.admin, 'deleteAccountTemplates', { ids: [id] }, 'deletedIds');
    expect(gone.deletedIds).toEqual([id]);
  });

  it('tell a repeat, an empty name and an unknown one', async () => {
    const input = { name: name(), secret: 'x' };
    await mutate(callers.admin, 'createAccountTemplate', input, TEMPLATE);
    const refused = async (mutation: string, given: object) =>
      refusals(await mutate(callers.admin, mutation, given, TEMPLATE));
    expect(await refused('createAccountTemplate', input)).toEqual(['name DUPLICATE']);
    expect(await refused('createAccountTemplate', { name: '' })).toEqual(['name REQUIRED']);
    expect(await refused('updateAccountTemplate', { id: NOBODY, comment: 'x' })).toEqual(['id NOT_FOUND']);
    const payload = await mutate(callers.admin, 'deleteAccountTemplates', { ids: [NOBODY] }, 'deletedIds');
    expect(refusals(payload)).toEqual(['ids.0 NOT_FOUND']);
  });
});

describe.each(SANDBOX_VERSIONS)('what follows a template, on JumpServer %s', (version) => {
  it('takes its secret by one write that names its task, as often as wanted', async () => {
    const graph = await startGraph({ version });
    const [host] = await list(graph, 'assets(first: 1, filter: { category: HOST })', 'id');
    const TEMPLATE = 'accountTemplate { id uuid }';
    const input = { name: 'followed', username: 'follower', secret: 'S3cret!one' };
    const { id, uuid } = (await mutate(graph, 'createAccountTemplate', input, TEMPLATE))['accountTemplate'] as Named;
    const more = version === '3.10.23' || version === '4.9.0' ? { username: 'follower' } : {};
    const account = { asset: host?.id, template: id, ...more };
    const made = (await mutate(graph, 'createAccount', account, 'account { uuid }'))['account'] as Named;
    await mutate(graph, 'updateAccountTemplate', { id, secret: 'S3cret!two' }, TEMPLATE);
    graph.sandbox.clearLog();
    for (let time = 0; time < 2; time++)
      expect(await mutate(graph, 'syncAccountTemplate', { id }, `taskId ${TEMPLATE}`)).toMatchObject({
        userErrors: [],
        taskId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        accountTemplate: { uuid },
      });
    expect(writesOf(graph)).toHaveLength(2);
    const rows = graph.sandbox.exportState().tables['accounts'] ?? [];
    expect(rows.find((row) => row.id === made.uuid)?.['secret']).toBe('S3cret!two');
    const nobody = await mutate(graph, 'syncAccountTemplate', { id: NOBODY }, TEMPLATE);
    expect(refusals(nobody)).toEqual(['id NOT_FOUND']);
    await graph.close();
  });

  it('a session can switch from the accounts of the other templates: two calls', async () => {
    const graph = await startGraph({ version });
    for (const name of ['one', 'two', 'three'])
      await mutate(graph, 'createAccountTemplate', { name, username: name }, 'accountTemplate { id }');
    const names = (await list(graph, 'accountTemplates(first: 50)', 'name')).map((one) => one.name);
    const { data, errors, extensions } = await graph.query<Record<string, { nodes: Candidates[] }>>(
      `{ accountTemplates(filter: { name: "two" }) { nodes {
         suFromCandidates(first: 50) { totalCount nodes { name } } } } }`,
    );
    expect(errors).toBeUndefined();
    const candidates = data['accountTemplates']?.nodes[0]?.suFromCandidates;
    expect(candidates?.totalCount).toBe(names.length - 1);
    expect(candidates?.nodes.map(({ name }) => name).sort()).toEqual(names.filter((name) => name !== 'two').sort());
    expect(extensions.upstream.calls).toBe(2);
    await graph.close();
  });

  it('candidates come in pages, each once', async () => {
    const graph = await startGraph({ version });
    for (const name of ['one', 'two', 'three', 'four'])
      await mutate(graph, 'createAccountTemplate', { name, username: name }, 'accountTemplate { id }');
    const read = async (after: string | null) => {
      const { data, errors } = await graph.query<Record<string, { nodes: Candidates[] }>>(
        `query($after: String) { accountTemplates(filter: { name: "two" }) { nodes {
           suFromCandidates(first: 2, after: $after) { totalCount nodes { name } pageInfo { endCursor hasNextPage } } } } }`,
        { after },
      );
      expect(errors).toBeUndefined();
      return data['accountTemplates']?.nodes[0]?.suFromCandidates;
    };
    const seen: string[] = [];
    let page = await read(null);
    const total = page?.totalCount ?? 0;
    for (let at = 0; at < 10 && page; at++) {
      seen.push(...page.nodes.map(({ name }) => name));
      page = page.pageInfo?.hasNextPage ? await read(page.pageInfo.endCursor) : undefined;
    }
    expect(seen).toHaveLength(total);
    expect(new Set(seen).size).toBe(total);
    await graph.close();
  });
});

describe('an ordinary user', () => {
  it.each([
    ['createAccount', () => ({ asset: hosts[0]?.id, username: 'x' })],
    ['updateAccount', (id: string) => ({ id, comment: 'x' })],
    ['deleteAccounts', (id: string) => ({ ids: [id] })],
    ['createAccounts', () => ({ assets: [hosts[0]?.id], username: 'x' })],
    ['verifyAccounts', (id: string) => ({ ids: [id] })],
    ['pushAccounts', (id: string) => ({ ids: [id] })],
    ['clearAccountSecrets', (id: string) => ({ ids: [id] })],
    ['revealAccountSecret', (id: string) => ({ id })],
    ['createAccountTemplate', () => ({ name: 'x' })],
    ['updateAccountTemplate', () => ({ id: NOBODY, name: 'x' })],
    ['deleteAccountTemplates', () => ({ ids: [NOBODY] })],
    ['syncAccountTemplate', () => ({ id: NOBODY })],
  ])('may not %s', async (mutation, toInput) => {
    const { id } = await create();
    expect(await failure(callers.user, mutation, toInput(id))).toBe('FORBIDDEN');
  });
});
