import { EventEmitter, once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

const HOSTS =
  'query Hosts($first: Int!) { assets(first: $first, filter: { category: HOST }) { nodes { uuid name accounts { nodes { username } } } } }';
const VARIABLES = { first: 10 };

interface Hosts {
  readonly assets: { readonly nodes: readonly { readonly uuid: string; readonly name: string }[] };
}

let graph: TestGraph;
let sandbox: Sandbox;
let sent: string[] = [];
/** Set to make the list of assets wait until accounts are asked for. */
let isHeld = false;
const signals = new EventEmitter();

async function start(throttle = false, config: Record<string, string> = {}): Promise<void> {
  sandbox = createSandbox({ throttle, tokens: { 'another-token': 'admin' } });
  sent = [];
  isHeld = false;
  const fetch = async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    sent.push(pathname.replace('/api/v1', '') + search);
    if (pathname.endsWith('/accounts/accounts/')) signals.emit('accounts');
    if (isHeld && pathname.endsWith('/assets/assets/')) await once(signals, 'accounts');
    return sandbox.fetch(request);
  };
  graph = await startGraph({ sandbox, fetch, config: { OPERATION_TIMEOUT: '2000', ...config } });
  await graph.query('{ serverInfo { version } }');
}

const explained = { headers: { 'x-explain': '1' } };

async function ask(headers: Record<string, string> = {}) {
  const answer = await graph.query<Hosts>(HOSTS, VARIABLES, { headers: { ...explained.headers, ...headers } });
  expect(answer.errors).toBeUndefined();
  const { upstream, explain } = answer.extensions as unknown as {
    readonly upstream: { readonly calls: number };
    readonly explain: { readonly foreseen: number };
  };
  return { data: answer.data, calls: upstream.calls, foreseen: explain.foreseen };
}

const CREATE =
  'mutation ($input: CreateHostInput!) { createHost(input: $input) { asset { id } userErrors { message } } }';

/** A new host that comes before all others, made through the graph. */
const addHost = () => graph.query(CREATE, { input: { name: '!first', address: '10.99.0.1', platform: '1' } });

/** The same, made by somebody else. */
const addHostElsewhere = async () => {
  const { status } = await sandbox.fetch(
    new Request('http://jumpserver.test/api/v1/assets/hosts/', {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' },
      body: JSON.stringify({ name: '!first', address: '10.99.0.1', platform: 1, nodes_display: ['/Default'] }),
    }),
  );
  expect(status).toBe(201);
};

describe('a question that read the same twice', () => {
  afterEach(() => graph.close());

  it('has all its reads under way at once the third time, in no more calls and with the same answer', async () => {
    await start();
    const [first, second] = [await ask(), await ask()];
    isHeld = true;
    const third = await ask();
    expect([first, second, third].map(({ calls, foreseen }) => [calls, foreseen])).toEqual([
      [2, 0],
      [2, 0],
      [2, 2],
    ]);
    expect(third.data).toEqual(first.data);
  });

  it('waits for each read as before where the operator switched it off', async () => {
    await start(false, { FORESIGHT: 'off' });
    const asked = [await ask(), await ask(), await ask(), await ask()];
    expect(asked.map(({ calls, foreseen }) => [calls, foreseen])).toEqual([
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 0],
    ]);
  });

  it('is answered as JumpServer is now: what changed costs the guess, and is believed later than before', async () => {
    await start();
    for (let run = 0; run < 3; run++) await ask();
    await addHostElsewhere();
    const changed = await ask();
    expect(changed.data.assets.nodes[0]?.name).toBe('!first');
    expect([changed.calls, changed.foreseen]).toEqual([3, 2]);
    const later = [await ask(), await ask(), await ask(), await ask()];
    expect(later.map(({ calls, foreseen }) => [calls, foreseen])).toEqual([
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 2],
    ]);
    expect(later.every(({ data }) => data.assets.nodes[0]?.name === '!first')).toBe(true);
  });

  it('is learnt anew after a write, which may have changed what it reads', async () => {
    await start();
    for (let run = 0; run < 3; run++) await ask();
    await addHost();
    const changed = await ask();
    expect(changed.data.assets.nodes[0]?.name).toBe('!first');
    expect([changed.calls, changed.foreseen]).toEqual([2, 0]);
  });

  it('is nobody else’s, of no other language and of no other organisation', async () => {
    await start();
    for (let run = 0; run < 3; run++) await ask();
    const others = [
      await ask({ authorization: 'Bearer another-token' }),
      await ask({ 'accept-language': 'zh' }),
      await ask({ 'x-jms-org': 'Vale Robotics' }),
    ];
    expect(others.map(({ foreseen }) => foreseen)).toEqual([0, 0, 0]);
    expect((await ask()).foreseen).toBe(2);
  });

  it('is not foreseen when a read of it failed', async () => {
    await start();
    const text =
      '{ assets(first: 10) { nodes { accounts { nodes { username } } } } loginLogs(first: 1) { nodes { user { name } } } }';
    const user = { authorization: 'Bearer sandbox-user', ...explained.headers };
    const answers = [];
    for (let run = 0; run < 4; run++) answers.push(await graph.query(text, {}, { headers: user }));
    expect(answers.every(({ errors }) => errors !== undefined)).toBe(true);
    expect(answers.map(({ extensions }) => extensions)).toEqual(
      answers.map(() => expect.objectContaining({ explain: expect.objectContaining({ foreseen: 0 }) })),
    );
  });

  it('is not guessed at when the caller’s calls are nearly used up', async () => {
    await start(true);
    for (let run = 0; run < 3; run++) await ask();
    for (let call = 0; call < 155; call++) await graph.query('{ zones(first: 1) { nodes { name } } }');
    expect((await ask()).foreseen).toBe(0);
  });

  it('leaves nothing to a write: its reads are never begun before it', async () => {
    await start();
    const text =
      'mutation ($input: UpdateAssetInput!) { updateAsset(input: $input) { asset { name accounts { nodes { username } } } userErrors { code } } }';
    const id = (await ask()).data.assets.nodes[0]?.uuid;
    for (let run = 0; run < 4; run++) {
      sent = [];
      const answer = await graph.query(text, { input: { id, comment: 'same' } }, explained);
      expect(answer.errors).toBeUndefined();
      expect(answer.extensions).toMatchObject({ explain: { foreseen: 0 } });
    }
  });
});
