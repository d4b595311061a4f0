import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';

/** Who the service identity is: how Jumpgraph signs in for jobs without a caller, never for a caller's request. */
export type ServiceIdentity =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'accessKey'; readonly id: string; readonly secret: string }
  | { readonly kind: 'password'; readonly username: string; readonly password: string };

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const PROXY_NAMES = new Set(['loopback', 'linklocal', 'uniquelocal']);
const SIZES: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2 };

const text = z.string();
const fault = (expected: string) => ({ error: `expected ${expected}` });
const list = text.transform((value) => value.split(',').flatMap((part) => part.trim() || []));
const toggle = z.enum(['on', 'off'], fault('on or off')).transform((value) => value === 'on');
const whole = (least: number, most: number) =>
  text
    .regex(/^-?\d+$/, fault(`a whole number from ${least} to ${most}`))
    .transform(Number)
    .pipe(
      z
        .number()
        .min(least, fault(`at least ${least}`))
        .max(most, fault(`at most ${most}`)),
    );
const seconds = (fallback: number, most: number) =>
  whole(1, most)
    .default(fallback)
    .transform((value) => value * 1000);
const size = text
  .regex(/^\d+[km]?$/i, fault('a number of bytes, or with k or m behind it (512k, 2m)'))
  .transform((value) => Number.parseInt(value, 10) * (SIZES[value.slice(-1).toLowerCase()] ?? 1));
const url = text
  .refine(
    (value) => /^https?:/.test(value) && URL.canParse(value),
    fault('a URL such as https://jumpserver.example.com'),
  )
  .refine(
    (value) => !URL.canParse(value) || !new URL(value).username,
    fault('a URL without user name; credentials have their own settings'),
  )
  .transform((value) => value.replace(/\/+$/, ''));
const origin = text.refine((value) => URL.canParse(value) && new URL(value).origin === value, {
  error: 'expected origins such as https://app.example.com, separated by commas and without a path',
});

/** `TRUST_PROXY`: nobody (`none`), or the proxies' addresses (also CIDR and the names of `proxy-addr`); a count would believe anybody who connects directly. */
const trustProxy = text.transform((value, context) => {
  if (value === 'none') return false;
  const parts = value.split(',').map((part) => part.trim());
  if (parts.every(isProxyAddress)) return parts;
  context.addIssue({
    code: 'custom',
    message: 'expected none or the addresses of your proxies (10.0.0.0/8, loopback), separated by commas',
  });
  return z.NEVER;
});

const isProxyAddress = (part: string): boolean => {
  const [address = '', length = '0', ...rest] = part.split('/');
  const longest = isIP(address) === 4 ? 32 : 128;
  return (
    PROXY_NAMES.has(part) ||
    (isIP(address) > 0 && rest.length === 0 && /^\d+$/.test(length) && Number(length) <= longest)
  );
};

const certificate = text.transform((path, context) => {
  try {
    const pem = readFileSync(path, 'utf8');
    new X509Certificate(pem);
    return pem;
  } catch {
    context.addIssue({ code: 'custom', message: 'expected the path of a readable PEM file with a certificate' });
    return z.NEVER;
  }
});

