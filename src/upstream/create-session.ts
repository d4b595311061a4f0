import { setMaxListeners } from 'node:events';
import { isRead, parseJson, parseLoosely } from './answer.ts';
import type { Capabilities } from './capabilities.ts';
import { type ApiRequest, type ApiResponse, createApi, fillPath } from './client.ts';
import { type Caller, toCaller, toForwardedFor, toLanguage, toRefusal } from './credentials.ts';
import { isUpstreamError, type RequestName, UpstreamError } from './errors.ts';
import {
  DEFAULT_ORGANIZATION,
  isCurrentOrganization,
  type Organization,
  type OrganizationName,
  toOrganization,
  toOrganizationName,
} from './organization.ts';
import { createRepeats } from './repeats.ts';
import type { Inquiry, ServerFacts } from './server-facts.ts';
import { isServiceIdentity } from './service-identity.ts';
import type { Session, SessionOptions } from './session.ts';
import { isSlow } from './shelf.ts';
import { type Family, type SessionParts, transmit } from './transmit.ts';
import type { Incoming } from './transport.ts';

/** Calls that must be left in the caller's minute beyond those that are foreseen. */
const SPARE_CALLS = 20;

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
    stats: { calls: 0, bytes: 0, milliseconds: 0, retries: 0, foreseen: 0, writes: [] },
    repeats: createRepeats(parts.repeatBytes),
    spent: { calls: 0 },
    confirmed: new Map(),
    habit: {},
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
    settings: async () => toSettings(await ask('/settings/public/').catch(toNoJumpServer)),
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

  const lookUp = async ({ value }: OrganizationName): Promise<Organization> => {
    const current = await ask('/orgs/orgs/current/');
    const found = isCurrentOrganization(current) ? toOrganization(current, value) : undefined;
    if (!found) throw toUnknownOrganization(words);
    return found;
  };

  const organization = async (): Promise<Organization> => {
    const known = requireName(asked, words);
    assertSignedIn(caller, { method: 'GET', path: '/orgs/orgs/current/' });
    return organizations.get(`${caller.principal} ${known.value}`, () => lookUp(known));
  };

  /** For writes what is remembered is not enough: in an organisation that is gone JumpServer would carry them out in Default. */
  const confirmOrganization = (known: OrganizationName): Promise<Organization> => {
    const key = `${caller.principal} ${known.value}`;
    const confirmed = family.confirmed.get(key) ?? lookUp(known);
    family.confirmed.set(key, confirmed);
    return confirmed;
  };

  const organizationId = async (): Promise<string> => {
    const known = requireName(asked, words);
    return known.certain ? known.value : (await organization()).id;
  };

  const perform = async (request: ApiRequest, name: RequestName): Promise<ApiResponse> => {
    if (!OPEN.has(name.path)) {
      assertSignedIn(caller, name);
      if (!facts.current()) await capabilities();
      const known = requireName(asked, words);
      if (!known.certain) await (isRead(name.method) ? organization() : confirmOrganization(known));
    }
    const { url, body, accept } = request;
    const load = (): Promise<Incoming> => {
      spend(family, name);
      return transmit(parts, family, { name, url, body, organization: asked?.value, accept });
    };
    const viewer = { principal: caller.principal, organization: asked?.value, language: family.language };
    const isKept = name.method === 'GET' && accept === undefined && isSlow(name.path, url);
    return toApiResponse(await (isKept ? parts.shelf.read(viewer, url, load) : load()), name, facts);
  };

  const foresee = (question: string): (() => void) => {
    const key = JSON.stringify([caller.principal, asked?.value, family.language, question]);
    const { requests, reads } = parts.foresight.open(key);
    const left = parts.quota.remaining(caller.principal) ?? Number.POSITIVE_INFINITY;
    const room = (family.options.budget ?? Number.POSITIVE_INFINITY) - family.spent.calls;
    // A wrong guess leaves as many calls as the operation needed before, and some for the caller's next one.
    if (left >= requests.length + SPARE_CALLS && room >= 2 * requests.length)
      for (const request of requests) begin(request);
    Object.assign(family.habit, { reads, organization: asked?.value });
    return () => reads.end();
  };

  /** Sends a read whose answer waits among the repeats; whoever asks for it hears of its failure. */
  const begin = (request: ApiRequest): void => {
    stats.foreseen += 1;
    send(request).catch(() => undefined);
  };

  const forget = ({ path }: RequestName): void => {
    if (path.startsWith('/orgs/')) {
      organizations.clear();
      family.confirmed.clear();
    }
    family.repeats.forget();
    parts.shelf.forget();
    parts.foresight.forget();
  };

  const keyOf = ({ accept, url }: ApiRequest): string => `${asked?.value} ${family.language} ${accept} ${url}`;

  const send = async (request: ApiRequest): Promise<ApiResponse> => {
    const name = { method: request.method, path: request.template.replace(/^\/api\/v1(?=\/)/, '') };
    assertAllowed(parts, name);
    if (request.method === 'GET') {
      const answer = family.repeats.read(keyOf(request), () => perform(request, name));
      const { reads, organization } = family.habit;
      if (organization === asked?.value && request.accept === undefined) reads?.note(request, answer);
      return answer;
    }
    if (isRead(request.method)) return perform(request, name);
    forget(name);
    try {
      return await perform(request, name);
    } finally {
      forget(name);
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
    organizationId,
    foresee,
    withOrganization: (other) => openSession(parts, family, other),
    speaking: (language) => openSession(parts, { ...family, language, habit: {} }, words),
    as: (credentials) => {
      const caller = toCaller(credentials, parts);
      const repeats = createRepeats(parts.repeatBytes);
      return openSession(parts, { ...family, caller, identity: undefined, repeats, habit: {} }, words);
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

/** Every JumpServer has that route: without it something else answers. */
const toNoJumpServer = (error: unknown): never => {
  if (!isUpstreamError(error, 'UNSUPPORTED_BY_SERVER')) throw error;
  const { request, status } = error;
  const hint = 'there is no JumpServer at this address; check JUMPSERVER_URL';
  throw new UpstreamError('UPSTREAM_CONTRACT', request, { reason: status ?? 404, status, hint });
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
  if (budget !== undefined && family.spent.calls >= budget) {
    throw new UpstreamError('COST_LIMIT', name, {
      reason: 'not sent',
      hint: `the operation may make ${budget} calls to JumpServer`,
    });
  }
  family.spent.calls++;
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
