import { type RequestName, UpstreamError, type UpstreamErrorCode } from './errors.ts';
import type { Incoming } from './transport.ts';

const CODES: Readonly<Record<number, UpstreamErrorCode>> = {
  400: 'BAD_USER_INPUT',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'UNSUPPORTED_BY_SERVER',
  408: 'UPSTREAM_TIMEOUT',
  409: 'CONFLICT',
  412: 'CONFIRMATION_REQUIRED',
  // A proxy's words for a text that is too long: it came from the client, since lists are asked in parts.
  413: 'BAD_USER_INPUT',
  414: 'BAD_USER_INPUT',
  429: 'UPSTREAM_THROTTLED',
  504: 'UPSTREAM_TIMEOUT',
};

/** After these a write may have been carried out all the same: the proxy lost the answer, not the request. */
const WRITE_UNKNOWN = new Set([408, 502, 504]);

/** Whether a call only reads. Everything else is sent once. */
export const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

/**
 * The error that an answer outside 2xx stands for (graph.md §5, bodies in api.md §1.7).
 * A 404 without JumpServer's own `{detail, code}` means that the route itself is not there: `UNSUPPORTED_BY_SERVER`.
 */
export const toAnswerError = (answer: Incoming, request: RequestName, now: number): UpstreamError => {
  const { status } = answer;
  const body = parseLoosely(answer);
  const retryAfter = toRetryAfter(answer.header('retry-after'), now);
  return new UpstreamError(isForeign(answer) ? 'UPSTREAM_CONTRACT' : toCode(status, body, request), request, {
    reason: status,
    status,
    body,
    retryAfter,
    hint: isForeign(answer) ? FOREIGN : toHint(status, body),
  });
};

/** A page that refuses the request comes of a proxy, or of what else stands there: JumpServer's own 400 is JSON or empty (api.md §1.7). */
const isForeign = ({ status, body }: Incoming): boolean =>
  status === 400 && body.toString('utf8', 0, 64).trimStart().startsWith('<');

const FOREIGN = 'something before JumpServer refused the request; check JUMPSERVER_URL';

const toCode = (status: number, body: unknown, { method }: RequestName): UpstreamErrorCode => {
  if (!isRead(method) && WRITE_UNKNOWN.has(status)) return 'OUTCOME_UNKNOWN';
  if (status === 404 && !isRecord(body, 'detail')) return 'UNSUPPORTED_BY_SERVER';
  if (status >= 500) return CODES[status] ?? 'UPSTREAM_UNAVAILABLE';
  if (status >= 400) return CODES[status] ?? 'UPSTREAM_CONTRACT';
  return 'UPSTREAM_CONTRACT';
};

const toHint = (status: number, body: unknown): string | undefined => {
  if (status >= 300 && status < 400) return 'redirects are refused; check JUMPSERVER_URL';
  if (status === 403 && isRecord(body, 'detail') && String(body.detail).startsWith('CSRF'))
    return 'send X-CSRFToken with the session cookie';
  return undefined;
};

const isRecord = <K extends string>(value: unknown, key: K): value is Record<K, unknown> =>
  typeof value === 'object' && value !== null && key in value;

/** JSON when it is JSON, else the text when it is short: an HTML page tells nobody anything. */
export const parseLoosely = ({ body }: Incoming): unknown => {
  if (body.byteLength === 0) return undefined;
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text.length <= 1000 && !text.startsWith('<') ? text : undefined;
  }
};

/** Seconds; the header holds seconds or a date (RFC 9110 §10.2.3). */
const toRetryAfter = (value: string | undefined, now: number): number | undefined => {
  if (value === undefined) return undefined;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : Math.ceil((Date.parse(value) - now) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
};

/**
 * The JSON of a good answer; undefined for an empty one.
 * @throws UpstreamError when it is not JSON: on a read `UPSTREAM_CONTRACT`, on a write the change may stand: `OUTCOME_UNKNOWN`
 */
export const parseJson = (answer: Incoming, request: RequestName): unknown => {
  if (answer.body.byteLength === 0) return undefined;
  try {
    return JSON.parse(answer.body.toString('utf8'));
  } catch {
    // The parser's message quotes the body, so it is not kept as the cause.
    throw new UpstreamError(isRead(request.method) ? 'UPSTREAM_CONTRACT' : 'OUTCOME_UNKNOWN', request, {
      reason: `${answer.status}, and a body that is not JSON`,
      status: answer.status,
    });
  }
};
