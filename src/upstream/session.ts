import type { Stats } from './attempt.ts';
import type { Capabilities } from './capabilities.ts';
import type { Api } from './client.ts';
import type { Credentials } from './options.ts';
import type { Organization } from './organization.ts';
import type { ServiceIdentity } from './service-identity.ts';

/** What one GraphQL operation brings along. */
export interface SessionOptions {
  /** A caller's own, or the service identity for a job without a caller. */
  readonly credentials: Credentials | ServiceIdentity;
  /** Id, name or keyword as the caller sent it; without it the configured default, else JumpServer's Default. */
  readonly organization?: string | undefined;
  /** An `Accept-Language` header; its first tag counts. */
  readonly language?: string | undefined;
  /** The caller's verified address. */
  readonly forwardedFor?: string | undefined;
  /** Ends all calls of the session: the client went away. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since the epoch at which all calls of the session end. */
  readonly deadline?: number | undefined;
  /** Calls that the operation may make; the next one is a `COST_LIMIT`. */
  readonly budget?: number | undefined;
  /** Stands in log lines. */
  readonly requestId?: string | undefined;
}

/** A raw exchange's options. */
export interface ExchangeOptions {
  /** `jms_sessionid=…` of a sign-in under way, in place of the session's own. */
  readonly cookie?: string | undefined;
  /** Values of the path's `{parameters}`. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly query?: Readonly<Record<string, string>> | undefined;
}

/** A raw answer, also outside 2xx: sign-in tells its outcomes apart by status and body (api.md §1.2). */
export interface RawAnswer {
  readonly status: number;
  readonly body: unknown;
  /** JumpServer's session cookie as a `Cookie` header (`jms_sessionid=…`), when it set one. */
  readonly cookie: string | undefined;
  readonly setCookie: readonly string[];
}

/** One GraphQL operation's view of JumpServer: one caller, one organisation, one language. */
export interface Session {
  /** An opaque key of the credentials, stable within the process; `anonymous` without any. */
  readonly principal: string;
  readonly language: string;
  /** The typed client. Answers outside 2xx reject with an UpstreamError. Equal GETs are one call until something is written; their rows are shared, so never change them. */
  readonly api: Api;
  readonly stats: Readonly<Stats>;
  /** Calls left in this principal's minute, as far as known. A method: a getter in each session's literal would cost a shape each. */
  remaining(): number | undefined;
  /** Whether so many calls that may turn out to be for nothing leave enough of that minute; yes while no limit is known. */
  canSpare(calls?: number): boolean;
  /** Checked to exist; `BAD_USER_INPUT` else. At most one call, remembered for half a minute; before writes it is asked anew. */
  organization(): Promise<Organization>;
  /** Its id, without a call where it is built in. */
  organizationId(): Promise<string>;
  /** What the server can do. At most one call (two where that leaves it open), remembered for an hour. */
  capabilities(): Promise<Capabilities>;
  /**
   * Tells what is asked, by a key of its text and values: what the same caller's last runs of it agreed to read is read at once, where calls
   * are left for it. The operation calls the answer when it has ended.
   */
  foresee(question: string): () => void;
  /** The same caller, costs and limits in another organisation. */
  withOrganization(organization: string): Session;
  /** The same caller and organisation, answered in another language. */
  speaking(language: string): Session;
  /** Another caller within the same operation, such as one who has just signed in: the same costs, nothing remembered of the first one. */
  as(credentials: Credentials): Session;
  /** A raw exchange for sign-in and confirmation: sent once, any status answers, cookies included. `path` as in the contract. */
  exchange(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
    options?: ExchangeOptions,
  ): Promise<RawAnswer>;
}
