import { buildSchema, type ExecutionResult, type GraphQLSchema, isObjectType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { execute } from '../../src/server/execute.ts';
import { createCompiledExecute } from '../../src/server/execute-compiled.ts';

const schema = buildSchema(`
  interface Being { id: ID! name: String }
  type Person implements Being { id: ID! name: String! age: Int friends(first: Int = 2, of: [Kind!]): [Being!] best: Person! kind: Kind score: Float }
  type Robot implements Being { id: ID! name: String model: String! maker: Person }
  union Thing = Person | Robot
  enum Kind { OLD NEW }
  input Wish { text: String! kind: Kind = OLD many: [Int!] }
  type Query { me: Person beings: [Being] things: [Thing!]! matrix: [[Int!]] need: String! echo(wish: Wish, plain: String): String late: Person slow: [Person] }
  type Mutation { add(by: Int!): Int fail: Int! }
`);

/** Sets a resolver of the schema. */
function resolve(type: string, field: string, resolver: (...args: never[]) => unknown): void {
  const found = schema.getType(type);
  const definition = isObjectType(found) ? found.getFields()[field] : undefined;
  if (!definition) throw new Error(`there is no ${type}.${field}`);
  definition.resolve = resolver as NonNullable<typeof definition.resolve>;
}

interface Being {
  readonly __typename: 'Person' | 'Robot';
  readonly id: number | string;
  readonly [name: string]: unknown;
}

const ada: Being = { __typename: 'Person', id: 1, name: 'Ada', age: 36, kind: 'OLD', score: 1.5 };
const rob: Being = { __typename: 'Robot', id: 'r', name: null, model: 'R2', maker: ada };
const nameless: Being = { __typename: 'Person', id: 3, name: null };
const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await undefined;
};

resolve('Query', 'me', () => ada);
resolve('Query', 'late', async () => ada);
resolve('Query', 'beings', () => [
  ada,
  Promise.resolve(rob),
  null,
  new Error('gone'),
  Promise.reject(new Error('late gone')),
]);
resolve('Query', 'things', () => [rob, ada]);
resolve('Query', 'matrix', () => [[1, 2], [3, 'x'], null, [null]]);
resolve('Query', 'need', () => null);
resolve('Query', 'slow', () => [Promise.reject(new Error('first')), turns(3).then(() => ada), nameless]);
resolve('Query', 'echo', (_source: unknown, args: unknown) => JSON.stringify(args));
resolve(
  'Person',
  'friends',
  (_source: unknown, { first }: { first: number }, _context: unknown, info: { path: { key: string } }) =>
    first < 0 ? Promise.reject(new Error(`no ${info.path.key}`)) : [rob, ada].slice(0, first),
);
resolve('Person', 'best', async (source: Being) => {
  await turns(Number(source.id));
  if (source.id === 1) throw new Error('alone');
  return nameless;
});
let sum = 0;
resolve('Mutation', 'add', async (_source: unknown, { by }: { by: number }) => {
  await turns(10 - by);
  sum = sum * 10 + by;
  return sum;
});
resolve('Mutation', 'fail', () => {
  throw new Error('failed');
});

/** A result as clients see it. */
function shown({ data, errors }: ExecutionResult): unknown {
  return { data, errors: errors?.map(({ message, path, locations }) => ({ message, path, locations })) };
}

