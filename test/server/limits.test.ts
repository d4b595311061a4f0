import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { getIntrospectionQuery } from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, type StandIn, startStandIn } from './stand-in.ts';

let server: StandIn;
afterEach(() => server.close());

const codeOf = async (environment: Record<string, string>, query: string, rest?: object) => {
  server = await startStandIn(environment);
  const { body } = await ask(server, query, {}, rest);
  return body.errors?.[0]?.extensions.code ?? 'served';
};

const nested = (levels: number): string => (levels === 1 ? 'id' : `self { ${nested(levels - 1)} }`);

describe('limits', () => {
  it.each([
    ['as deep as allowed', `{ node(id: 1) { ${nested(14)} } }`, 'served'],
    ['one level deeper', `{ node(id: 1) { ${nested(15)} } }`, 'DEPTH_LIMIT'],
    [
      'one level deeper through a fragment',
      `{ node(id: 1) { ...F } } fragment F on Row { ${nested(15)} }`,
      'DEPTH_LIMIT',
    ],
  ])('an operation that is %s', async (_, query, expected) => {
    expect(await codeOf({}, query)).toBe(expected);
  });

  it('fragments that multiply into a flood of fields', async () => {
    const levels = Array.from({ length: 12 }, (_, n) => `fragment F${n} on Row { ...F${n + 1} ...F${n + 1} }`).join(
      ' ',
    );
    expect(await codeOf({}, `{ node(id: 1) { ...F0 } } ${levels} fragment F12 on Row { id a: id }`)).toBe('COST_LIMIT');
  });

  it('aliases', async () => {
    const aliases = Array.from({ length: 101 }, (_, n) => `a${n}: hello`).join(' ');
    expect(await codeOf({ MAX_ROOT_FIELDS: '500' }, `{ ${aliases} }`)).toBe('COST_LIMIT');
  });

  it('directives', async () => {
    const directives = Array.from({ length: 6 }, () => 'hello @include(if: true)').join(' ');
    expect(await codeOf({ MAX_DIRECTIVES: '5' }, `{ ${directives} }`)).toBe('COST_LIMIT');
  });

  it('root fields', async () => {
    expect(await codeOf({ MAX_ROOT_FIELDS: '2' }, '{ hello b: hello c: hello }')).toBe('COST_LIMIT');
  });

  it('root fields inside fragments', async () => {
    expect(await codeOf({ MAX_ROOT_FIELDS: '2' }, '{ ...F } fragment F on Query { hello b: hello c: hello }')).toBe(
      'COST_LIMIT',
    );
  });

  it('tokens', async () => {
    expect(await codeOf({ MAX_TOKENS: '100' }, `{ ${'hello '.repeat(100)} }`)).toBe('GRAPHQL_PARSE_FAILED');
  });

  it.each([
    ['a hundred parents with a thousand rows each', 'first: 100', 'first: 1000', 'served'],
    ['a thousand parents with a thousand rows each', 'first: 1000', 'first: 1000', 'COST_LIMIT'],
    ['the default page size', 'first: 1000', '', 'served'],
  ])('rows: %s', async (_, outer, inner, expected) => {
    const page = inner && `(${inner})`;
    expect(await codeOf({}, `{ rows(${outer}) { nodes { rows${page} { nodes { id } } } } }`)).toBe(expected);
  });

  it('rows by page sizes in variables', async () => {
    const query = 'query ($n: Int) { rows(first: $n) { nodes { rows(first: $n) { nodes { id } } } } }';
    expect(await codeOf({}, query, { variables: { n: 1000 } })).toBe('COST_LIMIT');
  });

  it('rows by page sizes that are defaults of variables', async () => {
    const query = 'query ($n: Int = 1000) { rows(first: $n) { nodes { rows(first: $n) { nodes { id } } } } }';
    expect(await codeOf({}, query)).toBe('COST_LIMIT');
    const { body } = await ask(server, query, {}, { variables: { n: 10 } });
    expect(body.errors).toBeUndefined();
  });

  it('rows of one document are counted anew for other page sizes, whatever else is sent as a variable', async () => {
    const query = 'query ($n: Int, $m: Int) { rows(first: $n) { nodes { rows(first: $m) { nodes { id } } } } }';
    server = await startStandIn({});
    const codes = async (variables: object) =>
      (await ask(server, query, {}, { variables })).body.errors?.map(({ extensions }) => extensions.code);
    expect(await codes({ n: 1000, m: 1 })).toBeUndefined();
    expect(await codes({ n: 1000, m: 1000 })).toEqual(['COST_LIMIT']);
    expect(await codes({ '1000,1000': true, n: 1 })).toBeUndefined();
    expect(await codes({ n: 1000, m: 1000 })).toEqual(['COST_LIMIT']);
  });

  it('rows are not counted twice when two fragments ask for the same', async () => {
    const query =
      '{ rows(first: 900) { ...A ...B } } fragment A on Connection { nodes { rows(first: 1000) { nodes { id } } } } fragment B on Connection { nodes { rows(first: 1000) { nodes { id } } } }';
    expect(await codeOf({}, query)).toBe('served');
  });

  it('rows of which only the number is asked cost nothing', async () => {
    expect(await codeOf({}, '{ rows(first: 1000) { nodes { rows(first: 1000) { totalCount } } } }')).toBe('served');
  });
});

