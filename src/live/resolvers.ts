import { completeRow } from '../graph/complete.ts';
import type { GraphContext } from '../graph/context.ts';
import { badInput } from '../graph/errors.ts';
import type { Resolver } from '../graph/resolve.ts';
import type { Row } from '../graph/row.ts';
import type { Resolvers } from '../graph/served.ts';
import type { LiveEvent } from './event.ts';
import { type StreamName, streams } from './streams.ts';

/** Begins a subscription: called when its root field is resolved the first time. */
export type Begin = (stream: StreamName, after: string | undefined) => Promise<void>;

/** What an operation with a subscription does when it runs: begin, or tell one event. */
type Part = { readonly begin: Begin } | { readonly event: LiveEvent };

const parts = new WeakMap<object, Part>();

/** Says what the subscription of an operation does when it runs with this context; one without is refused. */
export const takePart = (context: object, part: Part): void => {
  parts.set(context, part);
};

/** Stands where the first event will; nobody is told of it. */
const BEGINNING: Row = { id: '', cursor: '', occurredAt: new Date(0).toISOString() };

/** The root field of a stream: begins it, or gives the event of this run. */
const root =
  (stream: StreamName): Resolver =>
  async (_source, { after }, context) => {
    const part = parts.get(context);
    if (!part) throw badInput('Subscriptions are answered over WebSocket or as text/event-stream, not here.');
    if ('event' in part) return { ...part.event };
    await part.begin(stream, typeof after === 'string' ? after : undefined);
    return BEGINNING;
  };

/** What an event happened to: as the poller read it when that is enough, else read again by its id. */
const subject =
  (noun: string): Resolver =>
  (event, _args, context: GraphContext, info) => {
    const row = event['row'] as Row | undefined;
    return row ? completeRow(noun, row, context.scope, context, info) : null;
  };

/** A ticket's type decides what else it has: always read by its id. */
const ticket: Resolver = async (event, _args, context, info) => {
  const row = event['row'] as Row | undefined;
  return row ? completeRow('Ticket', { id: row['id'] }, context.scope, context, info) : null;
};

/** The fields of `Subscription` and of its events. */
export const liveResolvers = {
  Subscription: Object.fromEntries((Object.keys(streams) as StreamName[]).map((name) => [name, root(name)])),
  SessionEvent: { session: subject('Session') },
  CommandEvent: { command: subject('Command') },
  LoginLogEvent: { loginLog: subject('LoginLog') },
  PermissionEvent: { permission: subject('Permission') },
  TicketEvent: { ticket },
} satisfies Resolvers;
