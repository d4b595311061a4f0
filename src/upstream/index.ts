import type { Call } from './attempt.ts';
import { createBreaker } from './breaker.ts';
import type { Capabilities } from './capabilities.ts';
import { systemClock } from './clock.ts';
import { createSession } from './create-session.ts';
import { createDispatch, type Dispatch } from './dispatch.ts';
import { isUpstreamError, type UpstreamErrorCode } from './errors.ts';
import { createFlights } from './flights.ts';
import { createForesight } from './foresight.ts';
import { defaultLimits, type Limits, type UpstreamOptions } from './options.ts';
import type { Organization } from './organization.ts';
import { createFairQueue, type FairQueue } from './queue.ts';
import { createQuota } from './quota.ts';
import { createRetryBudget } from './retry.ts';
import { createServerFacts } from './server-facts.ts';
import type { Session, SessionOptions } from './session.ts';
import { createShelf } from './shelf.ts';
import type { SessionParts } from './transmit.ts';
import type { Transport } from './transport.ts';
import { createFetchTransport } from './transport-fetch.ts';
import { createUndiciTransport } from './transport-undici.ts';

export type { Stats } from './attempt.ts';
export type { Capabilities, Edition, Feature } from './capabilities.ts';
export { compareVersions, features, toCapabilities } from './capabilities.ts';
export type { Api } from './client.ts';
export type { Clock } from './clock.ts';
export { systemClock } from './clock.ts';
export type { UpstreamErrorCode } from './errors.ts';
export { isUpstreamError, UpstreamError } from './errors.ts';
export type { Credentials, Limits, Logger, UpstreamOptions } from './options.ts';
export type { Organization } from './organization.ts';
export { DEFAULT_ORGANIZATION, ROOT_ORGANIZATION } from './organization.ts';
export type { AttrRule } from './query.ts';
export { toAttrRules } from './query.ts';
export type { ServiceIdentity, ServiceIdentityConfig } from './service-identity.ts';
export { createServiceIdentity } from './service-identity.ts';
export type { ExchangeOptions, RawAnswer, Session, SessionOptions } from './session.ts';

/** Whether JumpServer answers, and how fast. */
export interface Health {
  readonly ok: boolean;
  readonly milliseconds: number;
  /** Why not. */
  readonly code?: UpstreamErrorCode | undefined;
}

/** JumpServer as one process sees it: connections, quotas and what is known of the server are shared by all sessions. */
export interface Upstream {
  /** Opens the session of one operation; nothing is sent yet. */
  session(options: SessionOptions): Session;
  /** What is known of the server, without asking it. */
  readonly capabilities: Capabilities | undefined;
  /** Calls in flight and waiting, for metrics and load shedding. */
  readonly load: { readonly running: number; readonly waiting: number; readonly isOpen: boolean };
  /** Asks a route that needs no sign-in, past queue and circuit; never rejects. */
  health(): Promise<Health>;
  /** Closes the connections once their calls have ended. */
  close(): Promise<void>;
}

/** Milliseconds for which an organisation is taken to be there: JumpServer answers for one that is gone as if Default had been asked. */
const ORGANIZATIONS_KNOWN = 30_000;
/** Milliseconds that a health check waits. */
const HEALTH_TIMEOUT = 3_000;

/** Creates the one upstream of the process. */
export const createUpstream = (options: UpstreamOptions): Upstream => {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const { origin, host, prefix } = toAddress(options.url);
  const transport = options.fetch ? createFetchTransport(options.fetch) : createNetwork(options, limits);
  const facts = createServerFacts(clock, options.version);
  const quota = createQuota(clock, () => facts.last?.throttlePerMinute);
  const queue = createQueue(limits);
  const breaker = createBreaker();
  const common = { origin, transport, clock, random, limits, logger: options.logger };
  const dispatch = createDispatch({ ...common, queue, quota, breaker, retryBudget: createRetryBudget(clock) });
  const parts: SessionParts = {
    dispatch,
    quota,
    facts,
    organizations: createFlights<Organization>(clock, ORGANIZATIONS_KNOWN, 10_000),
    shelf: createShelf(clock, limits.slowRowsLifetime, limits.slowRowsBytes),
    foresight: createForesight(limits.foreseenReads, limits.repeatBytes / 2),
    now: () => clock.now(),
    origin,
    host,
    prefix,
    cookiePrefix: options.cookiePrefix ?? 'jms_',
    principalKey: options.principalKey,
    defaultOrganization: options.organization,
    operations: options.operations,
    repeatBytes: limits.repeatBytes,
  };
  const checkLimits = { ...limits, retries: 0, timeout: Math.min(limits.timeout, HEALTH_TIMEOUT) };
  const check = createDispatch({
    ...common,
    limits: checkLimits,
    queue: createQueue(limits),
    quota: createQuota(clock, () => undefined),
    breaker: createBreaker(),
    retryBudget: createRetryBudget(clock),
  });
  return {
    session: (sessionOptions) => createSession(parts, sessionOptions),
    get capabilities() {
      return facts.last;
    },
    get load() {
      return { running: queue.running, waiting: queue.waiting, isOpen: breaker.isOpen() };
    },
    health: () => checkHealth(check, `${prefix}/api/v1/settings/public/open/`, () => clock.now()),
    close: () => transport.close(),
  };
};

const createNetwork = (options: UpstreamOptions, limits: Limits): Transport =>
  createUndiciTransport({
    connections: limits.totalConcurrency,
    connectTimeout: limits.connectTimeout,
    ca: options.ca,
  });

const createQueue = (limits: Limits): FairQueue =>
  createFairQueue({
    total: limits.totalConcurrency,
    perPrincipal: limits.concurrency,
    perRoute: limits.routeConcurrency,
    waitingPerPrincipal: limits.waitingPerPrincipal,
    waiting: limits.waiting,
  });

/** @throws TypeError when the URL is none */
const toAddress = (url: string): { readonly origin: string; readonly host: string; readonly prefix: string } => {
  const { origin, host, pathname } = new URL(url);
  return { origin, host, prefix: pathname.replace(/\/+$/, '') };
};

const checkHealth = async (dispatch: Dispatch, target: string, now: () => number): Promise<Health> => {
  const started = now();
  const call: Call = {
    name: { method: 'GET', path: '/settings/public/open/' },
    target,
    body: undefined,
    principal: 'health',
    signal: undefined,
    deadline: undefined,
    requestId: undefined,
    stats: { calls: 0, bytes: 0, milliseconds: 0, retries: 0, foreseen: 0, writes: [] },
    headers: () => ({ accept: 'application/json', 'content-type': 'application/json' }),
  };
  try {
    await dispatch(call);
    return { ok: true, milliseconds: now() - started };
  } catch (error) {
    return {
      ok: false,
      milliseconds: now() - started,
      code: isUpstreamError(error) ? error.code : 'UPSTREAM_UNAVAILABLE',
    };
  }
};
