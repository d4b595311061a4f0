import type { GraphQLFormattedError } from 'graphql';

/** From this many on, errors that are alike are a flood. */
const FLOOD = 10;

/**
 * Reports a flood of the same error once: one failed call may null the same relation of a hundred rows. Alike are errors of one field
 * (whatever the row), code and message; the first one stays, with `extensions.count`.
 */
export const withoutFlood = (errors: readonly GraphQLFormattedError[]): readonly GraphQLFormattedError[] => {
  if (errors.length < FLOOD) return errors;
  const groups = new Map<string, GraphQLFormattedError[]>();
  for (const error of errors) {
    const key = keyOf(error);
    const group = groups.get(key);
    if (group) group.push(error);
    else groups.set(key, [error]);
  }
  return [...groups.values()].flatMap((group) => (group.length < FLOOD ? group : withCount(group)));
};

const keyOf = ({ message, path, extensions }: GraphQLFormattedError): string =>
  JSON.stringify([extensions?.code, message, path?.filter((step) => typeof step === 'string')]);

const withCount = (group: readonly GraphQLFormattedError[]): readonly GraphQLFormattedError[] =>
  group.slice(0, 1).map((first) => ({ ...first, extensions: { ...first.extensions, count: group.length } }));
