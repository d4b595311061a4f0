import { setMaxListeners } from 'node:events';
import { isRead, parseJson, parseLoosely } from './answer.ts';
import type { Capabilities } from './capabilities.ts';
import { type ApiRequest, type ApiResponse, createApi, fillPath } from './client.ts';
import { ANONYMOUS, type Caller, pickCookies, toCaller, toForwardedFor, toLanguage, toRefusal } from './credentials.ts';
import type { Call, Dispatch, Stats } from './dispatch.ts';
import { isUpstreamError, type RequestName, UpstreamError } from './errors.ts';
import type { Flights } from './flights.ts';
import {
  DEFAULT_ORGANIZATION,
  isCurrentOrganization,
  type Organization,
  type OrganizationName,
  toOrganization,
  toOrganizationName,
} from './organization.ts';
import type { Quota } from './quota.ts';
import type { Renames } from './renames.ts';
import { createRepeats, type Repeats } from './repeats.ts';
import type { Inquiry, ServerFacts } from './server-facts.ts';
import { isServiceIdentity, type ServiceIdentity } from './service-identity.ts';
import type { Session, SessionOptions } from './session.ts';
import type { Incoming } from './transport.ts';

/** What all sessions of an upstream share. */
export interface SessionParts {
  readonly dispatch: Dispatch;
  readonly quota: Quota;
  readonly facts: ServerFacts;
  readonly organizations: Flights<Organization>;
  readonly now: () => number;
  /** JumpServer's own origin, as a browser would name it. */
  readonly origin: string;
  readonly host: string;
  /** Stands before `/api/v1`; empty unless JumpServer lives under a path. */
  readonly prefix: string;
  readonly cookiePrefix: string;
  readonly defaultOrganization: string | undefined;
  readonly operations: ReadonlySet<string> | undefined;
  readonly repeatBytes: number;
}

/** What the sessions of one operation share, whatever their organisation. */
interface Family {
  readonly options: SessionOptions;
  readonly caller: Caller;
  readonly identity: ServiceIdentity | undefined;
  readonly language: string;
  readonly forwardedFor: string | undefined;
  readonly stats: Stats;
  readonly repeats: Repeats;
  /** Calls counted against the budget; finding out about server and organisation is free. */
  spent: number;
}

/** Answers without a sign-in (api.md, Corrections). */
const OPEN = new Set(['/settings/public/open/']);

/** Creates the session of an operation. Nothing is sent until something is asked. */
export const createSession = (parts: SessionParts, options: SessionOptions): Session => {
  const { credentials } = options;
  // Each call in flight listens; that is no leak, whatever Node suspects from the eleventh on.
  if (options.signal) setMaxListeners(0, options.signal);
  const identity = isServiceIdentity(credentials) ? credentials : undefined;
  const caller = isServiceIdentity(credentials)
    ? { principal: credentials.principal, headers: {}, hint: undefined, refusal: undefined }
    : toCaller(credentials, parts);
  const family: Family = {
    options,
    caller,
    identity,
    language: toLanguage(options.language),
    forwardedFor: toForwardedFor(options.forwardedFor),
    stats: { calls: 0, bytes: 0, milliseconds: 0, retries: 0 },
    repeats: createRepeats(parts.repeatBytes),
    spent: 0,
  };
  return openSession(parts, family, options.organization ?? parts.defaultOrganization ?? DEFAULT_ORGANIZATION);
};

