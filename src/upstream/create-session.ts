import { setMaxListeners } from 'node:events';
import { createApi } from './client.ts';
import { toCaller, toForwardedFor, toLanguage } from './credentials.ts';
import { DEFAULT_ORGANIZATION, toOrganizationName } from './organization.ts';
import { createRepeats } from './repeats.ts';
import { isServiceIdentity } from './service-identity.ts';
import type { Session, SessionOptions } from './session.ts';
import { createExchange } from './session-exchange.ts';
import { capabilitiesOf, organizationIdOf, organizationOf, type Place } from './session-place.ts';
import { canSpare, foresee, send } from './session-send.ts';
import type { Family, SessionParts } from './transmit.ts';

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
  const place: Place = { parts, family, words, asked: toOrganizationName(words) };
  const { principal } = family.caller;
  return {
    principal,
    language: family.language,
    api: createApi((request) => send(place, request)),
    stats: family.stats,
    remaining: () => parts.quota.remaining(principal),
    canSpare: (calls = 0) => canSpare(place, calls),
    capabilities: () => capabilitiesOf(place),
    organization: () => organizationOf(place),
    organizationId: () => organizationIdOf(place),
    foresee: (question) => foresee(place, question),
    withOrganization: (other) => openSession(parts, family, other),
    speaking: (language) => openSession(parts, { ...family, language, habit: {} }, words),
    as: (credentials) => {
      const caller = toCaller(credentials, parts);
      const repeats = createRepeats(parts.repeatBytes);
      return openSession(parts, { ...family, caller, identity: undefined, repeats, habit: {} }, words);
    },
    exchange: createExchange(place),
  };
};
