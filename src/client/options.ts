/** How the caller proves who they are: a token of `signIn`, a private token of JumpServer's, or the browser's session at JumpServer. */
export type Credentials =
  | { readonly token: string }
  | { readonly privateToken: string }
  | { readonly csrfToken: string }
  | undefined;

/** What a client is made with. */
export interface ClientOptions {
  /** The graph's address, ending in `/graphql`. */
  readonly url: string;
  /** Who asks; can be changed later by `signIn` or by what `onUnauthenticated` answers. */
  readonly credentials?: Credentials;
  /** Organisation, by id or name; JumpServer's default otherwise. */
  readonly organization?: string;
  /** Language of labels, e.g. `en`; the browser's otherwise. */
  readonly language?: string;
  /** How often a read that failed for a passing cause is sent again; 2 unless said otherwise. Writes are never. */
  readonly retries?: number;
  /**
   * Called when the credentials are not accepted. With what it answers the request is sent once more; answering nothing lets it fail.
   * Requests that fail together share one call.
   */
  readonly onUnauthenticated?: () => Credentials | Promise<Credentials>;
  /** The platform's unless given. */
  readonly fetch?: typeof globalThis.fetch;
  /** Waits that many milliseconds; the platform's timer unless given. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Between 0 and 1, so that clients which failed together do not repeat together; the platform's unless given. */
  readonly random?: () => number;
}
