import { isRead, parseJson } from './answer.ts';
import type { Call, Stats } from './attempt.ts';
import { ANONYMOUS, type Caller, replaceSession } from './credentials.ts';
import type { Dispatch } from './dispatch.ts';
import { isUpstreamError, type RequestName, UpstreamError } from './errors.ts';
import type { Flights } from './flights.ts';
import type { Foresight, Reads } from './foresight.ts';
import type { Organization } from './organization.ts';
import type { Quota } from './quota.ts';
import type { Renames } from './renames.ts';
import type { Repeats } from './repeats.ts';
import type { ServerFacts } from './server-facts.ts';
import type { ServiceIdentity } from './service-identity.ts';
import type { SessionOptions } from './session.ts';
import type { Shelf } from './shelf.ts';
import type { Incoming } from './transport.ts';

/** What all sessions of an upstream share. */
export interface SessionParts {
  readonly dispatch: Dispatch;
  readonly quota: Quota;
  readonly facts: ServerFacts;
  readonly organizations: Flights<Organization>;
  readonly shelf: Shelf;
  readonly foresight: Foresight;
  readonly now: () => number;
  /** JumpServer's own origin, as a browser would name it. */
  readonly origin: string;
  readonly host: string;
  /** Stands before `/api/v1`; empty unless JumpServer lives under a path. */
  readonly prefix: string;
  readonly cookiePrefix: string;
  readonly principalKey: string | undefined;
  readonly defaultOrganization: string | undefined;
  readonly operations: ReadonlySet<string> | undefined;
  readonly repeatBytes: number;
}

/** What the sessions of one operation share, whatever their organisation. */
export interface Family {
  readonly options: SessionOptions;
  readonly caller: Caller;
  readonly identity: ServiceIdentity | undefined;
  readonly language: string;
  readonly forwardedFor: string | undefined;
  readonly stats: Stats;
  readonly repeats: Repeats;
  /** Calls counted against the budget; finding out about server and organisation is free. */
  readonly spent: { calls: number };
  /** Organisations that were asked for anew before the first write in them, by principal and name. */
  readonly confirmed: Map<string, Promise<Organization>>;
  /** Where the reads of a question are noted that may be asked again. */
  readonly habit: { reads?: Reads; organization?: string | undefined };
}

/** One call as a session means it. */
export interface Transmission {
  readonly name: RequestName;
  readonly url: string;
  readonly body: string | undefined;
  readonly organization: string | undefined;
  readonly accept: string | undefined;
  readonly cookie?: string | undefined;
  readonly accepts?: Call['accepts'];
  /** Sent with today's names whatever the server: the question is whether it knows them. */
  readonly asToday?: boolean;
}

/** Puts address and headers on a call and sends it; a service identity that signs in by password does so once more after a 401. */
export const transmit = async (parts: SessionParts, family: Family, transmission: Transmission): Promise<Incoming> => {
  const { caller, identity, options, stats } = family;
  const { name, body } = transmission;
  const renames = transmission.asToday ? undefined : parts.facts.renames;
  const target = toTarget(parts.prefix, renames, transmission);
  let sent: Readonly<Record<string, string>> = {};
  const headers = toHeaders(parts, family, transmission);
  const authorize = async (service: ServiceIdentity) => {
    sent = await service.authorize(
      { method: name.method, target, host: parts.host, accept: headers.accept ?? '', date: new Date(parts.now()) },
      (username, password) => signIn(parts, family, username, password),
    );
    return { ...headers, ...sent };
  };
  const call: Call = {
    name,
    target,
    body: body === undefined ? undefined : (renames?.body(name.path, body) ?? body),
    // Strangers must not use up each other's places: their address tells them apart.
    principal: caller.principal === ANONYMOUS ? `${ANONYMOUS} ${family.forwardedFor ?? ''}` : caller.principal,
    signal: options.signal,
    deadline: options.deadline,
    requestId: options.requestId,
    stats,
    accepts: transmission.accepts,
    headers: () => (identity ? authorize(identity) : headers),
  };
  stats.calls++;
  if (!isRead(name.method)) stats.writes.push(`${name.method} ${name.path}`);
  try {
    return await parts.dispatch(call);
  } catch (error) {
    if (isUpstreamError(error, 'UNAUTHENTICATED') && identity?.renew(sent)) {
      stats.retries++;
      return parts.dispatch(call);
    }
    throw toOurWords(error, caller, parts, name);
  }
};

const toTarget = (prefix: string, renames: Renames | undefined, { name, url }: Transmission): string => {
  const [path, query] = splitOnce(url.replace(/^\/api\/v1(?=\/)/, ''), '?');
  const asked = renames ? renames.query(name.path, query) : query;
  return `${prefix}/api/v1${renames ? renames.path(path) : path}${asked === '' ? '' : `?${asked}`}`;
};

const splitOnce = (text: string, separator: string): readonly [string, string] => {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
};

/** What goes out: the caller's own credentials and what makes answers machine-readable (api.md §1.7). Nothing else of the caller's request. */
const toHeaders = (
  parts: SessionParts,
  family: Family,
  { accept, organization, cookie }: Transmission,
): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = {
    accept: accept ?? 'application/json',
    // On GET too: errors outside the API's own code are HTML without it (api.md §0).
    'content-type': 'application/json',
    'accept-language': family.language,
    'x-tz': 'UTC',
    ...family.caller.headers,
  };
  if (organization !== undefined) headers['x-jms-org'] = organization;
  if (family.forwardedFor !== undefined) headers['x-forwarded-for'] = family.forwardedFor;
  const replaced = cookie === undefined ? undefined : replaceSession(cookie, headers.cookie, parts.cookiePrefix);
  if (replaced) Object.assign(headers, { cookie: replaced, origin: parts.origin, referer: `${parts.origin}/` });
  return headers;
};

/** Signs the service identity in: a call of its own, whose failure is the caller's. */
const signIn = async (parts: SessionParts, family: Family, username: string, password: string): Promise<string> => {
  const name = { method: 'POST', path: '/authentication/auth/' };
  // As nobody: on the identity's own account it could wait for a place behind the very calls that wait for it.
  const plain: Family = { ...family, identity: undefined, caller: { ...family.caller, principal: ANONYMOUS } };
  const answer = await transmit(parts, plain, {
    name,
    url: name.path,
    body: JSON.stringify({ username, password }),
    organization: undefined,
    accept: undefined,
  });
  const body = parseJson(answer, name);
  if (typeof body === 'object' && body !== null && 'token' in body && typeof body.token === 'string') return body.token;
  throw new UpstreamError('UNAUTHENTICATED', name, {
    reason: answer.status,
    status: answer.status,
    hint: 'the service identity needs a user who signs in without a second factor or a review',
  });
};

/** Adds what the caller can do about a 401, and gives an older server's field errors today's names. */
const toOurWords = (error: unknown, caller: Caller, { facts }: SessionParts, name: RequestName): unknown => {
  if (!isUpstreamError(error)) return error;
  facts.renames?.answer(name.path, error.body);
  if (error.code !== 'UNAUTHENTICATED' || caller.hint === undefined) return error;
  return new UpstreamError(error.code, error.request, {
    reason: error.status ?? 401,
    status: error.status,
    body: error.body,
    hint: caller.hint,
  });
};
