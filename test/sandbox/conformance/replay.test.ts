import { expect, test } from 'vitest';
import { type Exchange, type Json, loadExchanges, loadSnapshot } from '../../support/recordings.ts';
import { permute } from './permute.ts';
import { type Recording, replay, type Server } from './replay.ts';
import { toScore } from './score.ts';

const credentials = { administrator: 'a', ordinaryUser: 'b' };

const toResponse = ({ response }: Exchange, change: (body: Json) => Json): Response => {
  const type = response.headers['content-type'];
  const headers: Record<string, string> = typeof type === 'string' ? { 'content-type': type } : {};
  const body = response.body_kind === 'text' ? String(response.body) : JSON.stringify(change(response.body));
  return new Response(response.status === 204 ? null : body, { status: response.status, headers });
};

const parrot = ({ exchanges }: Recording, change = (body: Json): Json => body): Server => {
  let next = 0;
  return {
    credentials,
    oneTimeCode: () => '000000',
    fetch: async () => {
      const exchange = exchanges[next];
      next += 1;
      return exchange ? toResponse(exchange, change) : new Response(null, { status: 404 });
    },
  };
};

const recorded: Recording = {
  version: '4.10.19',
  exchanges: loadExchanges('4.10.19'),
  snapshot: loadSnapshot('4.10.19'),
};

test('a server that answers as recorded scores everything', async () => {
  const score = toScore(await replay(recorded, parrot(recorded)));
  expect(score).toMatchObject({ exchanges: 896, status: 100, shape: 100, values: 100 });
});

test('the permuted recording is as consistent as the recorded one, with other ids and names', async () => {
  const permuted = permute(recorded, 7);
  const score = toScore(await replay(permuted, parrot(permuted)));
  expect(score).toMatchObject({ exchanges: 896, status: 100, shape: 100, values: 100 });
  const users = permuted.snapshot.users?.map(({ id, name }) => `${id} ${name}`);
  expect(users).not.toContain('603a0e62-948f-457d-8e1e-393fde5090f6 Alice');
  expect(users?.filter((user) => user.endsWith(' Administrator'))).toHaveLength(1);
});

test('what a server adds, changes or leaves out is noticed', async () => {
  const one = { ...recorded, exchanges: recorded.exchanges.slice(0, 1) };
  const reasons = async (change: (body: Json) => Json): Promise<readonly string[]> =>
    (await replay(one, parrot(one, change)))[0]?.reasons ?? [];
  const edit =
    (from: string, to: string) =>
    (body: Json): Json =>
      JSON.parse(JSON.stringify(body).replaceAll(from, to));
  expect(await reasons(edit('"wechat"', '"we_chat"'))).toEqual([
    '.results[].wechat: is missing',
    '.results[].we_chat: is not there in the recording',
  ]);
  expect(await reasons(edit('"is_superuser":true', '"is_superuser":1'))).toEqual([
    '.results[].is_superuser: boolean expected, boolean|number came',
  ]);
  expect(await reasons(edit('"Alice"', '"Bob"'))).toEqual(['.results[1].name: "Alice" expected, "Bob" came']);
  expect(await reasons(edit('"count":61', '"count":60'))).toEqual(['.count: 61 expected, 60 came']);
});
