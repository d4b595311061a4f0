/** A recorded request as one that can be sent again. */
import { type Credential, type Exchange, isObject, type Json } from '../../support/recordings.ts';

/** What the sandbox gives for the credentials that were replaced in the recording. */
export interface Credentials {
  /** A permanent token of the administrator, sent as `Token`. */
  readonly administrator: string;
  /** A login token of the ordinary user, sent as `Bearer`. */
  readonly ordinaryUser: string;
}

/** Where the recorded servers listened; `next` links are compared without it. */
const origin = 'http://127.0.0.1:8080';

/** What the recorder sent beside the written request: headers and bodies were not recorded, the names tell them. */
const asNamed: Readonly<Record<string, { headers?: Record<string, string>; body?: string }>> = {
  'json error with a content type': { headers: { 'content-type': 'application/json' } },
  'utc dates with X-TZ': { headers: { 'x-tz': 'UTC' } },
  'login from a forwarded address': { headers: { 'x-forwarded-for': '192.0.2.20' } },
  'not json': { headers: { 'content-type': 'application/json' }, body: '{not json' },
};

/** A code of a second factor was right at its moment only: give the one that is right now. */
const withCode = (exchange: Exchange, code: string): Json =>
  exchange.name === 'mfa: right code' && isObject(exchange.request.body)
    ? { ...exchange.request.body, code }
    : exchange.request.body;

const authorization = (auth: Credential, credentials: Credentials): Record<string, string> => {
  if (auth === 'private_token') return { authorization: `Token ${credentials.administrator}` };
  if (auth === 'bearer') return { authorization: `Bearer ${credentials.ordinaryUser}` };
  if (auth === 'bearer_bad') return { authorization: 'Bearer nobody-holds-this-token-anywhere-at-all' };
  return {};
};

const bodyOf = (body: Json, named: string | undefined): { body?: string; headers: Record<string, string> } => {
  const text = named ?? (body === null ? undefined : JSON.stringify(body));
  return text === undefined ? { headers: {} } : { body: text, headers: { 'content-type': 'application/json' } };
};

const urlOf = ({ path, query }: Exchange['request']): string => {
  const search = new URLSearchParams(
    Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
  );
  return `${origin}${path}${search.size > 0 ? `?${search}` : ''}`;
};

/** What a caller holds between requests. */
export interface Session {
  /** What the server set last, sent where the recorder held a session. */
  readonly cookie: string;
  /** The one-time code of this moment. */
  readonly code: string;
}

/** The request of an exchange. */
export const toRequest = (exchange: Exchange, credentials: Credentials, session: Session): Request => {
  const { method, org, auth } = exchange.request;
  const named = asNamed[exchange.name];
  const sent = bodyOf(withCode(exchange, session.code), named?.body);
  const headers = {
    accept: 'application/json',
    'accept-language': 'en',
    ...(org === null ? {} : { 'x-jms-org': org }),
    ...(auth === 'session cookie jms_sessionid' ? { cookie: session.cookie } : {}),
    ...authorization(auth, credentials),
    ...sent.headers,
    ...named?.headers,
  };
  return new Request(urlOf(exchange.request), {
    method,
    headers,
    ...(sent.body === undefined ? {} : { body: sent.body }),
  });
};
