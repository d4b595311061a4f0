import { badPlace, fromCursor, isInstant, toCursor, toMark } from './cursor.ts';
import type { Follower, Found, LiveEvent } from './event.ts';
import type { Following } from './log-follower.ts';

/** When it looked last, and which ends it has told that are still to come. */
interface Place {
  looked: number;
  readonly told: Map<string, number>;
}

/** Follows ends that come nearer: `at` of what is found is the end, told once when it is less than `ahead` milliseconds away. */
export const followDeadlines = ({ stream, organization, after }: Following, ahead: number): Follower => {
  let place = after === undefined ? undefined : toPlace(fromCursor(stream, organization, after));
  return {
    from: () => undefined,
    take: ({ found, now }) => {
      const near = found.filter(({ at }) => at <= now + ahead);
      if (!place) {
        const coming = near.filter(({ at }) => at > now);
        place = { looked: now, told: new Map(coming.map(({ key, at }) => [toMark(key), at])) };
        return [];
      }
      const { looked, told } = place;
      for (const [mark, at] of told) if (at <= looked) told.delete(mark);
      const fresh = near.filter(({ key, at }) => at > looked && !told.has(toMark(key)));
      const events = fresh.map((one): LiveEvent => {
        told.set(toMark(one.key), one.at);
        return {
          id: toMark(`${stream} ${one.key}`),
          // What was not told yet may end before the next look of whoever resumes here: so it stands where this look began.
          cursor: toCursor(stream, organization, [looked, Object.fromEntries(told)]),
          occurredAt: new Date(whenNear(one, ahead, looked, now)).toISOString(),
          row: one.row,
        };
      });
      place = { looked: now, told };
      return events;
    },
  };
};

/** When the end came near: as the days went by, or, when it was moved, at the look. */
const whenNear = ({ at }: Found, ahead: number, looked: number, now: number): number =>
  at - ahead > looked ? at - ahead : now;

const toPlace = (place: unknown): Place => {
  const [looked, told] = Array.isArray(place) ? place : [];
  if (!isInstant(looked) || typeof told !== 'object' || told === null) return badPlace();
  const ends = Object.entries(told).map(([mark, at]) => [mark, at] as const);
  return { looked, told: new Map(ends.map(([mark, at]) => [mark, isInstant(at) ? at : badPlace()])) };
};
