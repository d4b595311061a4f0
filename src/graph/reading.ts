import type { GraphContext } from './context.ts';
import type { Resolver } from './resolve.ts';
import type { Json, Row } from './row.ts';

/** Reads a field off its row at once: it looks at no argument and no place, and never promises. */
export type Read = (row: Row, context: GraphContext) => Json;

const readings = new WeakMap<object, Read>();

/** Makes a resolver of a reading, which an executor may call directly: most fields are such, and their places need not be told. */
export function toReading(read: Read): Resolver {
  const resolver: Resolver = (row, _args, context) => read(row, context);
  readings.set(resolver, read);
  return resolver;
}

/** The reading behind a resolver, where it is one. */
export function readingOf(resolver: object | undefined): Read | undefined {
  return resolver && readings.get(resolver);
}
