import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentCode, SANDBOX_PASSWORD } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { type Callers, list, mutate, type Named, startCallers } from './support.ts';

interface Person {
  readonly id: string;
  readonly username: string;
  /** The key of the second factor, where one is bound. */
  readonly secret: string | undefined;
  readonly isActive: boolean;
}

let callers: Callers;
let people: Person[];
let reviewed: Person | undefined;
let factored: Person | undefined;

beforeAll(async () => {
  callers = await startCallers();
  const { tables } = callers.admin.sandbox.exportState();
  people = (tables['users'] ?? []).map((row) => ({
    id: String(row['id']),
    username: String(row['username']),
    secret: typeof row['otp_secret'] === 'string' ? row['otp_secret'] : undefined,
    isActive: row['is_active'] === true,
  }));
  const [acl] = (tables['login-acls'] ?? []).filter((row) => row['action'] === 'review');
  const caught = (acl?.['users'] as { ids: string[] }).ids;
  const active = people.filter((person) => person.isActive);
  reviewed = active.find(({ id, secret }) => caught.includes(id) && secret === undefined);
  factored = active.find(({ id, secret }) => !caught.includes(id) && secret !== undefined);
});
afterAll(() => callers.close());

const LOGIN = `__typename
  ... on LoginSuccess { token keyword expiresAt user { username } }
  ... on MfaRequired { challenge methods }
  ... on LoginReviewRequired { challenge state ticketUuid }`;

interface LoginResult {
  readonly __typename: string;
  readonly token: string;
  readonly challenge: string;
  readonly [name: string]: unknown;
}

