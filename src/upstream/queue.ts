/** Bounds for what is in flight. */
export interface QueueLimits {
  readonly total: number;
  readonly perPrincipal: number;
  readonly perRoute: number;
  readonly waiting: number;
  /** Share of `waiting` that one principal may take, so that its load refuses nobody else. */
  readonly waitingPerPrincipal: number;
}

/** A place in flight; call it once to give it back. */
export type Release = () => void;

interface Waiter {
  readonly route: string;
  start(): void;
}

/** Hands out places in turn over principals, so that one with a thousand calls waiting does not hold up one with a single call. */
export interface FairQueue {
  /** A place now, or undefined when none is free. */
  enter(principal: string, route: string): Release | undefined;
  /** A promise of a place, or undefined when too many wait already; rejects with the signal's reason. */
  wait(principal: string, route: string, signal: AbortSignal): Promise<Release> | undefined;
  readonly running: number;
  readonly waiting: number;
}

/** Creates the queue that all calls of the process go through. */
export const createFairQueue = (limits: QueueLimits): FairQueue => {
  const perPrincipal = new Map<string, number>();
  const perRoute = new Map<string, number>();
  /** In the order of turns: a principal that was served moves to the end. */
  const lines = new Map<string, Waiter[]>();
  let running = 0;
  let waiting = 0;

  const hasPlace = (principal: string, route: string): boolean =>
    running < limits.total &&
    (perPrincipal.get(principal) ?? 0) < limits.perPrincipal &&
    (perRoute.get(route) ?? 0) < limits.perRoute;

  const isFull = (principal: string): boolean =>
    waiting >= limits.waiting || (lines.get(principal)?.length ?? 0) >= limits.waitingPerPrincipal;

  const take = (principal: string, route: string): Release => {
    running++;
    add(perPrincipal, principal, 1);
    add(perRoute, route, 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      running--;
      add(perPrincipal, principal, -1);
      add(perRoute, route, -1);
      serve();
    };
  };

  const serveNext = (): boolean => {
    for (const [principal, line] of lines) {
      if ((perPrincipal.get(principal) ?? 0) >= limits.perPrincipal) continue;
      const index = line.findIndex(({ route }) => hasPlace(principal, route));
      const [waiter] = index < 0 ? [] : line.splice(index, 1);
      if (!waiter) continue;
      waiting--;
      lines.delete(principal);
      if (line.length > 0) lines.set(principal, line);
      waiter.start();
      return true;
    }
    return false;
  };

  /** One place given back can let several start: one that waited for the principal's share, another for the route's. */
  const serve = (): void => {
    while (waiting > 0 && running < limits.total && serveNext());
  };

  const leave = (principal: string, waiter: Waiter): void => {
    const line = lines.get(principal) ?? [];
    const index = line.indexOf(waiter);
    if (index < 0) return;
    line.splice(index, 1);
    waiting--;
    if (line.length === 0) lines.delete(principal);
  };

  const stand = (principal: string, route: string, signal: AbortSignal): Promise<Release> =>
    new Promise((resolve, reject) => {
      const abort = () => {
        leave(principal, waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        route,
        start: () => {
          signal.removeEventListener('abort', abort);
          resolve(take(principal, route));
        },
      };
      const line = lines.get(principal);
      if (line) line.push(waiter);
      else lines.set(principal, [waiter]);
      waiting++;
      signal.addEventListener('abort', abort, { once: true });
    });

  return {
    enter: (principal, route) => (hasPlace(principal, route) ? take(principal, route) : undefined),
    wait: (principal, route, signal) => (isFull(principal) ? undefined : stand(principal, route, signal)),
    get running() {
      return running;
    },
    get waiting() {
      return waiting;
    },
  };
};

const add = (counts: Map<string, number>, key: string, change: number): void => {
  const count = (counts.get(key) ?? 0) + change;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
};
