import { setTimeout as sleep } from 'node:timers/promises';
import figures from '../latency.json' with { type: 'json' };

/** Milliseconds a real server takes for a call that answers so many rows (bench/latency.json). */
export function costOf(url: URL, rows: number): number {
  const path = url.pathname.replace('/api/v1', '');
  const routes: Readonly<Record<string, { whole: number[]; fields: number[] }>> = figures.routes;
  const route = Object.keys(routes).find((known) => path.startsWith(known));
  const cost = (route === undefined ? undefined : routes[route]) ?? figures.other;
  const [base = 0, perRow = 0] = url.searchParams.has('fields') ? cost.fields : cost.whole;
  const members = url.searchParams.get('format') === 'json' ? figures.members : 0;
  return base + (perRow + members) * rows;
}

/** A server of so many workers, each busy with one call at a time: answers when a call that costs so much would be done. */
export function createWorkers(count: number): (milliseconds: number) => Promise<void> {
  const free = Array.from({ length: count }, () => 0);
  return async (milliseconds) => {
    const now = performance.now();
    const worker = free.indexOf(Math.min(...free));
    const end = Math.max(now, free[worker] ?? 0) + milliseconds;
    free[worker] = end;
    await sleep(end - now);
  };
}