const sign = async (graph: TestGraph, name: 'login' | 'verifyMfa', input: object, selection = LOGIN) => {
  const type = name === 'login' ? 'LoginInput' : 'VerifyMfaInput';
  const document = `mutation($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
  const { data, errors } = await graph.query<Record<string, LoginResult | null>>(document, { input }, NOBODY);
  return { result: data?.[name] as LoginResult, error: errors?.[0] };
};

/** A caller without credentials. */
const NOBODY = { headers: { authorization: '' } };
const codeOf = (person: Person | undefined) => currentCode(person?.secret ?? '', Date.now());
const enter = (person: Person | undefined) => ({ username: person?.username, password: SANDBOX_PASSWORD });

describe('login', () => {
  it('answers a token that works, until when, and who signed in', async () => {
    const { result } = await sign(callers.user, 'login', { username: 'admin', password: SANDBOX_PASSWORD });
    expect(result).toMatchObject({ __typename: 'LoginSuccess', keyword: 'Bearer', user: { username: 'admin' } });
    expect(result['expiresAt']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const { data } = await callers.user.query<{ viewer: object }>('{ viewer { user { username } } }', undefined, {
      headers: { authorization: `Bearer ${result.token}` },
    });
    expect(data.viewer).toEqual({ user: { username: 'admin' } });
  });

  it('reads the user’s relations as who has just signed in', async () => {
    const input = { username: 'admin', password: SANDBOX_PASSWORD };
    const selection =
      '... on LoginSuccess { user { username hasPublicKeys sessions(first: 1) { totalCount } groups { usersCount } } }';
    const { result, error } = await sign(callers.user, 'login', input, selection);
    expect(error).toBeUndefined();
    expect(result['user']).toMatchObject({ hasPublicKeys: false, sessions: { totalCount: expect.any(Number) } });
  });

  it.each([
    ['a wrong password', () => ({ username: 'admin', password: 'wrong' }), 'password_failed'],
    ['nobody', () => ({ username: 'nobody', password: 'wrong' }), 'password_failed'],
    ['somebody who is switched off', () => enter(people.find(({ isActive }) => !isActive)), 'password_failed'],
  ])('%s is UNAUTHENTICATED, with JumpServer’s reason', async (_name, input, reason) => {
    const { result, error } = await sign(callers.user, 'login', input());
    expect(result).toBeNull();
    expect(error?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason });
  });

  it('too many failures lock the user out', async () => {
    const graph = await startGraph();
    const input = { username: 'admin', password: 'wrong' };
    for (let i = 0; i < 7; i += 1) await sign(graph, 'login', input);
    const { error } = await sign(graph, 'login', { ...input, password: SANDBOX_PASSWORD });
    expect(error?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'block_login' });
    await graph.close();
  });

  it('guesses are one a request: several in one operation are refused before the first, under whatever names', async () => {
    const guess = (password: string) => `login(input: { username: "admin", password: "${password}" }) { __typename }`;
    const document = `mutation { a: ${guess('one')} ...B } fragment B on Mutation { b: ${guess('two')} }`;
    callers.user.sandbox.clearLog();
    const { errors } = await callers.user.query(document, undefined, NOBODY);
    expect(errors?.map(({ message, extensions }) => [message, extensions.code])).toEqual([
      ['The operation has 2 fields that prove who somebody is; 1 are allowed.', 'COST_LIMIT'],
    ]);
    expect(callers.user.sandbox.log).toEqual([]);
  });

  it('guesses do not come in batches, where these are taken', async () => {
    const graph = await startGraph({ config: { MAX_BATCH: '3' } });
    const query = 'mutation { login(input: { username: "admin", password: "wrong-one" }) { __typename } }';
    const headers = { 'content-type': 'application/json' };
    const codes = async (...batch: readonly object[]) => {
      const answer = await fetch(`${graph.url}/graphql`, { method: 'POST', headers, body: JSON.stringify(batch) });
      const told = (await answer.json()) as { errors?: { extensions: { code: string } }[] }[];
      return told.map(({ errors }) => errors?.[0]?.extensions.code);
    };
    expect(await codes({ query }, { query: '{ __typename }' }, { query })).toEqual([
      'COST_LIMIT',
      undefined,
      'COST_LIMIT',
    ]);
    expect(await codes({ query })).toEqual(['UNAUTHENTICATED']);
    expect(graph.sandbox.log.filter(({ path }) => path.endsWith('/authentication/auth/'))).toHaveLength(1);
    await graph.close();
  });

  it('a server that fails is not the caller’s fault', async () => {
    const undo = callers.admin.sandbox.faults.add({
      path: '/authentication/auth/',
      fault: { kind: 'html', status: 500 },
    });
    const { error } = await sign(callers.user, 'login', { username: 'admin', password: SANDBOX_PASSWORD });
    undo();
    expect(error?.extensions.code).toBe('UPSTREAM_UNAVAILABLE');
  });

  it('neither password nor token is logged', () => {
    expect(JSON.stringify([callers.admin.log, callers.user.log])).not.toContain(SANDBOX_PASSWORD);
  });
});

describe('a second factor', () => {
  it('is asked for, sent and verified; the challenge shows nothing of the session', async () => {
    const { result } = await sign(callers.user, 'login', enter(factored));
    expect(result).toMatchObject({ __typename: 'MfaRequired', methods: ['otp'] });
    expect(Buffer.from(result.challenge, 'base64url').toString('latin1')).not.toMatch(/jms_sessionid/);
    const sent = await mutate(
      callers.user,
      'sendMfaCode',
      { challenge: result.challenge, type: 'email' },
      'success',
    ).catch((error: Error) => error.message);
    expect(sent).toMatch(/BAD_USER_INPUT/); // signed in as somebody else: the challenge is not theirs
    const input = { challenge: result.challenge, type: 'otp', code: codeOf(factored) };
    const verified = await sign(callers.user, 'verifyMfa', input);
    expect(verified.result).toMatchObject({ __typename: 'LoginSuccess', user: { username: factored?.username } });
  });

  it('sendMfaCode has a code sent for the challenge’s owner', async () => {
    const { result } = await sign(callers.user, 'login', enter(factored));
    const document =
      'mutation($input: SendMfaCodeInput!) { sendMfaCode(input: $input) { success userErrors { code } } }';
    const input = { challenge: result.challenge, type: 'email' };
    const { data } = await callers.user.query<Record<string, object>>(document, { input }, NOBODY);
    expect(data['sendMfaCode']).toEqual({ success: true, userErrors: [] });
  });

  it('a wrong code is UNAUTHENTICATED, and the right one works after it', async () => {
    const { result } = await sign(callers.user, 'login', enter(factored));
    const input = { challenge: result.challenge, type: 'otp', code: '000000' };
    const wrong = await sign(callers.user, 'verifyMfa', input);
    expect(wrong.error?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'mfa_failed' });
    const right = await sign(callers.user, 'verifyMfa', { ...input, code: codeOf(factored) });
    expect(right.result.__typename).toBe('LoginSuccess');
  });

  it.each([
    'nonsense',
    '',
  ])('a challenge that is none (%j) is BAD_USER_INPUT, and nothing is sent', async (challenge) => {
    callers.admin.sandbox.clearLog();
    const { error } = await sign(callers.user, 'verifyMfa', { challenge, type: 'otp', code: '1' });
    expect(error?.extensions.code).toBe('BAD_USER_INPUT');
    expect(callers.admin.sandbox.log).toEqual([]);
  });

  it('a challenge that was changed is BAD_USER_INPUT', async () => {
    const { result } = await sign(callers.user, 'login', enter(factored));
    const last = result.challenge.at(-2) === 'A' ? 'B' : 'A';
    const challenge = `${result.challenge.slice(0, -2)}${last}${result.challenge.at(-1)}`;
    const { error } = await sign(callers.user, 'verifyMfa', { challenge, type: 'otp', code: codeOf(factored) });
    expect(error?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('a review of the sign-in', () => {
  it('is waited for, and signing in goes on with the challenge once it is approved', async () => {
    const { result } = await sign(callers.user, 'login', enter(reviewed));
    expect(result).toMatchObject({ __typename: 'LoginReviewRequired', state: 'PENDING' });
    const again = await sign(callers.user, 'login', { ...enter(reviewed), challenge: result.challenge });
    expect(again.result).toMatchObject({ state: 'PENDING', ticketUuid: result['ticketUuid'] });
    const url = `http://jumpserver.test/api/v1/tickets/apply-login-tickets/${result['ticketUuid']}/approve/`;
    const headers = { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' };
    const approved = await callers.admin.sandbox.fetch(new Request(url, { method: 'PUT', headers, body: '{}' }));
    expect(approved.status).toBe(200);
    const done = await sign(callers.user, 'login', { ...enter(reviewed), challenge: again.result.challenge });
    expect(done.result).toMatchObject({ __typename: 'LoginSuccess', user: { username: reviewed?.username } });
  });
});

