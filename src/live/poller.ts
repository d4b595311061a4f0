import type { Clock } from '../upstream/index.ts';
import type { Follower, Found, LiveEvent } from './event.ts';
import { createMailbox, type Mailbox } from './mailbox.ts';

/** What a poller runs on. */
export interface PollerOptions {
  /** Looks once: what there is since an instant. Ends early when the signal aborts. */
  readonly read: (since: number | undefined, signal: AbortSignal) => Promise<readonly Found[]>;
  /** Milliseconds between two looks. */
  readonly every: number;
  readonly clock: Clock;
  /** Called when the last subscriber has left. */
  readonly onEmpty: () => void;
}

/** Looks again and again for all subscribers of a stream together. */
export interface Poller {
  /**
   * Joins with a place in the stream. Resolves after the first look, and rejects when that fails; the generator throws when a later one
   * does. Leaves when the generator is returned.
   */
  join(follower: Follower): Promise<AsyncGenerator<LiveEvent, void>>;
}

interface Subscriber {
  readonly follower: Follower;
  readonly mailbox: Mailbox<LiveEvent>;
  /** Settles the first look. */
  readonly joined: (error?: unknown) => void;
}

/** Creates a poller. It rests while nobody has joined; who joins is given a look at once. */
export const createPoller = ({ read, every, clock, onEmpty }: PollerOptions): Poller => {
  const subscribers = new Set<Subscriber>();
  let ending = new AbortController();
  let cancelTimer = () => {};
  let looking: Promise<void> | undefined;

  const leave = (subscriber: Subscriber): void => {
    if (!subscribers.delete(subscriber) || subscribers.size > 0) return;
    cancelTimer();
    ending.abort(new DOMException('the last subscriber has left', 'AbortError'));
    ending = new AbortController();
    onEmpty();
  };

  /** One look for those who are here when it begins; it may reach further back for one than for another. */
  const look = async (): Promise<void> => {
    const present = [...subscribers];
    const starts = present.map(({ follower }) => follower.from()).filter((start) => start !== undefined);
    const from = starts.length > 0 ? Math.min(...starts) : undefined;
    try {
      const found = await read(from, ending.signal);
      const now = clock.now();
      for (const { follower, mailbox, joined } of present) {
        mailbox.put(follower.take({ found, from, now }));
        joined();
      }
    } catch (error) {
      for (const subscriber of present) {
        subscriber.mailbox.fail(error);
        subscriber.joined(error);
        leave(subscriber);
      }
    }
  };

  const lookNow = (): Promise<void> => {
    cancelTimer();
    looking = look().finally(() => {
      looking = undefined;
      if (subscribers.size > 0) cancelTimer = clock.timer(every, () => void lookNow());
    });
    return looking;
  };

  const welcome = async (): Promise<void> => {
    await looking;
    await (looking ?? lookNow());
  };

  return {
    join: async (follower) => {
      const mailbox = createMailbox<LiveEvent>();
      let subscriber: Subscriber | undefined;
      const first = new Promise<void>((resolve, reject) => {
        const joined = (error?: unknown) => (error === undefined ? resolve() : reject(error));
        subscriber = { follower, mailbox, joined };
        subscribers.add(subscriber);
      });
      void welcome();
      await first;
      return mailbox.open(() => subscriber && leave(subscriber));
    },
  };
};
