import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../oracle/random.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { askAlone, type Question, type Told, toCodes } from './alone.ts';
import { type Crowd, createCrowd, type Member } from './crowd.ts';

const SEED = 20_261_122;
const USERS = 200;
const QUESTIONS_EACH = 4;

const TEXTS = [
  '{ viewer { user { username email } roleCodes organizations { name } assets(first: 20) { totalCount nodes { name } } } }',
  '{ assets(first: 30) { totalCount nodes { name accounts(first: 5) { totalCount nodes { username } } permissions(first: 5) { nodes { name } } } } }',
  '{ users(first: 20) { totalCount nodes { username groups { name } } } }',
  '{ sessions(first: 20) { totalCount nodes { userText user { email } asset { address } } } }',
  '{ permissions(first: 15) { totalCount nodes { name users(first: 5) { nodes { username } } nodes(first: 5) { nodes { path } } } } }',
  '{ platforms(first: 5) { nodes { name type { value label } } } viewer { user { username } } }',
  '{ loginLogs(first: 10) { totalCount nodes { username } } zones { nodes { name assets(first: 3) { totalCount } } } }',
] as const;

let crowd: Crowd;
let graph: TestGraph;
beforeAll(async () => {
  crowd = createCrowd(USERS, SEED);
  graph = await startGraph({ sandbox: crowd.sandbox, config: { MAX_OPERATIONS: '1000' } });
});
afterAll(() => graph.close());

async function askTogether({ text, token, organization, language }: Question): Promise<Told> {
  const headers = {
    authorization: `Bearer ${token}`,
    'accept-language': language,
    ...(organization && { 'x-jms-org': organization }),
  };
  const { data, errors = [] } = await graph.query(text, undefined, { headers });
  return { data: data ?? null, codes: toCodes(errors.map(({ extensions }) => extensions.code)) };
}

function toQuestions(members: readonly Member[]): readonly Question[] {
  const random = createRandom(SEED);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const all = members.flatMap(({ token }) =>
    Array.from({ length: QUESTIONS_EACH }, () => ({
      text: pick(TEXTS),
      token,
      organization: pick([undefined, 'DEFAULT', 'Vale Robotics', '00000000-0000-0000-0000-000000000002']),
      language: pick(['en', 'zh-hans', 'ja']),
    })),
  );
  return all
    .map((question) => ({ question, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ question }) => question);
}

describe(`${USERS} users with different rights, in parallel, at random`, () => {
  it('get each the answer of a lone run, and no log line tells who they are or what they have', async () => {
    const questions = toQuestions(crowd.members);
    const together = await Promise.all(questions.map(askTogether));
    for (const [index, question] of questions.entries()) {
      const alone = await askAlone(crowd.sandbox, question);
      expect(together[index], `seed ${SEED}, ${question.token}: ${question.text}`).toEqual(alone);
    }
    // Different rights must show, else the comparison proves nothing.
    expect(new Set(together.map((told) => JSON.stringify(told))).size).toBeGreaterThan(USERS);
    expect(together.filter(({ codes }) => codes.includes('FORBIDDEN')).length).toBeGreaterThan(20);
    const log = JSON.stringify(graph.log);
    expect(graph.log.length).toBeGreaterThanOrEqual(questions.length);
    const told = crowd.members.flatMap(({ token, email }) => [token, email]).filter((text) => log.includes(text));
    expect(told).toEqual([]);
  }, 120_000);

  it('get nothing of each other through cursors: a page of somebody else starts where the own list says', async () => {
    const [admin] = crowd.members;
    const page = '{ users(first: 3) { nodes { username } pageInfo { endCursor } } }';
    const headers = { authorization: `Bearer ${admin?.token}` };
    const { data } = await graph.query<{ users: { pageInfo: { endCursor: string } } }>(page, {}, { headers });
    const next = `query ($after: String) { users(first: 3, after: $after) { nodes { username email } } }`;
    const other = await graph.query<{ users: unknown }>(
      next,
      { after: data.users.pageInfo.endCursor },
      { headers: { authorization: 'Bearer sandbox-user' } },
    );
    expect(other.data.users).toBeNull();
    expect(other.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('get nothing of each other through persisted queries: the hash runs with the rights of who sends it', async () => {
    const query = '{ users(first: 2) { nodes { username } } }';
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const post = async (token: string, body: object) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const answer = await fetch(`${graph.url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await answer.json()) as { data: { users: unknown }; errors?: { extensions: { code: string } }[] };
    };
    const first = await post('sandbox-admin', { query, extensions });
    expect(first.data.users).not.toBeNull();
    const second = await post('sandbox-user', { extensions });
    expect(second.data.users).toBeNull();
    expect(second.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('see the groups of the organisation they ask in, whichever others a member is in', async () => {
    const text = '{ users(first: 300) { nodes { username groups { name organization { name } } } } }';
    const groupsIn = async (organization: string) => {
      type Users = { users: { nodes: { username: string; groups: { organization: { name: string } }[] }[] } };
      const { data, errors, extensions } = await graph.query<Users>(
        text,
        {},
        { headers: { 'x-jms-org': organization } },
      );
      expect(errors).toBeUndefined();
      expect(extensions.upstream.calls).toBeLessThanOrEqual(4);
      return data.users.nodes.map(({ groups }) => groups.map((group) => group.organization.name));
    };
    const one = await groupsIn('Vale Robotics');
    expect(new Set(one.flat())).toEqual(new Set(['Vale Robotics']));
    expect(new Set((await groupsIn('DEFAULT')).flat())).toEqual(new Set(['Default']));
    const all = await groupsIn('00000000-0000-0000-0000-000000000000');
    expect(all.some((names) => new Set(names).size === 2)).toBe(true);
  });
});