describe('confirmation before a secret is read', () => {
  const REVEAL = `mutation($input: RevealAccountSecretInput!) {
    revealAccountSecret(input: $input) { secret account { uuid } userErrors { field code } } }`;

  /** An organisation's administrator with a second factor, signed in. */
  const signInManager = async () => {
    const { tables } = callers.admin.sandbox.exportState();
    const admins = (tables['role-bindings'] ?? []).filter((row) => String(row['role']).endsWith('005'));
    const ids = admins.map((row) => row['user']);
    const manager = people.find(({ id, secret }) => ids.includes(id) && secret !== undefined);
    const { result } = await sign(callers.user, 'login', enter(manager));
    const input = { challenge: result.challenge, type: 'otp', code: codeOf(manager) };
    const verified = await sign(callers.user, 'verifyMfa', input);
    return { manager, headers: { authorization: `Bearer ${verified.result.token}` } };
  };

  it('asks with a challenge, takes the proof, and then answers the secret to a caller with a token', async () => {
    const { manager, headers } = await signInManager();
    const [host] = await list(callers.admin, 'assets(first: 1, filter: { category: HOST })', 'id');
    const made = await mutate(
      callers.admin,
      'createAccount',
      { asset: host?.id, username: 'secretive', secret: 'S3cret!revealed' },
      'account { id uuid }',
    );
    const { id, uuid } = made.account as Named;
    const asked = await callers.user.query(REVEAL, { input: { id } }, { headers });
    const { challenge, methods } = asked.errors?.[0]?.extensions['confirmation'] as {
      challenge: string;
      methods: string[];
    };
    expect(asked.errors?.[0]?.extensions.code).toBe('CONFIRMATION_REQUIRED');
    expect(methods).toEqual(['otp']);

    const document = `mutation($input: ConfirmInput!) {
      confirm(input: $input) { challenge userErrors { field code } } }`;
    const confirm = async (value: string) => {
      const input = { challenge, type: 'otp', value };
      const { data } = await callers.user.query<{ confirm: { challenge: string | null; userErrors: object[] } }>(
        document,
        { input },
        { headers },
      );
      return data.confirm;
    };
    expect(await confirm('000000')).toEqual({ challenge: null, userErrors: [{ field: ['value'], code: 'INVALID' }] });
    const proof = (await confirm(codeOf(manager))).challenge;

    const input = { id, challenge: proof };
    const shown = await callers.user.query<Record<string, object>>(REVEAL, { input }, { headers });
    expect(shown.data['revealAccountSecret']).toEqual({ secret: 'S3cret!revealed', account: { uuid }, userErrors: [] });
    const stolen = await callers.admin.query(REVEAL, { input });
    expect(stolen.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(JSON.stringify([callers.admin.log, callers.user.log])).not.toContain('S3cret!revealed');
  });

  it('tells an earlier version, and the secret of a template, by one call each', async () => {
    const { manager, headers } = await signInManager();
    const [host] = await list(callers.admin, 'assets(first: 1, filter: { category: HOST })', 'id');
    const account = { asset: host?.id, username: 'changing', secret: 'S3cret!first' };
    const VERSION = 'account { id uuid version }';
    const made = (await mutate(callers.admin, 'createAccount', account, VERSION))['account'] as Named & {
      version: number;
    };
    const change = { id: made.id, secret: 'S3cret!second' };
    expect((await mutate(callers.admin, 'updateAccount', change, VERSION))['account']).toMatchObject({
      version: made.version + 1,
    });
    const template = { name: 'secretive', username: 'svc', secret: 'S3cret!template' };
    const { id } = (await mutate(callers.admin, 'createAccountTemplate', template, 'accountTemplate { id }'))[
      'accountTemplate'
    ] as Named;

    const TOLD = `mutation($input: RevealAccountSecretInput!) { revealAccountSecret(input: $input) {
      secret account { uuid } accountTemplate { name } userErrors { field code } } }`;
    const reveal = async (input: object) => {
      const { data, errors } = await callers.user.query<Record<string, object>>(TOLD, { input }, { headers });
      return { payload: data?.['revealAccountSecret'], error: errors?.[0]?.extensions };
    };
    const asked = await reveal({ template: id });
    expect(asked.error?.code).toBe('CONFIRMATION_REQUIRED');
    const { challenge } = asked.error?.['confirmation'] as { challenge: string };
    const CONFIRM = 'mutation($input: ConfirmInput!) { confirm(input: $input) { challenge } }';
    const proof = { challenge, type: 'otp', value: codeOf(manager) };
    const { data } = await callers.user.query<{ confirm: object }>(CONFIRM, { input: proof }, { headers });

    callers.admin.sandbox.clearLog();
    expect((await reveal({ template: id, ...data.confirm })).payload).toEqual({
      secret: 'S3cret!template',
      account: null,
      accountTemplate: { name: 'secretive' },
      userErrors: [],
    });
    const told = async (input: object) => (await reveal({ ...input, ...data.confirm })).payload;
    const shown = { account: { uuid: made.uuid }, accountTemplate: null, userErrors: [] };
    expect(await told({ id: made.id, version: made.version })).toEqual({ ...shown, secret: 'S3cret!first' });
    expect(await told({ id: made.id })).toEqual({ ...shown, secret: 'S3cret!second' });
    const secrets = callers.admin.sandbox.log.filter(({ path }) => path.includes('-secrets/'));
    expect(secrets.map(({ method, path }) => `${method} ${path.split('/').at(-2)}`)).toHaveLength(3);
    expect(JSON.stringify([callers.admin.log, callers.user.log])).not.toMatch(/S3cret!(first|second|template)/);

    const refused = async (input: object) => (await told(input)) as { secret: null; userErrors: object[] };
    expect(await refused({ id: made.id, version: 99 })).toMatchObject({
      secret: null,
      userErrors: [{ field: ['version'], code: 'NOT_FOUND' }],
    });
    const NOWHERE = '00000000-0000-0000-0000-00000000dead';
    expect((await refused({ template: NOWHERE })).userErrors).toEqual([{ field: ['template'], code: 'NOT_FOUND' }]);
    expect((await refused({ id: NOWHERE })).userErrors).toEqual([{ field: ['id'], code: 'NOT_FOUND' }]);
    expect((await refused({})).userErrors).toEqual([{ field: ['id'], code: 'INVALID' }]);
    expect((await refused({ id: made.id, template: id })).userErrors).toEqual([{ field: ['id'], code: 'INVALID' }]);
    expect((await refused({ template: id, version: 1 })).userErrors).toEqual([{ field: ['version'], code: 'INVALID' }]);
  });

  it('a caller without a second factor is told that no method is left', async () => {
    const [account] = await list(callers.admin, 'accounts(first: 1)', 'id');
    const { errors } = await callers.admin.query(REVEAL, { input: { id: account?.id } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'CONFIRMATION_REQUIRED', confirmation: { methods: [] } });
  });
});
