import { catalogue } from '../generated/catalogue.ts';
import type { Clock, Session } from '../upstream/index.ts';
import type { Found, LiveEvent } from './event.ts';
import { createPoller, type Poller } from './poller.ts';
import { type Read, type StreamName, streams } from './streams.ts';

/** What the live side of a graph runs on. */
export interface LiveOptions {
  readonly clock: Clock;
  /** Milliseconds between two looks, in place of each stream's own. */
  readonly every?: number | undefined;
}

/** One caller who subscribes. */
export interface LiveCaller {
  /** The session of the operation that subscribes: whose the poller is, and in which organisation. */
  readonly session: Session;
  /** Opens the session of one look, for the same caller and organisation. */
  readonly open: (signal: AbortSignal) => Session;
}

/** The pollers of a graph. */
export interface Live {
  /**
   * Follows a stream as a caller. Resolves after the first look; rejects with what JumpServer said to that.
   * @throws GraphError `BAD_USER_INPUT` for an `after` that is no cursor of this stream and organisation
   */
  subscribe(
    caller: LiveCaller,
    stream: StreamName,
    after: string | undefined,
  ): Promise<AsyncGenerator<LiveEvent, void>>;
  /** Pollers at work, for metrics. */
  readonly pollers: number;
}

/**
 * Creates the live side: one poller for each principal, organisation and stream, and language, since rows hold texts in the caller's.
 * A poller lives as long as somebody subscribes; its calls count against its principal.
 */
export const createLive = ({ clock, every }: LiveOptions): Live => {
  const pollers = new Map<string, Poller>();
  const pollerOf = (key: string, stream: StreamName, caller: LiveCaller): Poller => {
    const known = pollers.get(key);
    if (known) return known;
    const read = streams[stream].reading();
    const poller = createPoller({
      read: (since, signal) => lookAs(caller.open(signal), read, since),
      every: every ?? streams[stream].every,
      clock,
      onEmpty: () => pollers.delete(key),
    });
    pollers.set(key, poller);
    return poller;
  };
  return {
    subscribe: async (caller, stream, after) => {
      const { session } = caller;
      const { id: organization } = await session.organization();
      const follower = streams[stream].follow({ stream, organization, after });
      const key = JSON.stringify([session.principal, organization, session.language, stream]);
      return pollerOf(key, stream, caller).join(follower);
    },
    get pollers() {
      return pollers.size;
    },
  };
};

const lookAs = async (session: Session, read: Read, since: number | undefined): Promise<readonly Found[]> =>
  read({ session, catalogue, capabilities: await session.capabilities() }, since);
