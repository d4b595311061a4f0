import { catalogue } from '../../../src/generated/catalogue.ts';
import { generateOperation, listRoots } from '../../oracle/generate.ts';
import { pick, type Random } from '../../oracle/random.ts';

/** A body to send to `/graphql`. */
export type Body = Readonly<Record<string, unknown>>;

/** Nouns with a plain field on every server: the others leave nothing to select without relations. */
const NOUNS = new Set(
  Object.values(catalogue.nouns)
    .filter(({ fields }) => Object.values(fields).some((field) => field.kind === 'value' && !('since' in field)))
    .filter(({ name }) => Object.values(catalogue.roots).some((root) => root.list && root.noun === name))
    .map(({ name }) => name),
);
const ROOTS = listRoots(NOUNS);
const MATERIAL = { nouns: NOUNS, samples: {}, version: '4.10.16' };

/** A valid read. */
const valid = (random: Random): string =>
  generateOperation(random, pick(random, ROOTS), MATERIAL, Math.floor(random() * 2.5)).text;

const SPLINTERS = [
  '{',
  '}',
  '(',
  ')',
  '$',
  '@',
  '...',
  '"',
  '"""',
  '\\u0000',
  '\u0000',
  '!',
  ':',
  '[',
  ']',
  '#',
  '\ufeff',
  '😀',
  'on',
  'fragment F on',
  '1e999',
  '-0',
  'null',
  '__typename',
  '@skip(if: $x)',
  '{ __schema',
  'first: -1',
  'first: 99999999999',
];

/** A valid read with tokens removed, doubled, swapped or put in. */
function invalid(random: Random): string {
  const tokens = valid(random).split(/(?<=[\s(){}:,])/);
  for (let times = 1 + Math.floor(random() * 4); times > 0; times--) {
    const at = Math.floor(random() * tokens.length);
    const token = tokens[at] ?? '';
    const changed = pick(random, [
      [],
      [token, token],
      [token, pick(random, SPLINTERS)],
      [pick(random, tokens)],
      [token.slice(1)],
    ]);
    tokens.splice(at, 1, ...changed);
  }
  return tokens.join('');
}

/** Values that have broken other servers. */
const HOSTILE_VALUES: readonly unknown[] = [
  '../../etc/passwd',
  '..%2f..%2fusers',
  '00000000-0000-0000-0000-000000000002/../../users',
  '?limit=1&org=x',
  'a&ids=1,2#x',
  '\r\nX-JMS-ORG: ROOT',
  'http://169.254.169.254/latest/meta-data',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '\u0000',
  '\ud800',
  'x'.repeat(20_000),
  '{{7*7}}',
  `$${'{'}jndi:ldap://x}`,
  -1,
  2 ** 53,
  1e308,
  Number.MIN_VALUE,
  true,
  null,
  [],
  [[[]]],
  {},
  { __proto__: { polluted: true } },
  { constructor: { prototype: { polluted: true } } },
  { toString: 1, valueOf: null, toJSON: 'x' },
];

/** One of them for a place that takes a secret: what is text can be told from what stands elsewhere. */
const pickSecret = (random: Random): unknown => {
  const value = pick(random, HOSTILE_VALUES);
  return typeof value === 'string' ? `S3cret${value}` : value;
};

const repeat = (text: string, times: number): string => Array.from({ length: times }, () => text).join(' ');

