import { createHmac } from 'node:crypto';
import { hashPrincipal } from './credentials.ts';

/** How Jumpgraph itself signs in, from the environment (graph.md §7). Only for jobs without a caller. */
export type ServiceIdentityConfig =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'accessKey'; readonly id: string; readonly secret: string }
  | { readonly kind: 'password'; readonly username: string; readonly password: string };

/** One request as the signature covers it; `target` is path and query exactly as sent. */
export interface SignedRequest {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly accept: string;
  readonly date: Date;
}

/** Signs in at JumpServer and answers the Bearer token. */
export type SignIn = (username: string, password: string) => Promise<string>;

/** Jumpgraph's own sign-in, given to a session in place of a caller's credentials. Made once per process. */
export interface ServiceIdentity {
  readonly principal: string;
  /** The headers that sign in this very request. */
  authorize(request: SignedRequest, signIn: SignIn): Promise<Readonly<Record<string, string>>>;
  /** After a 401 with these headers: true when signing in anew may help, and then forgets the token they carried. */
  renew(rejected: Readonly<Record<string, string>>): boolean;
}

/** Creates the service identity. A user name and password sign in on first use and again once after a 401, one sign-in at a time. */
export const createServiceIdentity = (config: ServiceIdentityConfig): ServiceIdentity => {
  switch (config.kind) {
    case 'bearer':
      return createFixed(config, () => ({ authorization: `Bearer ${config.token}` }));
    case 'token':
      return createFixed(config, () => ({ authorization: `Token ${config.token}` }));
    case 'accessKey':
      return createFixed(config, (request) => signRequest(request, config.id, config.secret));
    case 'password':
      return createSignedIn(config);
  }
};

/** Tells a service identity from a caller's credentials. */
export const isServiceIdentity = (value: object): value is ServiceIdentity => 'authorize' in value && 'renew' in value;

const createFixed = (
  config: ServiceIdentityConfig,
  authorize: (request: SignedRequest) => Readonly<Record<string, string>>,
): ServiceIdentity => ({
  principal: hashPrincipal(JSON.stringify(config)),
  authorize: async (request) => authorize(request),
  renew: () => false,
});

const createSignedIn = (config: ServiceIdentityConfig & { kind: 'password' }): ServiceIdentity => {
  let token: Promise<string> | undefined;
  let current: string | undefined;
  const obtain = (signIn: SignIn): Promise<string> => {
    const flight = signIn(config.username, config.password).then((value) => {
      current = `Bearer ${value}`;
      return current;
    });
    token = flight;
    flight.catch(() => {
      if (token === flight) token = undefined;
    });
    return flight;
  };
  return {
    principal: hashPrincipal(JSON.stringify(config)),
    authorize: async (_request, signIn) => ({ authorization: await (token ?? obtain(signIn)) }),
    renew: (rejected) => {
      // Another call may have signed in anew already: then its token is the one to try.
      if (rejected.authorization === current) token = undefined;
      return true;
    },
  };
};

/**
 * The headers of an access key's signature (api.md §1.4; HTTP Signatures draft, HMAC-SHA256).
 * JumpServer answers 500 to a signature that lists a header which is not there, so all four are always set.
 */
const signRequest = (request: SignedRequest, keyId: string, secret: string): Readonly<Record<string, string>> => {
  const date = request.date.toUTCString();
  const lines = [
    `(request-target): ${request.method.toLowerCase()} ${request.target}`,
    `accept: ${request.accept}`,
    `date: ${date}`,
    `host: ${request.host}`,
  ];
  const signature = createHmac('sha256', secret).update(lines.join('\n')).digest('base64');
  return {
    authorization: `Signature keyId="${keyId}",algorithm="hmac-sha256",headers="(request-target) accept date host",signature="${signature}"`,
    accept: request.accept,
    date,
  };
};
