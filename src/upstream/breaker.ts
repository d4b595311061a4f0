import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import { isUpstreamError, type RequestName, UpstreamError } from './errors.ts';

/** Failures in a row that open a circuit, and how long it then stays open in milliseconds. */
const THRESHOLD = 8;
const OPEN_FOR = 5_000;

/** Fails fast while JumpServer, or one of its routes, is down. For reads; a write always gets its one try. */
export interface Breaker {
  /** Runs the call, or rejects with `UPSTREAM_UNAVAILABLE` at once while the circuit is open. */
  guard<T>(request: RequestName, call: () => Promise<T>): Promise<T>;
  /** Whether the whole upstream is taken for dead. */
  isOpen(): boolean;
}

/** The server can't be reached, or its proxy says so. A plain 500 is not an outage: one bad filter makes JumpServer answer it (api.md §0). */
const isOutage = (error: Error): boolean =>
  isUpstreamError(error) &&
  (error.failure === 'refused' || error.failure === 'reset' || error.status === 502 || error.status === 503);

/** One route hangs while others may be well. */
const isStall = (error: Error): boolean =>
  isUpstreamError(error) && (error.failure === 'timeout' || error.status === 504);

const createCircuit = (filter: (error: Error) => boolean): CircuitBreakerPolicy =>
  circuitBreaker(handleWhen(filter), { halfOpenAfter: OPEN_FOR, breaker: new ConsecutiveBreaker(THRESHOLD) });

/** One circuit for the server and one for each route of the contract. */
export const createBreaker = (): Breaker => {
  const server = createCircuit(isOutage);
  const routes = new Map<string, CircuitBreakerPolicy>();
  const routeOf = (path: string): CircuitBreakerPolicy => {
    const known = routes.get(path) ?? createCircuit(isStall);
    routes.set(path, known);
    return known;
  };
  return {
    guard: async (request, call) => {
      try {
        return await server.execute(() => routeOf(request.path).execute(call));
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error;
        throw new UpstreamError('UPSTREAM_UNAVAILABLE', request, {
          reason: 'circuit open after repeated failures',
          failure: 'circuit open',
          retryAfter: OPEN_FOR / 1000,
        });
      }
    },
    isOpen: () => server.state === CircuitState.Open,
  };
};
