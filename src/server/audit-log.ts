import type { UpstreamStats } from './graph.ts';

/** What the audit says of an operation besides the operation itself. */
export interface Audited {
  /** An opaque key of the credentials, the same for one caller as long as the process lives. */
  readonly principal: string | undefined;
  /** The caller's verified address. */
  readonly address: string;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly stats: UpstreamStats;
}

/** Levels of a shape, names on each and in all: more tells no more about what was asked, and costs log. */
const DEEPEST = 4;
const WIDEST = 40;
const MOST = 400;

/** Who asked, the shape of what was sent along, and which writes followed upstream: ECS fields, no value of anybody. */
export const toAuditFields = ({ principal, address, variables, stats }: Audited): Record<string, unknown> => ({
  'user.hash': principal,
  'client.ip': address,
  'graphql.variables': variables && shapeOf(variables),
  'upstream.writes': stats.writes && stats.writes.length > 0 ? stats.writes : undefined,
});

/** Names and kinds of a value, never the value: `{ input: { name: "string", secret: "string" } }`; of a list its length and first item. */
export const shapeOf = (value: unknown, depth = DEEPEST, room = { names: MOST }): unknown => {
  if (value === null) return 'null';
  if (Array.isArray(value))
    return { length: value.length, of: value.length > 0 ? shapeOf(value[0], depth - 1, room) : 'null' };
  if (typeof value !== 'object') return typeof value;
  if (depth <= 0) return 'object';
  const named = Object.entries(value).filter(([name]) => NAME.test(name));
  const told = named.slice(0, WIDEST).filter(() => room.names-- > 0);
  return Object.fromEntries(told.map(([name, each]) => [name, shapeOf(each, depth - 1, room)]));
};

/** Names as GraphQL allows them: a key of free JSON can be anything, also a secret. */
const NAME = /^[A-Za-z_]\w{0,49}$/;
