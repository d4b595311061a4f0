import { LRUCache } from 'lru-cache';
import type { Clock } from './clock.ts';
import type { Incoming } from './transport.ts';

/** Whose answer it is. What one of them was answered is never another's: rights, organisation and language may differ in each. */
export interface Viewer {
  readonly principal: string;
  readonly organization: string | undefined;
  readonly language: string;
}

/** Answers that outlive an operation: of slow-changing rows that belong to nobody. They can only be reached as somebody. */
export interface Shelf {
  /** The kept answer of this viewer, or that of `load`, which is then kept. */
  read(viewer: Viewer, url: string, load: () => Promise<Incoming>): Promise<Incoming>;
  /** Something was or may be written, by anybody: nothing that was read before counts any more. */
  forget(): void;
}

/**
 * Answers that change rarely and belong to nobody (api.md §8), and whether all of one is such or only what is asked for by `fields=`. Rows of
 * roles hold the number of their users all the same: who wants it asks for it by name, and gets it anew.
 */
const SLOW: Readonly<Record<string, 'rows' | 'whole'>> = {
  '/assets/platforms/': 'rows',
  '/rbac/roles/': 'rows',
  '/settings/public/': 'whole',
};

/** Whether an answer may be kept: not when it holds a number or the members of what is counted, which change with other rows. */
export const isSlow = (path: string, url: string): boolean => {
  const kind = SLOW[path];
  return kind === 'whole' || (kind === 'rows' && url.includes('fields=') && !/_amount|_count|format=json/.test(url));
};

/**
 * Creates a shelf. It keeps bytes, not rows: an operation may mark the rows it reads.
 * @param lifetime milliseconds that an answer counts; 0 keeps nothing
 */
export const createShelf = (clock: Clock, lifetime: number, maxBytes: number): Shelf => {
  if (lifetime === 0) return { read: (_viewer, _url, load) => load(), forget: () => undefined };
  const answers = new LRUCache<string, Incoming>({
    maxSize: maxBytes,
    sizeCalculation: ({ body }) => Math.max(1, body.byteLength),
    ttl: lifetime,
    ttlResolution: 0,
    perf: { now: () => clock.now() },
  });
  let writes = 0;
  return {
    read: async ({ principal, organization, language }, url, load) => {
      const key = JSON.stringify([principal, organization, language, url]);
      const known = answers.get(key);
      if (known) return known;
      const before = writes;
      const answer = await load();
      // An answer that a write overtook may be older than it.
      if (writes === before) answers.set(key, answer);
      return answer;
    },
    forget: () => {
      writes += 1;
      answers.clear();
    },
  };
};