const aliased = (times: number, field: string): string =>
  Array.from({ length: times }, (_, n) => `a${n}: ${field}`).join(' ');

it('what is kept of documents is bounded, however little they ask under how long a comment', async () => {
  server = await startStandIn();
  const before = await heapUsed();
  for (let n = 0; n < 20; n++) await ask(server, `# ${n}${' '.repeat(3.9 * 1024 ** 2)}\n{ __typename }`);
  expect((await heapUsed()) - before).toBeLessThan(62);
});

/** Megabytes in use after a full collection. */
const heapUsed = async (): Promise<number> => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  await setImmediate();
  collect();
  return process.memoryUsage().heapUsed / 1024 ** 2;
};

describe('introspection', () => {
  const schemaQuery = '{ __schema { queryType { name } } }';

  it('is there for everybody unless configured', async () => {
    expect(await codeOf({}, schemaQuery)).toBe('served');
  });

  it.each([
    ['the query of every tool', getIntrospectionQuery(), 'served'],
    ['the schema several times over', `{ __schema { ${aliased(99, 'types { fields { name } }')} } }`, 'COST_LIMIT'],
    ['a thing under many names', `{ __schema { queryType { ${aliased(101, 'name')} } } }`, 'COST_LIMIT'],
    ['types under many names', `{ ${aliased(101, '__type(name: "Row") { name }')} }`, 'COST_LIMIT'],
  ])('is bounded: %s', async (_, query, expected) => {
    expect(await codeOf({ MAX_ROWS: '50000', MAX_ROOT_FIELDS: '500' }, query)).toBe(expected);
  });

  it('is refused to everybody when off, while __typename stays', async () => {
    expect(await codeOf({ INTROSPECTION: 'off' }, schemaQuery)).toBe('FORBIDDEN');
    await server.close();
    expect(await codeOf({ INTROSPECTION: 'off' }, '{ __typename }')).toBe('served');
  });

  it('is there for callers with a key, also after others were refused the same document', async () => {
    expect(await codeOf({ INTROSPECTION: 'allowed', INTROSPECTION_KEYS: 'k1,k2' }, schemaQuery)).toBe('FORBIDDEN');
    const { body } = await ask(server, schemaQuery, { 'x-introspection-key': 'k2' });
    expect(body).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } });
  });

  it('when off, invalid documents teach nothing', async () => {
    server = await startStandIn({ INTROSPECTION: 'off' });
    const { body } = await ask(server, '{ helo rows(frist: 1) { nodes } }');
    expect(body.errors?.map(({ message }) => message)).toEqual(['The document is not valid for this schema.']);
  });

  it('when off, variables that do not fit teach nothing but their place', async () => {
    server = await startStandIn({ INTROSPECTION: 'off' });
    const query = 'mutation ($a: RenameInput!) { rename(input: $a) }';
    const messages = async (variables: object) =>
      (await ask(server, query, {}, { variables })).body.errors?.map(({ message }) => message);
    expect(await messages({ a: { nme: 'x', pasword: 'y' } })).toEqual(['Variable "$a" got invalid value.']);
    expect(await messages({ a: { name: 'x', count: 'y' } })).toEqual(['Variable "$a" got invalid value at "a.count".']);
  });
});