/** Shapes of attack, each with a random size or value. */
const ATTACKS: readonly ((random: Random) => Body)[] = [
  (random) => {
    const depth = 5 + Math.floor(random() * 400);
    return {
      query: `{ users { nodes { ${'groups { users { nodes { '.repeat(depth)} name ${'} } } '.repeat(depth)} } } }`,
    };
  },
  (random) => ({
    query: `{ ${Array.from({ length: 50 + Math.floor(random() * 800) }, (_, i) => `a${i}: assets(first: 1) { totalCount }`).join(' ')} }`,
  }),
  () => ({ query: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }' }),
  (random) => ({ query: `{ assets ${repeat('@include(if: true)', 1 + Math.floor(random() * 600))} { totalCount } }` }),
  (random) => ({
    query: `query ($x: Boolean!) { assets @skip(if: $x) ${repeat('@unknown', Math.floor(random() * 50))} { totalCount } }`,
  }),
  (random) => ({
    query: `{ assets(first: ${pick(random, ['-1', '0', '1001', '2147483648', '1e3', '"5"', 'null', '[]'])}) { nodes { name } } }`,
  }),
  (random) => ({
    query: 'query ($id: ID) { asset(id: $id) { name } user(id: $id) { name } node(id: $id) { __typename } }',
    variables: { id: pick(random, HOSTILE_VALUES) },
  }),
  (random) => ({
    query:
      'query ($s: String) { assets(search: $s, first: 1) { nodes { name } } users(search: $s, first: 1) { totalCount } }',
    variables: { s: pick(random, HOSTILE_VALUES) },
  }),
  (random) => ({
    query: 'query ($a: String) { assets(first: 2, after: $a) { nodes { name } } }',
    variables: { a: pick(random, [...HOSTILE_VALUES, Buffer.from('x:9999999999999:../x').toString('base64url')]) },
  }),
  (random) => ({
    query: 'query ($f: AssetFilter) { assets(first: 1, filter: $f) { totalCount } }',
    variables: {
      f: pick(random, [
        ...HOSTILE_VALUES,
        { name: pick(random, HOSTILE_VALUES) },
        { id_in: ['x'] },
        { category: 'NONE' },
      ]),
    },
  }),
  (random) => ({
    query: 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename ... on User { name } } }',
    variables: {
      of: [
        {
          __typename: pick(random, ['User', 'Asset', 'Query', '__Schema', 'constructor', '__proto__']),
          id: pick(random, HOSTILE_VALUES),
          username: pick(random, HOSTILE_VALUES),
        },
      ],
    },
  }),
  (random) => ({
    query: 'mutation ($i: CreateUserGroupInput!) { createUserGroup(input: $i) { userErrors { code } } }',
    variables: { i: pick(random, [...HOSTILE_VALUES, { name: pick(random, HOSTILE_VALUES) }]) },
  }),
  (random) => ({
    query: 'mutation ($i: UpdateUserInput!) { updateUser(input: $i) { userErrors { code } } }',
    variables: {
      i: {
        id: pick(random, HOSTILE_VALUES),
        name: pick(random, HOSTILE_VALUES),
        comment: pick(random, HOSTILE_VALUES),
      },
    },
  }),
  (random) => ({
    query: 'mutation ($i: LoginInput!) { login(input: $i) { __typename } }',
    variables: { i: { username: pick(random, HOSTILE_VALUES), password: pickSecret(random) } },
  }),
  (random) => ({
    query: 'mutation ($i: VerifyMfaInput!) { verifyMfa(input: $i) { __typename } }',
    variables: {
      i: {
        challenge: pick(random, HOSTILE_VALUES),
        type: pick(random, HOSTILE_VALUES),
        code: pickSecret(random),
      },
    },
  }),
  (random) => ({
    query: `{ __schema { types { fields { type { ${'ofType { '.repeat(1 + Math.floor(random() * 30))} name ${'} '.repeat(30)}`,
  }),
  () => ({ query: '{ __type(name: "__proto__") { name } a: __type(name: "constructor") { name } }' }),
  (random) => ({ query: `{ ${'#'.repeat(Math.floor(random() * 20_000))}\n viewer { __typename } }` }),
  (random) => ({ query: `{ viewer { ${repeat('__typename', Math.floor(random() * 6000))} } }` }),
  (random) => ({
    query: '{ viewer { __typename } }',
    operationName: pick(random, HOSTILE_VALUES),
    extensions: pick(random, HOSTILE_VALUES),
  }),
  (random) => ({ query: pick(random, HOSTILE_VALUES), variables: pick(random, HOSTILE_VALUES) }),
  (random) => ({
    extensions: {
      persistedQuery: { version: pick(random, [1, 2, 'x', null]), sha256Hash: pick(random, HOSTILE_VALUES) },
    },
    query: pick(random, [undefined, '{ __typename }']),
  }),
  (random) => ({ documentId: pick(random, HOSTILE_VALUES) }),
  (random) => ({
    query: '{ access { check(user: $u, asset: $u) { allowed } } }'.replace(/^/, 'query ($u: ID!) '),
    variables: { u: pick(random, HOSTILE_VALUES) },
  }),
  (random) => ({
    query: 'query ($z: String) { reports { loginStatistics(timeZone: $z) { asOf } } }',
    variables: { z: pick(random, HOSTILE_VALUES) },
  }),
];

