import { isRead, parseJson } from './answer.ts';
import type { Capabilities } from './capabilities.ts';
import { type Caller, toRefusal } from './credentials.ts';
import { isUpstreamError, type RequestName, UpstreamError } from './errors.ts';
import { isCurrentOrganization, type Organization, type OrganizationName, toOrganization } from './organization.ts';
import type { Inquiry } from './server-facts.ts';
import { type Family, type SessionParts, transmit } from './transmit.ts';

/** Where a session's calls go, and for whom: a caller in one organisation of one server. */
export interface Place {
  readonly parts: SessionParts;
  readonly family: Family;
  /** The organisation in the caller's words. */
  readonly words: string;
  /** The same as a header's value; undefined when it can't be one. */
  readonly asked: OrganizationName | undefined;
}

/** What the server can do: remembered, or asked of it. */
export const capabilitiesOf = async (place: Place): Promise<Capabilities> => {
  const { facts } = place.parts;
  return facts.current() ?? (await facts.learn(createInquiry(place)));
};

/** The organisation, checked to exist for this caller. */
export const organizationOf = async (place: Place): Promise<Organization> => {
  const { parts, family } = place;
  const name = nameOf(place);
  assertSignedIn(family.caller, CURRENT);
  return parts.organizations.get(keyOf(place, name), () => lookUp(place, name));
};

/** For writes what is remembered is not enough: in an organisation that is gone JumpServer would carry them out in Default. */
const confirmOrganization = (place: Place): Promise<Organization> => {
  const { confirmed } = place.family;
  const name = nameOf(place);
  const key = keyOf(place, name);
  const found = confirmed.get(key) ?? lookUp(place, name);
  confirmed.set(key, found);
  return found;
};

const keyOf = ({ family }: Place, { value }: OrganizationName): string => `${family.caller.principal} ${value}`;

const lookUp = async (place: Place, { value }: OrganizationName): Promise<Organization> => {
  const current = await ask(place, CURRENT.path);
  const found = isCurrentOrganization(current) ? toOrganization(current, value) : undefined;
  if (!found) throw toUnknownOrganization(place.words);
  return found;
};

/** Its id, without a call where it is built in. */
export const organizationIdOf = async (place: Place): Promise<string> => {
  const { certain, value } = nameOf(place);
  return certain ? value : (await organizationOf(place)).id;
};

/** Sees to it that caller, server and organisation are known before a call; the usual case costs no turn of the event loop. */
export const prepare = (place: Place, name: RequestName): Promise<void> | undefined => {
  assertSignedIn(place.family.caller, name);
  return place.parts.facts.current() && place.asked?.certain ? undefined : learn(place, name);
};

const learn = async (place: Place, { method }: RequestName): Promise<void> => {
  if (!place.parts.facts.current()) await capabilitiesOf(place);
  if (!nameOf(place).certain) await (isRead(method) ? organizationOf(place) : confirmOrganization(place));
};

const CURRENT: RequestName = { method: 'GET', path: '/orgs/orgs/current/' };

/** A question about server or organisation, which counts against no budget. */
const ask = async ({ parts, family, asked }: Place, path: string, query = ''): Promise<unknown> => {
  const name = { method: 'GET', path };
  const plain = { body: undefined, organization: asked?.value, accept: undefined, asToday: true };
  return parseJson(await transmit(parts, family, { name, url: path + query, ...plain }), name);
};

const createInquiry = (place: Place): Inquiry => ({
  settings: async () => toSettings(await ask(place, SETTINGS.path).catch(toNoJumpServer)),
  probe: async (path) => {
    try {
      await ask(place, path, '?limit=1');
      return true;
    } catch (error) {
      if (isUpstreamError(error, 'UNSUPPORTED_BY_SERVER')) return false;
      if (isUpstreamError(error, 'FORBIDDEN')) return true;
      throw error;
    }
  },
});

const SETTINGS: RequestName = { method: 'GET', path: '/settings/public/' };

/** Every JumpServer has that route: without it something else answers. */
const toNoJumpServer = (error: unknown): never => {
  if (!isUpstreamError(error, 'UNSUPPORTED_BY_SERVER')) throw error;
  const { request, status } = error;
  const hint = 'there is no JumpServer at this address; check JUMPSERVER_URL';
  throw new UpstreamError('UPSTREAM_CONTRACT', request, { reason: status ?? 404, status, hint });
};

const toSettings = (data: unknown): Readonly<Record<string, unknown>> => {
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return { ...data };
  throw new UpstreamError('UPSTREAM_CONTRACT', SETTINGS, { reason: 'not an object' });
};

const assertSignedIn = ({ refusal }: Caller, name: RequestName): void => {
  if (refusal !== undefined) throw toRefusal(refusal, name);
};

const nameOf = ({ asked, words }: Place): OrganizationName => {
  if (asked) return asked;
  throw toUnknownOrganization(words);
};

const toUnknownOrganization = (words: string): UpstreamError =>
  new UpstreamError('BAD_USER_INPUT', CURRENT, {
    reason: 'unknown organization',
    hint: `the organization ${JSON.stringify(words.slice(0, 64))} does not exist, or not for this caller`,
  });