/** Every environment variable Jumpgraph reads, with what it is for; README.md lists those most asked for. */
export const settings = z.object({
  HOST: text.default('127.0.0.1').describe('address to listen on (127.0.0.1)'),
  PORT: whole(0, 65_535).default(4000).describe('port to listen on; 0 takes a free one (4000)'),
  BASE_PATH: text
    .regex(/^(\/[\w.~-]+)*\/?$/, fault('a path such as /graph'))
    .default('')
    .transform((value) => value.replace(/\/$/, ''))
    .describe("path prefix, to live under JumpServer's own host"),
  TRUST_PROXY: trustProxy.default(false).describe('whose X-Forwarded-For is believed: none, or addresses of proxies'),
  CORS_ORIGINS: list.pipe(z.array(origin)).default([]).describe('origins that browsers may call from; none by default'),
  BODY_LIMIT: size.default(4 * 1024 ** 2).describe('largest request body (4m)'),
  QUERY_EDITOR: toggle.default(true).describe('serve the query editor (on)'),
  METRICS: toggle.default(true).describe('serve /metrics (on)'),
  LOG_LEVEL: z
    .enum(LEVELS, fault(`one of ${LEVELS.join(', ')}`))
    .default('info')
    .describe('least severity that is logged (info)'),
  SHUTDOWN_TIMEOUT: seconds(8, 60).describe('seconds that running operations get after SIGTERM (8)'),

  JUMPSERVER_URL: url.optional().describe('the JumpServer to stand before; the embedded sandbox without it'),
  JUMPSERVER_ORG: text.optional().describe('organisation (id or name) for callers who name none'),
  JUMPSERVER_CA_FILE: certificate
    .optional()
    .describe("PEM file with the certificate authority of JumpServer's certificate"),
  JUMPSERVER_VERSION: text
    .regex(/^v?\d+\.\d+\.\d+$/, fault('a version such as 4.10.16'))
    .transform((value) => value.replace('v', ''))
    .optional()
    .describe('overrides the detected version of JumpServer'),
  JUMPSERVER_TOKEN: text.optional().describe('service identity: a Bearer token'),
  JUMPSERVER_PRIVATE_TOKEN: text.optional().describe('service identity: a private token'),
  JUMPSERVER_ACCESS_KEY_ID: text.optional().describe('service identity: id of an access key'),
  JUMPSERVER_ACCESS_KEY_SECRET: text.optional().describe('service identity: secret of an access key'),
  JUMPSERVER_USERNAME: text.optional().describe('service identity: user name'),
  JUMPSERVER_PASSWORD: text.optional().describe('service identity: password'),
  SESSION_COOKIE_PREFIX: text
    .regex(/^[\w-]*$/, fault('letters, digits, _ and -'))
    .default('jms_')
    .describe("prefix of JumpServer's session and CSRF cookies (jms_)"),

  INTROSPECTION: z
    .enum(['on', 'off', 'allowed'], fault('on, off or allowed'))
    .default('on')
    .describe('who may read the schema: everybody, nobody, or callers with a key of INTROSPECTION_KEYS (on)'),
  INTROSPECTION_KEYS: list.default([]).describe('keys that callers send as X-Introspection-Key, separated by commas'),
  SEAL_KEY: text
    .min(32, fault('at least 32 characters, such as `openssl rand -base64 32` prints'))
    .optional()
    .describe('secret that seals challenges; the same for all instances, so that each opens those of the others'),
  CACHE_TIME: whole(0, 3600)
    .default(30)
    .describe(
      'seconds for which platforms, roles and public settings are kept for the caller who read them; 0 for no cache (30)',
    ),
  FORESIGHT: toggle
    .default(true)
    .describe("send at once what a caller's question read the last two times, its addresses remembered (on)"),
  OPERATION_TIMEOUT: seconds(60, 3600).describe('seconds an operation may take (60)'),
  READ_TIMEOUT: seconds(60, 3600).describe(
    'seconds after which a connection is cut whose client takes nothing of its answer (60)',
  ),
  MAX_OPERATIONS: whole(1, 100_000).default(256).describe('operations at a time; more are answered 503 (256)'),
  MAX_OPERATIONS_PER_CALLER: whole(0, 100_000)
    .default(200)
    .describe('requests at a time of one caller; more are answered 429; 0 for no limit (200)'),
  RATE_LIMIT: whole(0, 10_000_000).default(0).describe('requests a minute of one caller; 0 for no limit (0)'),
  MAX_BATCH: whole(0, 100).default(0).describe('operations in a request that is a JSON array; 0 for no batches (0)'),
  MAX_EVENT_LOOP_DELAY: whole(0, 60_000)
    .default(500)
    .describe('milliseconds the event loop may lag before requests are answered 503; 0 for ever (500)'),
  TRUSTED_DOCUMENTS: text
    .optional()
    .describe('run only the documents of this manifest; own for those that come with Jumpgraph'),
  MAX_TOKENS: whole(100, 1_000_000).default(10_000).describe('lexical tokens in a document (10000)'),
  MAX_DEPTH: whole(1, 100).default(15).describe('levels of nested fields (15)'),
  MAX_ALIASES: whole(0, 10_000).default(100).describe('aliased fields in an operation, fragments spread out (100)'),
  MAX_DIRECTIVES: whole(0, 10_000).default(200).describe('directives in a document (200)'),
  MAX_FIELDS: whole(1, 1_000_000)
    .default(5_000)
    .describe('selected fields in an operation, fragments spread out (5000)'),
  MAX_ROOT_FIELDS: whole(1, 10_000).default(50).describe('root fields in an operation (50)'),
  MAX_ROWS: whole(1, 1_000_000_000).default(1_000_000).describe('rows by the product of page sizes (1000000)'),
  MAX_UPSTREAM_CALLS: whole(1, 100_000).default(500).describe('calls to JumpServer that one operation may make (500)'),
  REPORT_TIMEOUT: seconds(900, 86_400).describe('seconds a report at /reports may take (900)'),
  MAX_REPORT_CALLS: whole(1, 1_000_000)
    .default(5_000)
    .describe('calls to JumpServer that one report at /reports may make (5000)'),
});

