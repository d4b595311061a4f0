import { createHmac, timingSafeEqual } from 'node:crypto';
import { isInRange } from './attr-rules.ts';
import { ApiError, authenticationFailed, ServerCrash } from './errors.ts';
import type { Exchange, Scheme } from './exchange.ts';
import type { Id, Row } from './types.ts';
import { isIn } from './versions.ts';
import { idsOf, textOf, type WebSession, type World } from './world.ts';

/** Tokens that exist in every sandbox, and whose they are: administrator, auditor, ordinary user. */
export const SANDBOX_TOKENS = ['sandbox-admin', 'sandbox-auditor', 'sandbox-user'] as const;

/** Who a request comes from. */
export interface Principal {
  user: Row | null;
  scheme: Scheme;
}

const NOBODY: Principal = { user: null, scheme: 'none' };

/** Cookies of a request by name. */
export function cookiesOf(request: Request): Map<string, string> {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
  return new Map(pairs.filter(([name]) => name !== '').map(([name = '', ...rest]) => [name, rest.join('=')]));
}

/** The living session behind a request's cookie. */
export function sessionOf(world: World, request: Request): WebSession | null {
  const id = cookiesOf(request).get('jms_sessionid');
  const session = id === undefined ? undefined : (world.memory.sessions.get(id) ?? fixedSession(world, id));
  return session !== undefined && session.expires > world.now() ? session : null;
}

/** Every fixed token is also the id of a session that is always open, so that cookie callers can be tried without the pages of a browser. */
function fixedSession(world: World, token: string): WebSession | undefined {
  const user = byFixedToken(world, token);
  if (user === undefined) return undefined;
  return keepSession(world, { id: token, csrf: token, expires: Number.POSITIVE_INFINITY, user: user.id });
}

/** Makes a session, as a first call to sign in does; it lives ten minutes until signed in. */
export function openSession(world: World): WebSession {
  return keepSession(world, {
    id: world.chance.uuid().replaceAll('-', ''),
    csrf: world.chance.uuid().replaceAll('-', ''),
    expires: world.now() + 600_000,
    user: null,
  });
}

function keepSession(world: World, whose: Pick<WebSession, 'id' | 'csrf' | 'expires' | 'user'>): WebSession {
  const session = { ...whose, pending: null, secondFactor: false, ticket: null, confirmed: null, org: null };
  world.memory.sessions.set(session.id, session);
  return session;
}

const userBy = (world: World, id: Id): Row | undefined => world.store.table('users').get(id);

function byFixedToken(world: World, token: string): Row | undefined {
  const username = world.tokens.get(token);
  return username === undefined ? undefined : world.store.table('users').where('username', username)[0];
}

function byBearer(world: World, token: string): Principal {
  const fixed = byFixedToken(world, token);
  if (fixed !== undefined) return { user: fixed, scheme: 'bearer' };
  const known = world.memory.bearers.get(token);
  if (known === undefined || known.expires <= world.now()) {
    if (isIn(world.version, { until: '4.10.16' })) throw authenticationFailed('This token is not known.');
    return NOBODY;
  }
  return { user: userBy(world, known.user) ?? null, scheme: 'bearer' };
}

function byToken(world: World, token: string): Principal {
  const fixed = byFixedToken(world, token);
  if (fixed === undefined) throw authenticationFailed('This token is not known.');
  return { user: fixed, scheme: 'token' };
}

/** Who a browser's session belongs to. */
function bySession(x: Pick<Exchange, 'world' | 'request' | 'session' | 'method'>): Principal {
  const cookies = cookiesOf(x.request);
  const own = x.session?.user;
  const user = own === null || own === undefined ? undefined : userBy(x.world, own);
  if (user === undefined) return NOBODY;
  if (!['GET', 'HEAD', 'OPTIONS'].includes(x.method)) {
    const cookie = cookies.get('jms_csrftoken');
    const header = x.request.headers.get('x-csrftoken');
    if (cookie === undefined || header === null || cookie !== header) {
      throw new ApiError(403, { detail: 'CSRF Failed: the token is missing or wrong.', code: 'permission_denied' });
    }
  }
  return { user, scheme: 'session' };
}

/** Finds who a request comes from; nobody is not an error here (api.md §1.1). */
export function authenticate(
  x: Pick<Exchange, 'world' | 'request' | 'session' | 'method' | 'url' | 'address'>,
): Principal {
  const header = x.request.headers.get('authorization') ?? '';
  const [keyword = '', ...rest] = header.split(' ');
  const value = rest.join(' ').trim();
  if (keyword === 'Signature') return bySignature(x, value);
  if (keyword === 'Bearer') return byBearer(x.world, value);
  if (keyword === 'Token') return byToken(x.world, value);
  return bySession(x);
}

function signatureParts(text: string): Map<string, string> {
  const parts = [...text.matchAll(/([A-Za-z]+)="([^"]*)"/g)];
  return new Map(parts.map((part) => [(part[1] ?? '').toLowerCase(), part[2] ?? '']));
}

const ALGORITHMS: Record<string, string> = { 'hmac-sha1': 'sha1', 'hmac-sha256': 'sha256', 'hmac-sha512': 'sha512' };

/** An access key's signature over the request (api.md §1.4). The Date is signed but not compared with the clock. */
function bySignature(x: Pick<Exchange, 'world' | 'request' | 'method' | 'url' | 'address'>, text: string): Principal {
  const parts = signatureParts(text);
  const key = x.world.store.table('access-keys').get(parts.get('keyid') ?? '');
  if (key === undefined || key.is_active === false) throw authenticationFailed('This access key is not known.');
  const names = (parts.get('headers') ?? 'date').split(' ').filter((name) => name !== '');
  for (const needed of ['(request-target)', 'date']) {
    if (!names.includes(needed)) throw new ServerCrash(`${needed} is not signed`);
  }
  const algorithm = ALGORITHMS[parts.get('algorithm') ?? ''];
  if (algorithm === undefined) throw new ServerCrash('unknown signature algorithm');
  const lines = names.map((name) => {
    if (name === '(request-target)') return `${name}: ${x.method.toLowerCase()} ${x.url.pathname}${x.url.search}`;
    const value = name === 'host' ? (x.request.headers.get('host') ?? x.url.host) : x.request.headers.get(name);
    if (value === null) throw new ServerCrash(`signed header ${name} is absent`);
    return `${name}: ${value}`;
  });
  const wanted = createHmac(algorithm, textOf(key.secret)).update(lines.join('\n')).digest();
  const given = Buffer.from(parts.get('signature') ?? '', 'base64');
  if (wanted.length !== given.length || !timingSafeEqual(wanted, given))
    throw authenticationFailed('The signature is wrong.');
  const ranges = idsOf(key.ip_group).map(String);
  if (ranges.length > 0 && !ranges.some((range) => isInRange(x.address, range))) {
    throw authenticationFailed('This address may not use the access key.');
  }
  x.world.store.table('access-keys').update(key.id, { date_last_used: x.world.now() });
  return { user: userBy(x.world, textOf(key.user)) ?? null, scheme: 'signature' };
}
