import { LRUCache } from 'lru-cache';
import type { Clock } from './clock.ts';

/** Answers that many ask for at once and that stay good for a while: one load for all. Failures are not kept. */
export interface Flights<T> {
  /** The answer of this key, loaded by whoever asks first. When that one fails, each other tries by its own means. */
  get(key: string, load: () => Promise<T>): Promise<T>;
  clear(): void;
}

/** @param lifetime milliseconds that an answer stays good */
export const createFlights = <T>(clock: Clock, lifetime: number, max: number): Flights<T> => {
  const flights = new LRUCache<string, Promise<T>>({
    max,
    ttl: lifetime,
    ttlResolution: 0,
    perf: { now: () => clock.now() },
  });
  const start = (key: string, load: () => Promise<T>): Promise<T> => {
    const flight = load();
    flights.set(key, flight);
    flight.catch(() => {
      if (flights.peek(key) === flight) flights.delete(key);
    });
    return flight;
  };
  return {
    get: async (key, load) => {
      const flight = flights.get(key);
      if (!flight) return start(key, load);
      try {
        return await flight;
      } catch {
        // Not ours to report: its caller may have gone away or have had no rights.
        return start(key, load);
      }
    },
    clear: () => flights.clear(),
  };
};