/** Every setting with its purpose, for the help. */
export const describeSettings = (): string =>
  Object.entries(settings.shape)
    .map(([name, { description }]) => `  ${name.padEnd(30)}${description}`)
    .join('\n');

type Environment = Readonly<Record<string, string | undefined>>;
type Settings = z.output<typeof settings>;

/** The checked configuration; durations in milliseconds, sizes in bytes. */
export interface Config
  extends Omit<
    Settings,
    `JUMPSERVER_${'TOKEN' | 'PRIVATE_TOKEN' | 'ACCESS_KEY_ID' | 'ACCESS_KEY_SECRET' | 'USERNAME' | 'PASSWORD'}`
  > {
  readonly serviceIdentity: ServiceIdentity | undefined;
}

/** The environment is unusable; `faults` names each variable with what was expected of it. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((line) => `  ${line}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/**
 * Reads the configuration from the environment. Empty variables count as unset.
 * @throws ConfigError with all faults at once; no value of a variable is repeated in it
 */
export const loadConfig = (environment: Environment = process.env): Config => {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = settings.safeParse(given);
  const faults = [...(parsed.error?.issues ?? []).map(toFault), ...findConflicts(given)];
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  const {
    JUMPSERVER_TOKEN,
    JUMPSERVER_PRIVATE_TOKEN,
    JUMPSERVER_ACCESS_KEY_ID,
    JUMPSERVER_ACCESS_KEY_SECRET,
    JUMPSERVER_USERNAME,
    JUMPSERVER_PASSWORD,
    ...rest
  } = parsed.data;
  return { ...rest, serviceIdentity: toServiceIdentity(given) };
};

/** Variables whose values are secrets. */
const SECRETS = [
  'JUMPSERVER_TOKEN',
  'JUMPSERVER_PRIVATE_TOKEN',
  'JUMPSERVER_ACCESS_KEY_SECRET',
  'JUMPSERVER_PASSWORD',
  'SEAL_KEY',
  'INTROSPECTION_KEYS',
] as const;

/**
 * Reads the configuration of this process, and takes its secrets out of the environment: Node writes that into its crash reports.
 * @throws ConfigError as {@link loadConfig}
 */
export const takeConfig = (): Config => {
  try {
    return loadConfig();
  } finally {
    for (const name of SECRETS) delete process.env[name];
  }
};

const toFault = (issue: z.core.$ZodIssue): string => `${String(issue.path[0])}: ${issue.message}`;

const PAIRS = [
  ['JUMPSERVER_ACCESS_KEY_ID', 'JUMPSERVER_ACCESS_KEY_SECRET'],
  ['JUMPSERVER_USERNAME', 'JUMPSERVER_PASSWORD'],
] as const;

const findConflicts = (given: Environment): readonly string[] => {
  const halves = [...PAIRS, ...PAIRS.map(([one, other]) => [other, one] as const)].flatMap(([one, other]) =>
    given[one] && !given[other] ? [`${other}: expected together with ${one}`] : [],
  );
  const identities = ['JUMPSERVER_TOKEN', 'JUMPSERVER_PRIVATE_TOKEN', ...PAIRS.map(([name]) => name)].filter(
    (name) => given[name],
  );
  const several = identities
    .slice(1)
    .map((name) => `${name}: expected one service identity, and ${identities[0]} is set too`);
  const orphan =
    !given.JUMPSERVER_URL && identities[0] ? [`JUMPSERVER_URL: expected when ${identities[0]} is set`] : [];
  const keys =
    given.INTROSPECTION === 'allowed' && !given.INTROSPECTION_KEYS
      ? ['INTROSPECTION_KEYS: expected with INTROSPECTION=allowed']
      : [];
  return [...halves, ...several, ...orphan, ...keys];
};

const toServiceIdentity = (given: Environment): ServiceIdentity | undefined => {
  const { JUMPSERVER_TOKEN: bearer, JUMPSERVER_PRIVATE_TOKEN: token } = given;
  const { JUMPSERVER_ACCESS_KEY_ID: id, JUMPSERVER_ACCESS_KEY_SECRET: secret } = given;
  const { JUMPSERVER_USERNAME: username, JUMPSERVER_PASSWORD: password } = given;
  if (bearer) return { kind: 'bearer', token: bearer };
  if (token) return { kind: 'token', token };
  if (id && secret) return { kind: 'accessKey', id, secret };
  if (username && password) return { kind: 'password', username, password };
  return undefined;
};