const QUERIES: [string, string, Record<string, unknown>?][] = [
  ['plain values', '{ me { id name age kind score __typename } }'],
  ['values of a promise', '{ late { id name } }'],
  ['an interface, with items that fail', '{ beings { __typename id name ... on Robot { model maker { name } } } }'],
  ['a union', '{ things { ... on Person { id } ... on Robot { model } ... on Being { name } } }'],
  ['lists of lists with faulty items', '{ matrix }'],
  ['null where none may stand', '{ me { id } need }'],
  ['a failed field that may not be null', '{ me { id best { id } } }'],
  ['one that fails late, below a list', '{ slow { id name best { name } } }'],
  ['an item that fails before its siblings are there', '{ slow { name } me { name } }'],
  ['arguments with defaults', '{ me { friends { id } some: friends(first: 1) { id } } }'],
  ['an error that names its alias', '{ me { none: friends(first: -1) { id } name } }'],
  ['arguments of variables', 'query ($n: Int) { me { friends(first: $n) { id } } }', { n: 1 }],
  ['an argument left out', 'query ($n: Int) { me { friends(first: $n) { id } } }', {}],
  [
    'input objects',
    'query ($w: Wish, $k: Kind) { a: echo(wish: $w) b: echo(wish: { text: "x", kind: $k, many: [1] }) }',
    { w: { text: 't' }, k: 'NEW' },
  ],
  ['variables that do not fit', 'query ($w: Wish) { echo(wish: $w) }', { w: { kind: 'BAD' } }],
  [
    'fields merged from fragments',
    '{ me { ...A ...B friends { id } } } fragment A on Person { friends { name } } fragment B on Being { id ...A }',
  ],
  [
    'skipped and included fields',
    'query ($yes: Boolean!) { me { id @skip(if: $yes) name @include(if: $yes) ... @include(if: $yes) { age } ...F @skip(if: $yes) } } fragment F on Person { kind }',
    { yes: true },
  ],
  [
    'the same with other values',
    'query ($yes: Boolean!) { me { id @skip(if: $yes) name @include(if: $yes) ... @include(if: $yes) { age } ...F @skip(if: $yes) } } fragment F on Person { kind }',
    { yes: false },
  ],
  [
    'names that objects have by themselves',
    '{ __proto__: me { constructor: name toString: id __proto__: age } hasOwnProperty: need }',
  ],
  ['aliases that read like paths', '{ me { b_c: name b: friends { c: id } } me_b: me { c: age } }'],
  [
    'the schema',
    '{ __schema { queryType { name fields { name args { name defaultValue } } } } __type(name: "Kind") { enumValues { name } } __typename }',
  ],
  ['an unknown operation', 'query A { me { id } } query B { me { name } }'],
];

describe('the compiled executor answers as graphql-js does', () => {
  const compiled = createCompiledExecute();
  it.each(QUERIES)('%s', async (_name, text, variableValues = {}) => {
    const document = parse(text);
    const wanted = shown(await execute({ schema, document, variableValues }));
    expect(shown(await compiled({ schema, document, variableValues }))).toEqual(wanted);
    expect(shown(await compiled({ schema, document, variableValues }))).toEqual(wanted);
    expect(JSON.stringify(await compiled({ schema, document, variableValues }))).toBe(
      JSON.stringify(await execute({ schema, document, variableValues })),
    );
  });

  it('runs mutations one after the other', async () => {
    const document = parse('mutation { a: add(by: 1) b: add(by: 2) c: add(by: 3) }');
    sum = 0;
    expect(await compiled({ schema, document })).toEqual({ data: { a: 1, b: 12, c: 123 } });
  });

  it('stops a mutation at a field that may not be null', async () => {
    const document = parse('mutation { a: add(by: 1) fail b: add(by: 2) }');
    sum = 0;
    const { data, errors } = await compiled({ schema, document });
    expect({ data, paths: errors?.map(({ path }) => path), sum }).toEqual({ data: null, paths: [['fail']], sum: 1 });
  });
});

it('compiles an operation once, and again when it was given up for others', async () => {
  const compiled = createCompiledExecute({ operations: 2 });
  const ask = (text: string) => compiled({ schema, document: parse(text) });
  for (const field of ['id', 'name', 'age', 'id']) expect(await ask(`{ me { ${field} } }`)).toHaveProperty('data.me');
});

it('leaves to graphql-js what it does not compile', async () => {
  const other: GraphQLSchema = buildSchema('type Query { a: A } type A { b: Int }');
  const type = other.getType('A');
  if (isObjectType(type)) type.isTypeOf = () => false;
  const args = { schema: other, document: parse('{ a { b } }'), rootValue: { a: { b: 1 } } };
  const { errors } = await createCompiledExecute()(args);
  expect(errors?.[0]?.message).toContain('Expected value of type "A"');
});
