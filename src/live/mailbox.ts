import { GraphError } from '../graph/errors.ts';

/** Events that may wait for a subscriber who is slow to take them. */
const MOST = 10_000;

/** What waits for one subscriber, between the poller that finds it and the connection that takes it. */
export interface Mailbox<Item> {
  put(items: readonly Item[]): void;
  /** Ends it with an error, once what waits has been taken. */
  fail(error: unknown): void;
  /** The items as they come; `onLeave` is called once, when the generator ends or is returned. */
  open(onLeave: () => void): AsyncGenerator<Item, void>;
}

/** Creates a mailbox. A subscriber for whom too much waits is told so (`OVERLOADED`) instead of losing events silently. */
export const createMailbox = <Item>(): Mailbox<Item> => {
  const waiting: Item[] = [];
  let failure: { readonly error: unknown } | undefined;
  let isLeft = false;
  let wake = () => {};
  const fail = (error: unknown): void => {
    failure ??= { error };
    wake();
  };
  /** The next item; undefined when the subscriber has left. */
  const take = async (): Promise<Item | undefined> => {
    for (;;) {
      if (isLeft) return undefined;
      if (waiting.length > 0) return waiting.shift();
      if (failure) throw failure.error;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return {
    put: (items) => {
      if (failure) return;
      if (waiting.length + items.length > MOST)
        return fail(new GraphError('OVERLOADED', 'Events come faster than they are taken.'));
      waiting.push(...items);
      wake();
    },
    fail,
    open: (onLeave) => {
      const leave = (): IteratorResult<Item, void> => {
        if (!isLeft) onLeave();
        isLeft = true;
        wake();
        return { value: undefined, done: true };
      };
      const generator: AsyncGenerator<Item, void> = {
        next: async () => {
          try {
            const value = await take();
            return value === undefined ? leave() : { value, done: false };
          } catch (error) {
            leave();
            throw error;
          }
        },
        return: async () => leave(),
        throw: async (error) => {
          leave();
          throw error;
        },
        [Symbol.asyncIterator]: () => generator,
      };
      return generator;
    },
  };
};
