import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_PASSWORD, SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
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

const KEY = 'accessKey { id uuid isActive ipGroup createdAt } secret';
const CREATE_KEY = `mutation($input: CreateAccessKeyInput!) { createAccessKey(input: $input) { ${KEY} userErrors { field code } } }`;

interface Asked {
  readonly challenge: string;
  readonly methods: readonly string[];
}
const askForKey = async (graph: TestGraph) => {
  const { errors } = await graph.query(CREATE_KEY, { input: {} });
  expect(errors?.[0]?.extensions.code).toBe('CONFIRMATION_REQUIRED');
  return errors?.[0]?.extensions['confirmation'] as Asked;
};
const confirm = async (graph: TestGraph, challenge: string, value: string) => {
  const payload = await mutate(graph, 'confirm', { challenge, type: 'password', value }, 'challenge');
  return payload as unknown as { challenge: string | null; userErrors: object[] };
};
const createKey = async (graph: TestGraph) => {
  const { challenge } = await askForKey(graph);
  const proof = await confirm(graph, challenge, SANDBOX_PASSWORD);
  return mutate(graph, 'createAccessKey', { challenge: proof.challenge }, KEY);
};
const told = ({ log }: TestGraph) => JSON.stringify(log);

describe('a challenge', () => {
  const KEYS = { SEAL_KEY: 'f0rty-characters-that-nobody-could-guess' };
  const startTwo = async (config: Record<string, string>) => {
    const one = await startGraph({ config });
    const other = await startGraph({ config, sandbox: one.sandbox });
    return { one, other, close: () => Promise.all([one.close(), other.close()]) };
  };

  it('opens in every instance with the same SEAL_KEY, so also after a restart; the key is in no log', async () => {
    const { one, other, close } = await startTwo(KEYS);
    const { challenge } = await askForKey(one);
    const proof = await confirm(other, challenge, SANDBOX_PASSWORD);
    const payload = await mutate(one, 'createAccessKey', { challenge: proof.challenge }, KEY);
    expect(payload).toMatchObject({ userErrors: [], accessKey: { isActive: true } });
    expect(told(one) + told(other)).not.toContain(KEYS.SEAL_KEY);
    await close();
  });

  it('opens for its own caller alone, whichever the instance', async () => {
    const { one, other, close } = await startTwo(KEYS);
    const { challenge } = await askForKey(one);
    const headers = { authorization: 'Bearer sandbox-user' };
    const document = 'mutation($input: ConfirmInput!) { confirm(input: $input) { challenge } }';
    const input = { challenge, type: 'password', value: SANDBOX_PASSWORD };
    const { errors } = await other.query(document, { input }, { headers });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    await close();
  });

  it('does not open in another instance without one', async () => {
    const { one, other, close } = await startTwo({});
    const { challenge } = await askForKey(one);
    await expect(confirm(other, challenge, SANDBOX_PASSWORD)).rejects.toThrow('BAD_USER_INPUT');
    await close();
  });
});

describe.each(SANDBOX_VERSIONS)('credentials on JumpServer %s', (version) => {
  let graph: TestGraph;
  beforeAll(async () => {
    graph = await startGraph({ version });
  });
  afterAll(() => graph.close());

  it('an access key comes after a confirmation, is switched off and deleted', async () => {
    const payload = await createKey(graph);
    expect(payload).toMatchObject({ userErrors: [], accessKey: { isActive: true, ipGroup: ['*'] } });
    const { id } = payload['accessKey'] as Named;
    const input = { id, isActive: false, ipGroup: ['10.0.0.0/8'] };
    const changed = await mutate(graph, 'updateAccessKey', input, 'accessKey { id isActive ipGroup }');
    expect(changed).toMatchObject({ userErrors: [], accessKey: input });
    expect((await mutate(graph, 'deleteAccessKey', { id }, 'deletedIds'))['deletedIds']).toEqual([id]);
    expect(refusals(await mutate(graph, 'deleteAccessKey', { id }, 'deletedIds'))).toEqual(['id NOT_FOUND']);
  });

  it('a temporary password signs in, and does not once it is ended', async () => {
    const { secret, tempToken } = await mutate(
      graph,
      'createTempToken',
      {},
      'secret tempToken { id username isValid }',
    );
    expect(secret).toMatch(/^\S{16,}$/);
    expect(tempToken).toMatchObject({ username: 'admin', isValid: true });
    const { id } = tempToken as Named;
    const ended = await mutate(graph, 'expireTempToken', { id }, 'tempToken { id isValid }');
    expect(ended).toMatchObject({ userErrors: [], tempToken: { id, isValid: false } });
    expect(told(graph)).not.toContain(secret);
  });
});

