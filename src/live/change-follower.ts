import { badPlace, fromCursor, toCursor, toMark } from './cursor.ts';
import type { Follower, LiveEvent } from './event.ts';
import type { Following } from './log-follower.ts';

/** Follows rows that change in place: knows the state of each and tells when it is another one. `key` of what is found is `id state`. */
export const followChanges = ({ stream, organization, after }: Following): Follower => {
  let known = after === undefined ? undefined : toKnown(fromCursor(stream, organization, after));
  return {
    from: () => undefined,
    take: ({ found, now }) => {
      const before = known;
      const states = found.map((one) => ({ one, ...toState(one.key) }));
      if (!before) {
        known = new Map(states.map(({ id, state }) => [id, state]));
        return [];
      }
      const here = new Set(states.map(({ id }) => id));
      for (const id of before.keys()) if (!here.has(id)) before.delete(id);
      return states.flatMap(({ one, id, state }): LiveEvent[] => {
        const last = before.get(id);
        if (last === state) return [];
        before.set(id, state);
        if (last === undefined) return [];
        return [
          {
            id: toMark(`${stream} ${one.key} ${now}`),
            cursor: toCursor(stream, organization, groupByState(before)),
            occurredAt: new Date(now).toISOString(),
            row: one.row,
          },
        ];
      });
    },
  };
};

const toState = (key: string): { readonly id: string; readonly state: string } => {
  const at = key.indexOf(' ');
  return { id: toMark(key.slice(0, at)), state: toMark(key.slice(at + 1)) };
};

/** In a cursor: most rows have one of few states, so the marks of all that share one stand in one text. */
const groupByState = (known: ReadonlyMap<string, string>): Record<string, string> => {
  const groups: Record<string, string> = {};
  for (const [id, state] of known) groups[state] = `${groups[state] ?? ''}${id}`;
  return groups;
};

const toKnown = (place: unknown): Map<string, string> => {
  if (typeof place !== 'object' || place === null) return badPlace();
  return new Map(
    Object.entries(place).flatMap(([state, ids]) =>
      (String(ids).match(/.{8}/g) ?? []).map((id) => [id, state] as const),
    ),
  );
};
