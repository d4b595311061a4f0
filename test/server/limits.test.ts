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

describe('introspection', () => {
  const schemaQuery = '{ __schema { queryType { name } } }';

  it('is there for everybody unless configured', async () => {
    expect(await codeOf({}, schemaQuery)).toBe('served');
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
});
