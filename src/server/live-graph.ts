import { createLive } from '../live/create-live.ts';
import type { LiveEvent } from '../live/event.ts';
import { takePart } from '../live/resolvers.ts';
import type { Clock, Session } from '../upstream/index.ts';
import type { OperationContext, OperationRequest } from './graph.ts';

/** Who subscribes; how long each look may live is decided here. */
export type LiveRequest = Omit<OperationRequest, 'signal' | 'deadline'>;

/** What an operation began, if it was a subscription. */
export interface Offer {
  readonly events: AsyncGenerator<LiveEvent, void> | undefined;
}

/** Subscriptions of a graph, as the server drives them: an operation runs once to begin, and once for each event. */
export interface LiveGraph {
  /** Lets the operation that runs with this context begin a subscription. */
  offer(context: OperationContext, request: LiveRequest): Offer;
  /** Makes the operation that runs with this context answer for one event. */
  deliver(context: OperationContext, event: LiveEvent): void;
  /** Pollers at work. */
  readonly pollers: number;
}

/** What the live side of a graph stands on. */
export interface LiveGraphOptions {
  readonly open: (request: OperationRequest) => Session;
  readonly clock: Clock;
  /** Milliseconds that one look may take. */
  readonly timeout: number;
  /** Milliseconds between two looks, in place of each stream's own. */
  readonly every?: number | undefined;
}

/** Creates the live side of a graph. Each look has a session of its own: its own budget, and nothing remembered of the look before. */
export const createLiveGraph = ({ open, clock, timeout, every }: LiveGraphOptions): LiveGraph => {
  const live = createLive({ clock, every });
  return {
    offer: (context, request) => {
      const look = (signal: AbortSignal) => open({ ...request, signal, deadline: Date.now() + timeout });
      const offer: { events: Offer['events'] } = { events: undefined };
      takePart(context, {
        begin: async (stream, after) => {
          const session = look(new AbortController().signal);
          offer.events = await live.subscribe({ session, open: look }, stream, after);
        },
      });
      return offer;
    },
    deliver: (context, event) => takePart(context, { event }),
    get pollers() {
      return live.pollers;
    },
  };
};
