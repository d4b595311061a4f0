import { createUpstream, type Upstream, type UpstreamOptions } from '../../../src/upstream/index.ts';
import { type Exchange, loadExchanges, type Version } from '../../support/recordings.ts';

/** One request as it reached the stand-in for the network. */
export interface Seen {
  readonly method: string;
  readonly url: URL;
  /** Without `/api/v1`. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Answers a request; undefined leaves it to the recordings. */
export type Script = (seen: Seen, signal: AbortSignal) => Response | Promise<Response> | undefined;

/** A scripted server and the upstream before it. */
export interface Stage {
  readonly upstream: Upstream;
  readonly seen: Seen[];
  /** `METHOD /path/` of everything that was sent, in order. */
  sent(): readonly string[];
}

/** The answer that a recorded exchange gave, as it came over the wire. */
export const replay = (version: Version, name: string, headers: Record<string, string> = {}): Response => {
  const exchange = loadExchanges(version).find((candidate) => candidate.name === name);
  if (!exchange) throw new Error(`no exchange "${name}" was recorded on ${version}`);
  return toResponse(exchange, headers);
};

const toResponse = ({ response }: Exchange, extra: Record<string, string> = {}): Response => {
  const { status, body, body_kind: kind } = response;
  const headers = { ...pickHeaders(response.headers), ...extra };
  const text = kind === 'json' ? JSON.stringify(body) : String(body);
  return new Response(status === 204 ? null : text, { status, headers });
};

const pickHeaders = (headers: Exchange['response']['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );

const DEFAULTS: Readonly<Record<string, string>> = {
  'GET /settings/public/': 'public settings as administrator',
  'GET /orgs/orgs/current/': 'current organisation as administrator',
  'GET /settings/public/open/': 'open public settings as nobody',
  'GET /users/users/': 'list users',
  'GET /users/groups/': 'list user_groups',
};

/** Puts an upstream before a server that answers as that version was recorded, except where the script says otherwise. */
export const createStage = (
  version: Version,
  script: Script = () => undefined,
  options: Partial<UpstreamOptions> = {},
): Stage => {
  const seen: Seen[] = [];
  const fetch = async (input: string, init: RequestInit): Promise<Response> => {
    const url = new URL(input);
    const request: Seen = {
      method: init.method ?? 'GET',
      url,
      path: url.pathname.replace('/api/v1', ''),
      headers: new Headers(init.headers),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    };
    seen.push(request);
    const scripted = await script(request, init.signal ?? new AbortController().signal);
    return scripted ?? replay(version, DEFAULTS[`${request.method} ${request.path}`] ?? 'unknown path');
  };
  const upstream = createUpstream({ url: 'http://jumpserver.example', fetch, ...options });
  return { upstream, seen, sent: () => seen.map(({ method, path }) => `${method} ${path}`) };
};

/** An administrator's credentials, as tests use them. */
export const administrator = { authorization: 'Token 0123456789012345678901234567890123456789' };

/** Another caller's. */
export const ordinaryUser = { authorization: 'Bearer abcdefghijklmnopqrstuvwxyzabcdefghij' };