describe('createAccessKey', () => {
  let callers: Callers;
  beforeAll(async () => {
    callers = await startCallers();
  });
  afterAll(() => callers.close());
  beforeEach(() => callers.user.sandbox.clearLog());

  it('asks for the password, refuses a wrong one, and tells the secret once', async () => {
    const { challenge, methods } = await askForKey(callers.user);
    expect(methods).toEqual(['password']);
    expect(await confirm(callers.user, challenge, 'wrong')).toMatchObject({
      challenge: null,
      userErrors: [{ field: ['value'], code: 'INVALID' }],
    });
    const { accessKey, secret } = await createKey(callers.user);
    expect(secret).toMatch(/^\S{32,}$/);
    const rows = await list<Named>(callers.user, 'accessKeys(first: 10)', 'id');
    expect(rows.map(({ id }) => id)).toContain((accessKey as Named).id);
    expect(told(callers.user)).not.toContain(secret);
  });

  it('takes the proof of a caller with a cookie, who stays who they are', async () => {
    const cookie = 'jms_sessionid=sandbox-user; jms_csrftoken=t';
    const headers = { authorization: '', cookie, 'x-csrftoken': 't' };
    const asked = await callers.user.query(CREATE_KEY, { input: {} }, { headers });
    const { challenge } = asked.errors?.[0]?.extensions['confirmation'] as Asked;
    const input = { challenge, type: 'password', value: SANDBOX_PASSWORD };
    const document = 'mutation($input: ConfirmInput!) { confirm(input: $input) { challenge } }';
    const { data } = await callers.user.query<{ confirm: Asked }>(document, { input }, { headers });
    const made = await callers.user.query(CREATE_KEY, { input: data.confirm }, { headers });
    expect(made.data['createAccessKey']).toMatchObject({ secret: expect.any(String), userErrors: [] });
    const viewer = await callers.user.query('{ viewer { user { username } } }', {}, { headers });
    expect(viewer.data).toEqual({ viewer: { user: { username: 'user' } } });
  });

  it('tells whether a challenge holds, to its owner alone', async () => {
    const HOLDS = 'query($challenge: String!) { viewer { isConfirmed(challenge: $challenge) } }';
    const holds = async (graph: TestGraph, challenge: string | null) => {
      const { data, errors } = await graph.query<{ viewer: { isConfirmed: boolean | null } }>(HOLDS, { challenge });
      return errors?.[0]?.extensions.code ?? data.viewer.isConfirmed;
    };
    const { challenge } = await askForKey(callers.user);
    expect(await holds(callers.user, challenge)).toBe(false);
    const proof = await confirm(callers.user, challenge, SANDBOX_PASSWORD);
    callers.user.sandbox.clearLog();
    expect(await holds(callers.user, proof.challenge)).toBe(true);
    expect(callers.user.sandbox.log).toHaveLength(1);
    expect(await holds(callers.admin, proof.challenge)).toBe('BAD_USER_INPUT');
    expect(await holds(callers.user, 'nonsense')).toBe('BAD_USER_INPUT');
  });

  it('is sent once, without the proof of somebody else', async () => {
    const { challenge } = await askForKey(callers.user);
    expect(writesOf(callers.user)).toEqual(['POST /api/v1/authentication/access-keys/']);
    const proof = await confirm(callers.user, challenge, SANDBOX_PASSWORD);
    expect(await failure(callers.admin, 'createAccessKey', { challenge: proof.challenge })).toBe('BAD_USER_INPUT');
  });

  it('stops at ten', async () => {
    const one = async () => refusals(await createKey(callers.user));
    const all: string[][] = [];
    while (all.length < 11 && all.at(-1)?.length !== 1) all.push(await one());
    expect(all.at(-1)).toEqual([' INVALID']);
    expect(await list(callers.user, 'accessKeys(first: 20)', 'id')).toHaveLength(10);
  });

  it('makes keys that are their owner’s alone', async () => {
    const [key] = await list(callers.user, 'accessKeys(first: 1)', 'id');
    for (const [name, input] of [
      ['updateAccessKey', { id: key?.id, isActive: false }],
      ['deleteAccessKey', { id: key?.id }],
    ] as const)
      expect(
        refusals(await mutate(callers.admin, name, input, name.startsWith('d') ? 'deletedIds' : 'accessKey { id }')),
      ).toEqual(['id NOT_FOUND']);
  });
});

