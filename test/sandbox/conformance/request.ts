/** A recorded request as one that can be sent again. */
import type { Credential, Exchange, Json } from '../../support/recordings.ts';

/** What the sandbox gives for the credentials that were replaced in the recording. */
export interface Credentials {
  /** A permanent token of the administrator, sent as `Token`. */
  readonly administrator: string;
  /** A login token of the ordinary user, sent as `Bearer`. */
  readonly ordinaryUser: string;
}

/** Where the recorded servers listened; `next` links are compared without it. */
export const origin = 'http://127.0.0.1:8080';

/** What the recorder sent beside the written request: headers and bodies were not recorded, the names tell them. */
const asNamed: Readonly<Record<string, { headers?: Record<string, string>; body?: string }>> = {
  'json error with a content type': { headers: { 'content-type': 'application/json' } },
  'utc dates with X-TZ': { headers: { 'x-tz': 'UTC' } },
  'login from a forwarded address': { headers: { 'x-forwarded-for': '192.0.2.20' } },
  'not json': { headers: { 'content-type': 'application/json' }, body: '{not json' },
};

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

/** The request of an exchange; `cookie` is what the server set last, sent where the recorder held a session. */
export const toRequest = (exchange: Exchange, credentials: Credentials, cookie: string): Request => {
  const { method, org, auth, body } = exchange.request;
  const named = asNamed[exchange.name];
  const sent = bodyOf(body, named?.body);
  const headers = {
    accept: 'application/json',
    'accept-language': 'en',
    ...(org === null ? {} : { 'x-jms-org': org }),
    ...(auth === 'session cookie jms_sessionid' ? { cookie } : {}),
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