const openSession = (parts: SessionParts, family: Family, words: string): Session => {
  const { facts, organizations } = parts;
  const { caller, stats } = family;
  const asked = toOrganizationName(words);

  const ask = async (path: string, query = ''): Promise<unknown> => {
    const name = { method: 'GET', path };
    const plain = {
      name,
      url: path + query,
      body: undefined,
      organization: asked?.value,
      accept: undefined,
      asToday: true,
    };
    return parseJson(await transmit(parts, family, plain), name);
  };

  const inquiry: Inquiry = {
    settings: async () => toSettings(await ask('/settings/public/')),
    probe: async (path) => {
      try {
        await ask(path, '?limit=1');
        return true;
      } catch (error) {
        if (isUpstreamError(error, 'UNSUPPORTED_BY_SERVER')) return false;
        if (isUpstreamError(error, 'FORBIDDEN')) return true;
        throw error;
      }
    },
  };

  const capabilities = async (): Promise<Capabilities> => facts.current() ?? (await facts.learn(inquiry));

  const organization = async (): Promise<Organization> => {
    const known = requireName(asked, words);
    assertSignedIn(caller, { method: 'GET', path: '/orgs/orgs/current/' });
    return organizations.get(`${caller.principal} ${known.value}`, async () => {
      const current = await ask('/orgs/orgs/current/');
      const found = isCurrentOrganization(current) ? toOrganization(current, known.value) : undefined;
      if (!found) throw toUnknownOrganization(words);
      return found;
    });
  };

  const perform = async (request: ApiRequest, name: RequestName): Promise<ApiResponse> => {
    if (!OPEN.has(name.path)) {
      assertSignedIn(caller, name);
      if (!facts.current()) await capabilities();
      if (!requireName(asked, words).certain) await organization();
    }
    spend(family, name);
    const { url, body, accept } = request;
    const incoming = await transmit(parts, family, { name, url, body, organization: asked?.value, accept });
    return toApiResponse(incoming, name, facts);
  };

  const send = async (request: ApiRequest): Promise<ApiResponse> => {
    const name = { method: request.method, path: request.template.replace(/^\/api\/v1(?=\/)/, '') };
    assertAllowed(parts, name);
    if (request.method === 'GET')
      return family.repeats.read(`${asked?.value} ${request.accept} ${request.url}`, () => perform(request, name));
    if (isRead(request.method)) return perform(request, name);
    family.repeats.forget();
    try {
      return await perform(request, name);
    } finally {
      family.repeats.forget();
    }
  };

  return {
    principal: caller.principal,
    language: family.language,
    api: createApi(send),
    stats,
    remaining: () => parts.quota.remaining(caller.principal),
    capabilities,
    organization,
    withOrganization: (other) => openSession(parts, family, other),
    as: (credentials) => {
      const caller = toCaller(credentials, parts);
      const repeats = createRepeats(parts.repeatBytes);
      return openSession(parts, { ...family, caller, identity: undefined, repeats }, words);
    },
    exchange: async (method, path, body, { cookie, parameters, query } = {}) => {
      const name = { method, path };
      assertAllowed(parts, name);
      spend(family, name);
      const answer = await transmit(parts, family, {
        name,
        url: fillPath(path, parameters ?? {}) + (query ? `?${new URLSearchParams(query)}` : ''),
        body: body === undefined ? undefined : JSON.stringify(body),
        organization: asked?.value,
        accept: undefined,
        cookie,
        accepts: (status) => !NO_ANSWER.has(status) && (status < 300 || status >= 400),
      });
      family.repeats.forget();
      const { status } = answer;
      const setCookie = answer.setCookie();
      return { status, setCookie, body: parseLoosely(answer), cookie: toSessionCookie(setCookie, parts.cookiePrefix) };
    },
  };
};

/** Statuses that a raw exchange does not answer either: throttled, or nobody there. */
const NO_ANSWER = new Set([429, 502, 503, 504]);

interface Transmission {
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
const transmit = async (parts: SessionParts, family: Family, transmission: Transmission): Promise<Incoming> => {
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
  const picked = cookie === undefined ? undefined : pickCookies(cookie, parts.cookiePrefix);
  if (picked) Object.assign(headers, { cookie: picked.text, origin: parts.origin, referer: `${parts.origin}/` });
  return headers;
};

/** Signs the service identity in: a call of its own, whose failure is the caller's. */
const signIn = async (parts: SessionParts, family: Family, username: string, password: string): Promise<string> => {
  const name = { method: 'POST', path: '/authentication/auth/' };
  const plain: Family = { ...family, identity: undefined };
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

const toApiResponse = (incoming: Incoming, name: RequestName, facts: ServerFacts): ApiResponse => {
  let parsed: { readonly data: unknown } | undefined;
  const parse = () => {
    const data = parseJson(incoming, name);
    return { data: facts.renames ? facts.renames.answer(name.path, data) : data };
  };
  return {
    ok: true,
    status: incoming.status,
    bytes: incoming.body.byteLength,
    json: () => {
      parsed ??= parse();
      return parsed.data;
    },
    text: () => incoming.body.toString('utf8'),
    arrayBuffer: () => new Uint8Array(incoming.body).buffer,
    header: incoming.header,
  };
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

const toSettings = (data: unknown): Readonly<Record<string, unknown>> => {
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return { ...data };
  throw new UpstreamError(
    'UPSTREAM_CONTRACT',
    { method: 'GET', path: '/settings/public/' },
    { reason: 'not an object' },
  );
};

const toSessionCookie = (setCookie: readonly string[], prefix: string): string | undefined => {
  const name = `${prefix}sessionid=`;
  const [value] = setCookie.flatMap((line) =>
    line.startsWith(name) ? [line.slice(name.length).split(';')[0] ?? ''] : [],
  );
  return value && value !== '""' ? name + value : undefined;
};

const assertSignedIn = ({ refusal }: Caller, name: RequestName): void => {
  if (refusal !== undefined) throw toRefusal(refusal, name);
};

const assertAllowed = ({ operations }: SessionParts, { method, path }: RequestName): void => {
  if (operations && !operations.has(`${method} ${path}`)) {
    throw new UpstreamError('UPSTREAM_CONTRACT', { method, path }, { reason: 'not in the contract, so not sent' });
  }
};

const spend = (family: Family, name: RequestName): void => {
  const { budget } = family.options;
  if (budget !== undefined && family.spent >= budget) {
    throw new UpstreamError('COST_LIMIT', name, {
      reason: 'not sent',
      hint: `the operation may make ${budget} calls to JumpServer`,
    });
  }
  family.spent++;
};

const requireName = (name: OrganizationName | undefined, words: string): OrganizationName => {
  if (name) return name;
  throw toUnknownOrganization(words);
};

const toUnknownOrganization = (words: string): UpstreamError =>
  new UpstreamError(
    'BAD_USER_INPUT',
    { method: 'GET', path: '/orgs/orgs/current/' },
    {
      reason: 'unknown organization',
      hint: `the organization ${JSON.stringify(words.slice(0, 64))} does not exist, or not for this caller`,
    },
  );
