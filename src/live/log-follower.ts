import { fromInput } from '../graph/dates.ts';
import { badPlace, fromCursor, isInstant, toCursor, toMark } from './cursor.ts';
import type { Follower, Found, LiveEvent, Look } from './event.ts';

/**
 * How far windows reach back, in milliseconds. Rows carry microseconds and show seconds (api.md, Corrections), and components report
 * late: a row that comes in with a time up to this long before the newest one is still told.
 */
export const OVERLAP = 60_000;

/** Of which stream and organisation a follower is. */
export interface Following {
  readonly stream: string;
  readonly organization: string;
  /** A cursor, or an instant. */
  readonly after: string | undefined;
}

/** The newest time seen, and what was seen since that time less the overlap. */
interface Place {
  newest: number;
  readonly seen: Map<string, number>;
}

/**
 * Follows a list that grows with time. Windows overlap, and what was seen in the overlap is left out by its key. It measures by the rows'
 * own times alone, so that no clock of ours has to agree with JumpServer's.
 * @throws GraphError `BAD_USER_INPUT` for an `after` that is none
 */
export const followLog = (following: Following): Follower => {
  const { stream, organization, after } = following;
  let place = after === undefined ? undefined : toPlace(following, after);
  const tell = (one: Found, { newest, seen }: Place): LiveEvent => ({
    id: toMark(`${stream} ${one.key}`),
    cursor: toCursor(stream, organization, [newest / 1000, groupBySecond(seen)]),
    occurredAt: new Date(one.at).toISOString(),
    row: one.row,
  });
  return {
    from: () => place && place.newest - OVERLAP,
    take: (look) => {
      if (!place) {
        place = begin(look);
        return [];
      }
      const here = place;
      const start = here.newest - OVERLAP;
      return look.found.flatMap((one) => (isNew(one, start, here) ? [tell(one, here)] : []));
    },
  };
};

/** Notes a row; whether it is an event that was not told yet. */
const isNew = ({ key, at, quiet }: Found, start: number, place: Place): boolean => {
  const mark = toMark(key);
  if (at < start || place.seen.has(mark)) return false;
  if (at > place.newest) {
    place.newest = at;
    for (const [known, when] of place.seen) if (when < at - OVERLAP) place.seen.delete(known);
  }
  if (quiet) return false;
  place.seen.set(mark, at);
  return true;
};

/** Where a follower without a cursor begins: everything there is has been seen. */
const begin = ({ found, from }: Look): Place => {
  const newest = found.reduce((latest, { at }) => Math.max(latest, at), from ?? 0);
  const recent = found.filter(({ at, quiet }) => !quiet && at >= newest - OVERLAP);
  return { newest, seen: new Map(recent.map(({ key, at }) => [toMark(key), at])) };
};

/** In a cursor: how many seconds before the newest, and the marks of that second in one text. */
const groupBySecond = (seen: ReadonlyMap<string, number>): Record<string, string> => {
  const groups: Record<string, string> = {};
  for (const [mark, at] of seen) groups[at / 1000] = `${groups[at / 1000] ?? ''}${mark}`;
  return groups;
};

const toPlace = ({ stream, organization }: Following, after: string): Place => {
  if (/^\d{4}[-/]/.test(after)) return { newest: toSecond(Date.parse(fromInput(after))) + OVERLAP, seen: new Map() };
  const place = fromCursor(stream, organization, after);
  const [seconds, groups] = Array.isArray(place) ? place : [];
  const newest = Number(seconds) * 1000;
  if (typeof seconds !== 'number' || !isInstant(newest) || typeof groups !== 'object' || groups === null)
    return badPlace();
  const seen = Object.entries(groups).flatMap(([second, marks]) =>
    (String(marks).match(/.{8}/g) ?? []).map((mark) => [mark, Number(second) * 1000] as const),
  );
  if (!seen.every(([, at]) => isInstant(at))) return badPlace();
  return { newest, seen: new Map(seen) };
};

const toSecond = (milliseconds: number): number => Math.floor(milliseconds / 1000) * 1000;
