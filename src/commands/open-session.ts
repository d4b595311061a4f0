import { operations } from '../generated/operations.ts';
import type { Home } from '../graph/context.ts';
import { createServiceIdentity, createUpstream, type Session, type SessionOptions } from '../upstream/index.ts';
import { readLogin } from './credentials.ts';
import type { Surroundings } from './surroundings.ts';

/** A session of the operator, and what it belongs to. */
export interface OpenSession {
  readonly session: Session;
  readonly home: Home;
  close(): Promise<void>;
}

/** Nobody is signed in, and no service identity is set. */
export class NotSignedInError extends Error {
  override readonly name = 'NotSignedInError';
}

/**
 * Opens a session as the operator: the service identity of the environment, else the token of `jumpgraph login`, else (over the embedded
 * sandbox) its administrator. Throws {@link NotSignedInError}.
 */
export async function openSession(surroundings: Surroundings, organization?: string): Promise<OpenSession> {
  const { config, source, signal } = surroundings;
  const credentials = await credentialsOf(surroundings);
  const upstream = createUpstream({
    url: source.url,
    fetch: source.fetch,
    version: config.JUMPSERVER_VERSION,
    organization: config.JUMPSERVER_ORG,
    ca: config.JUMPSERVER_CA_FILE,
    operations,
  });
  const session = upstream.session({ credentials, organization, signal });
  return { session, home: { writes: 0 }, close: () => upstream.close() };
}

async function credentialsOf(surroundings: Surroundings): Promise<SessionOptions['credentials']> {
  const { config, source, credentialsFile, now } = surroundings;
  if (config.serviceIdentity) return createServiceIdentity(config.serviceIdentity);
  if (source.authorization) return { authorization: source.authorization };
  const stored = await readLogin(credentialsFile, source.url, now());
  if (stored) return { authorization: `Bearer ${stored.token}` };
  throw new NotSignedInError(
    'Nobody is signed in: run "jumpgraph login", or set JUMPSERVER_TOKEN or another service identity.',
  );
}
