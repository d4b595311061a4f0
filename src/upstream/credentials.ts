import { createHmac, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { type RequestName, UpstreamError } from './errors.ts';
import type { Credentials } from './options.ts';

/** The principal of a session without credentials. */
export const ANONYMOUS = 'anonymous';

/** Keys of principals are worth nothing outside this process, unless a key is configured. */
const secret = randomBytes(32);

const VISIBLE = /^[\x20-\x7e]{1,8192}$/;
/** The schemes that JumpServer knows and that survive being passed on (api.md §1.1). */
const SCHEME = /^(Bearer|Token) +(\S+)$/i;
const PRIVATE_TOKEN = /^Bearer +[0-9a-f]{40}$/i;

/** The credentials of one caller, checked, as the headers that JumpServer expects. */
export interface Caller {
  readonly principal: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What to say when JumpServer answers 401. */
  readonly hint: string | undefined;
  /** Set when the credentials can't be used at all: the words of the error. */
  readonly refusal: string | undefined;
}

/** What {@link toCaller} needs to know of the server; `origin` is JumpServer's own. */
export interface CallerOptions {
  readonly cookiePrefix: string;
  readonly origin: string;
  /** Processes with the same key know callers by the same principals. */
  readonly principalKey?: string | undefined;
}

/** Checks credentials and turns them into headers. Never throws: a refusal is reported by the first call that needs them. */
export const toCaller = (credentials: Credentials, options: CallerOptions): Caller => {
  const authorization = credentials.authorization?.trim() || undefined;
  const cookie = credentials.cookie === undefined ? undefined : pickCookies(credentials.cookie, options.cookiePrefix);
  const refusal = findRefusal(authorization, cookie, credentials.csrfToken);
  if (refusal !== undefined) return { principal: ANONYMOUS, headers: {}, hint: undefined, refusal };
  const headers: Record<string, string> = {};
  if (authorization) headers.authorization = authorization;
  if (cookie) {
    headers.cookie = cookie.text;
    // Django compares them with the host (api.md, Corrections); the browser's are ours, not JumpServer's.
    headers.origin = options.origin;
    headers.referer = `${options.origin}/`;
    if (credentials.csrfToken) headers['x-csrftoken'] = credentials.csrfToken;
  }
  return {
    principal: toPrincipal(authorization, cookie?.session, options.principalKey),
    headers,
    hint:
      authorization && PRIVATE_TOKEN.test(authorization)
        ? 'a private token is sent as `Authorization: Token …`'
        : undefined,
    refusal: undefined,
  };
};

const findRefusal = (
  authorization: string | undefined,
  cookie: Cookies | undefined,
  csrfToken: string | undefined,
): string | undefined => {
  if (authorization && /^Signature\b/i.test(authorization))
    return 'a request signature covers one path of JumpServer and can not be passed on; send a Bearer or private token';
  if (authorization && !(VISIBLE.test(authorization) && SCHEME.test(authorization)))
    return 'expected `Authorization: Bearer …` or `Authorization: Token …`';
  if (csrfToken !== undefined && !VISIBLE.test(csrfToken)) return 'X-CSRFToken is malformed';
  if (!authorization && !cookie?.session) return 'no credentials were sent';
  return undefined;
};

interface Cookies {
  readonly text: string;
  readonly session: string | undefined;
}

/** JumpServer's own two cookies (api.md §1.1) and nothing else of what the browser sent along. */
const pickCookies = (header: string, prefix: string): Cookies | undefined => {
  const names = [`${prefix}sessionid`, `${prefix}csrftoken`];
  const pairs = header.split(';').flatMap((part) => {
    const [name = '', ...rest] = part.trim().split('=');
    const value = rest.join('=');
    return names.includes(name) && /^[\x21-\x3a\x3c-\x7e]+$/.test(value) ? [{ name, value }] : [];
  });
  if (pairs.length === 0) return undefined;
  return {
    text: pairs.map(({ name, value }) => `${name}=${value}`).join('; '),
    session: pairs.find(({ name }) => name === names[0])?.value,
  };
};

/**
 * A sign-in session's cookie in place of the caller's own session, beside the caller's CSRF cookie: JumpServer compares that one with
 * `X-CSRFToken` on writes. Undefined when the cookie holds nothing of JumpServer's.
 */
export const replaceSession = (cookie: string, own: string | undefined, prefix: string): string | undefined => {
  const [next, mine] = [pickCookies(cookie, prefix), own === undefined ? undefined : pickCookies(own, prefix)];
  const name = `${prefix}csrftoken=`;
  const kept = mine?.text.split('; ').find((pair) => pair.startsWith(name));
  return next === undefined || kept === undefined || next.text.includes(name) ? next?.text : `${next.text}; ${kept}`;
};

/** Both count: JumpServer falls through from an expired Bearer token to the session (api.md §1.1). */
const toPrincipal = (
  authorization: string | undefined,
  session: string | undefined,
  key: string | undefined,
): string =>
  authorization === undefined && session === undefined
    ? ANONYMOUS
    : hashPrincipal(JSON.stringify([authorization, session]), key);

/** An opaque key that is the same for the same text within this process, or under the same key, and says nothing about it. */
export const hashPrincipal = (text: string, key: string | Buffer = secret): string =>
  createHmac('sha256', key).update(text).digest('base64url');

/** The error for credentials that can't be used, before anything is sent. */
export const toRefusal = (reason: string, request: RequestName): UpstreamError =>
  new UpstreamError('UNAUTHENTICATED', request, { reason: 'not sent', hint: reason });

/** The first address, when it is one: nothing else may get into the header. */
export const toForwardedFor = (address: string | undefined): string | undefined =>
  address !== undefined && isIP(address) ? address : undefined;

/** JumpServer's language from an `Accept-Language` header: the first tag, lower case; English when there is none (api.md §1.7). */
export const toLanguage = (header: string | undefined): string => {
  const [tag] = /[a-z]{2,3}(-[a-z0-9]{2,8})*/i.exec(header?.split(',')[0] ?? '') ?? [];
  return tag?.toLowerCase() ?? 'en';
};
