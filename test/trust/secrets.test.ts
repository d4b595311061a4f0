import { createHash } from 'node:crypto';
import { type GraphQLInputType, getNamedType, isInputObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { CANARY, leadsToSecret, literal, mutations, plant, schema } from './plant.ts';

const UUID = '00000000-0000-4000-8000-00000000beef';

/** Mutations with a secret somewhere in what they take. */
const TAKING = mutations.flatMap((mutation) => {
  const [input] = mutation.args;
  return input && leadsToSecret(input.type) ? [{ name: mutation.name, type: input.type }] : [];
});

const CREDENTIALS = { authorization: `Bearer ${CANARY}-bearer`, 'x-jms-org': 'DEFAULT' };

let graph: TestGraph;
let reached = '';
beforeAll(async () => {
  graph = await startGraph({
    config: { LOG_LEVEL: 'trace' },
    fetch: async (request) => {
      reached += await request.clone().text();
      return graph.sandbox.fetch(request);
    },
  });
});
afterAll(() => graph.close());

/** Everything that anybody but JumpServer gets to see after a request. */
const outputs: string[] = [];
async function send(body: object, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(`${graph.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer sandbox-admin',
      'x-explain': '1',
      ...headers,
    },
    body: JSON.stringify(body),
  });
  const text = `${JSON.stringify([...response.headers])}${await response.text()}`;
  outputs.push(text);
  return text;
}

describe('a secret', () => {
  it.each(
    TAKING,
  )('in $name reaches JumpServer at most: neither answers, errors, explanations nor traces show it', async ({
    name,
    type,
  }) => {
    const planted = new Set<string>();
    const input = plant(type, name, {
      planted,
      id: UUID,
      takes: (field, above) => leadsToSecret(field.type, above),
    });
    expect(planted.size).toBeGreaterThan(0);
    const document = `mutation ($input: ${String(type)}) { ${name}(input: $input) { __typename } }`;
    const wrong = { ...(input as object), notThere: `${CANARY}-beside` };
    const text = `mutation { ${name}(input: ${literal(input, type)}) { __typename } }`;
    const answers = [
      await send({ query: document, variables: { input } }),
      await send({ query: document, variables: { input } }, { 'apollo-federation-include-trace': 'ftv1' }),
      await send({ query: document, variables: { input: wrong } }),
      await send({ query: text }),
    ];
    for (const secret of planted) expect(answers.filter((answer) => answer.includes(secret))).toEqual([]);
    expect(answers.join('')).not.toContain(CANARY);
  });

  it('was planted in every input of the schema that is one', () => {
    const named = new Set<string>();
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isInputObjectType(type)) continue;
      for (const field of Object.values(type.getFields()))
        if (getNamedType(field.type).name === 'Secret') named.add(`${type.name}.${field.name}`);
    }
    const visited = new Set<string>();
    const walk = (type: GraphQLInputType): void => {
      const input = getNamedType(type);
      if (!isInputObjectType(input)) return;
      for (const field of Object.values(input.getFields())) {
        const coordinate = `${input.name}.${field.name}`;
        if (visited.has(coordinate)) continue;
        visited.add(coordinate);
        walk(field.type);
      }
    };
    for (const { type } of TAKING) walk(type);
    expect([...named].filter((coordinate) => !visited.has(coordinate))).toEqual([]);
    expect(named.size).toBeGreaterThan(30);
  });

  it('did reach JumpServer in what was sent, else this test would prove nothing', () => {
    const secrets = new Set(reached.match(new RegExp(`${CANARY}-[0-9a-f]{32}`, 'g')));
    expect(secrets.size).toBeGreaterThan(20);
  });

  it('in a credential is told to nobody, also when it is refused', async () => {
    const cookie = `jms_sessionid=${CANARY}session; jms_csrftoken=${CANARY}csrf`;
    await send({ query: '{ viewer { user { username } } users { nodes { name } } }' }, CREDENTIALS);
    await send({ query: '{ viewer { user { username } } }' }, { authorization: '', cookie, 'x-requested-with': 'x' });
    await send({ query: '{ viewer { user { username } } }' }, { authorization: `Signature ${CANARY}` });
    await send({ query: '{ viewer { user { username } } }' }, { 'x-introspection-key': `${CANARY}-key` });
    expect(outputs.join('\n')).not.toContain(CANARY);
  });

  it('is in no log line, down to the finest level, no audit and no metric', async () => {
    expect(graph.log.length).toBeGreaterThan(TAKING.length * 3);
    expect(JSON.stringify(graph.log)).not.toContain(CANARY);
    const metrics = await (await fetch(`${graph.url}/metrics`)).text();
    expect(metrics).toContain('jumpgraph');
    expect(metrics).not.toContain(CANARY);
  });

  it('in the text of a document is not kept among persisted queries, and its hash is not logged', async () => {
    const query = `mutation { login(input: { username: "nobody", password: "${CANARY}" }) { __typename } }`;
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    expect(await send({ query, extensions })).toContain('UNAUTHENTICATED');
    expect(await send({ extensions })).toContain('PERSISTED_QUERY_NOT_FOUND');
    expect(JSON.stringify(graph.log)).not.toContain(sha256Hash);
    const harmless = '{ viewer { user { username } } }';
    const other = { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(harmless).digest('hex') } };
    await send({ query: harmless, extensions: other });
    expect(await send({ extensions: other })).toContain('"username":"admin"');
  });
});