describe('createConnectionToken', () => {
  let callers: Callers;
  let asset: string;
  let account: Named;
  beforeAll(async () => {
    callers = await startCallers();
    const { data } = await callers.user.query<{ viewer: { user: { id: string } } }>('{ viewer { user { id } } }');
    const [host] = await list(callers.admin, 'assets(first: 1, filter: { category: HOST })', 'id');
    asset = host?.id ?? '';
    const made = await mutate(
      callers.admin,
      'createAccount',
      { asset, username: 'door', secret: 'x' },
      'account { id uuid }',
    );
    account = made['account'] as Named;
    const grant = {
      name: 'door',
      users: [data.viewer.user.id],
      assets: [asset],
      accounts: ['door'],
      actions: ['CONNECT'],
    };
    expect((await mutate(callers.admin, 'grantPermission', grant, 'permission { id }')).userErrors).toEqual([]);
  });
  afterAll(() => callers.close());
  beforeEach(() => callers.user.sandbox.clearLog());

  const TOKEN = 'value connectionToken { id asset { id } accountText protocol connectMethod isReusable }';
  const create = (graph: TestGraph, more: object = {}) =>
    mutate(
      graph,
      'createConnectionToken',
      { asset, account: account.id, protocol: 'ssh', connectMethod: 'web_cli', ...more },
      TOKEN,
    );

  it('tells its value once, by either form of the account’s id, in one write', async () => {
    const payload = await create(callers.user);
    expect(payload).toMatchObject({
      userErrors: [],
      connectionToken: {
        asset: { id: asset },
        accountText: account.uuid,
        protocol: 'ssh',
        connectMethod: 'web_cli',
        isReusable: false,
      },
    });
    expect(payload['value']).toMatch(/^\S{8,}$/);
    expect(writesOf(callers.user)).toEqual(['POST /api/v1/authentication/connection-token/']);
    expect((await create(callers.user, { account: account.uuid })).userErrors).toEqual([]);
    expect(told(callers.user)).not.toContain(payload['value']);
  });

  it('is ended before its time', async () => {
    const { id } = (await create(callers.user))['connectionToken'] as Named;
    const ended = await mutate(callers.user, 'expireConnectionToken', { id }, 'connectionToken { id isActive }');
    expect(ended).toMatchObject({ userErrors: [], connectionToken: { id, isActive: false } });
  });

  it('is not for an account that no permission opens, and nobody else’s is ended', async () => {
    expect(refusals(await create(callers.user, { account: '@INPUT' }))).toEqual(['account NOT_FOUND']);
    expect(refusals(await create(callers.admin))).toEqual(['account NOT_FOUND']);
    const nobody = await mutate(callers.user, 'expireConnectionToken', { id: NOBODY }, 'connectionToken { id }');
    expect(refusals(nobody)).toEqual(['id NOT_FOUND']);
  });
});