/** A body of one of three kinds: a valid read, one with errors, an attack. */
export function generateBody(random: Random): Body {
  const kind = random();
  if (kind < 0.3) return { query: valid(random) };
  if (kind < 0.65) return { query: invalid(random) };
  return pick(random, ATTACKS)(random);
}

const BYTES = [
  '\r\n',
  '\n',
  '\0',
  ' ',
  '\t',
  ':',
  '%00',
  '%2e%2e/',
  'é',
  '\x7f',
  '"',
  '\\',
  'Transfer-Encoding: chunked\r\n',
  'Content-Length: 9\r\n',
  'Host: elsewhere.test\r\n',
  'X-Forwarded-For: 1.1.1.1\r\n',
  'Cookie: jms_sessionid=x\r\n',
  'Expect: 100-continue\r\n',
  'Upgrade: h2c\r\nConnection: Upgrade\r\n',
  'A'.repeat(20_000),
];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'PATCH', 'CONNECT', 'FOO', ''];
const PATHS = [
  '/graphql',
  '/graphql?query={__typename}',
  '/graphql?variables=[',
  '/graphql?query=%ff',
  '//graphql',
  '/graphql/../healthz',
  '/reports/x.csv',
  '/reports/overview.json',
  '/reports/../../etc/passwd',
  '/metrics',
  '/',
  '/%',
  '*',
  'http://elsewhere.test/graphql',
  '/graphql?query={__typename}&query=2',
];
const TYPES = [
  'application/json',
  'text/plain',
  'application/graphql',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/x-www-form-urlencoded',
  '',
];
const BODIES = [
  '{"query":"{__typename}"}',
  '[{"query":"{__typename}"}]',
  '{',
  '',
  'null',
  '"x"',
  '{"query":"{__typename}","__proto__":{"a":1}}',
  '{"query":{"a":1}}',
  `${'['.repeat(5000)}`,
  '\ufeff{"query":"{__typename}"}',
];

/** A whole HTTP request as bytes, broken somewhere. */
export function generateRequest(random: Random): string {
  const body = pick(random, BODIES);
  const length = random() < 0.85 ? Buffer.byteLength(body) : Math.floor(random() * 1e9);
  const method = random() < 0.6 ? 'POST' : pick(random, METHODS);
  const version = random() < 0.95 ? 'HTTP/1.1' : pick(random, ['HTTP/1.0', 'HTTP/9', 'HTTP/2.0', '']);
  const head = `${method} ${pick(random, PATHS)} ${version}\r\nHost: x\r\nAuthorization: Bearer sandbox-admin\r\nContent-Type: ${pick(random, TYPES)}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;
  let text = head + body;
  for (let times = Math.floor(random() * 4); times > 0; times--) {
    const at = Math.floor(random() * text.length);
    const cut = random() < 0.5 ? Math.floor(random() * 12) : 0;
    text = text.slice(0, at) + (random() < 0.7 ? pick(random, BYTES) : '') + text.slice(at + cut);
  }
  return text;
}
