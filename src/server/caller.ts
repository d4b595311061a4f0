import type { IncomingHttpHeaders } from 'node:http';

/** What a caller proved itself with. It is passed on to JumpServer, which checks it; nothing else of the request is. */
export interface CallerCredentials {
  /** The `Authorization` header as it came: `Bearer …` or `Token …`. */
  readonly authorization?: string;
  /** The `Cookie` header when JumpServer's session is in it; upstream sends on JumpServer's own two cookies alone. */
  readonly cookie?: string;
  /** `X-CSRFToken`, which JumpServer demands of cookie callers that write. */
  readonly csrfToken?: string;
}

/** Who asks, for which organisation, in which language, and from where. */
export interface Caller {
  readonly credentials: CallerCredentials;
  readonly organization: string | undefined;
  readonly language: string | undefined;
  /** The verified address: the peer's, or that of `X-Forwarded-For` as far as `TRUST_PROXY` believes it. */
  readonly address: string;
}

/** The settings that decide how a caller is read. */
export interface CallerOptions {
  readonly cookiePrefix: string;
  readonly defaultOrganization: string | undefined;
}

/** Reads the caller from the request's headers. Cookies count only when there is no `Authorization`. */
export const toCaller = (headers: IncomingHttpHeaders, address: string, options: CallerOptions): Caller => ({
  credentials: toCredentials(headers, options.cookiePrefix),
  organization: single(headers['x-jms-org']) ?? options.defaultOrganization,
  language: single(headers['accept-language']),
  address,
});

/** Whether the browser alone may have vouched for this request, so that another site could have sent it. */
export const isCookieCaller = (caller: Caller): boolean => caller.credentials.cookie !== undefined;

const toCredentials = (headers: IncomingHttpHeaders, prefix: string): CallerCredentials => {
  const { authorization, cookie } = headers;
  if (authorization) return { authorization };
  if (!cookie?.split(';').some((pair) => pair.trimStart().startsWith(`${prefix}sessionid=`))) return {};
  const csrfToken = single(headers['x-csrftoken']);
  return { cookie, ...(csrfToken && { csrfToken }) };
};

const single = (value: string | string[] | undefined): string | undefined =>
  (Array.isArray(value) ? value[0] : value) || undefined;
