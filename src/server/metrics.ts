import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Admission } from './admission.ts';
import type { EndedOperation } from './telemetry.ts';

/** Figures for Prometheus. Labels come from closed sets only: no name, user or organisation of anybody. */
export interface Metrics {
  observeOperation(operation: EndedOperation): void;
  /** The text that `/metrics` answers. */
  expose(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** Ends the collection of process figures. */
  close(): void;
}

/** Creates the metrics of one server, in a registry of their own. */
export const createMetrics = (admission: Admission): Metrics => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const seconds = new Histogram({
    name: 'jumpgraph_operation_seconds',
    help: 'How long operations took',
    labelNames: ['type', 'outcome'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const errors = new Counter({
    name: 'jumpgraph_errors_total',
    help: 'Errors in answers, by code',
    labelNames: ['code'],
    registers,
  });
  const calls = new Counter({ name: 'jumpgraph_upstream_calls_total', help: 'Calls to JumpServer', registers });
  const retries = new Counter({
    name: 'jumpgraph_upstream_retries_total',
    help: 'Repeated calls to JumpServer',
    registers,
  });
  const bytes = new Counter({
    name: 'jumpgraph_upstream_bytes_total',
    help: 'Bytes that JumpServer answered',
    registers,
  });
  new Gauge({
    name: 'jumpgraph_operations_running',
    help: 'Operations that run now',
    registers,
    collect() {
      this.set(admission.running);
    },
  });
  return {
    observeOperation: ({ outcome, stats, milliseconds }) => {
      const type = outcome.operation?.type ?? 'none';
      seconds.observe({ type, outcome: outcome.result.errors ? 'failure' : 'success' }, milliseconds / 1000);
      for (const { extensions } of outcome.result.errors ?? []) errors.inc({ code: String(extensions?.code) });
      calls.inc(stats.calls);
      retries.inc(stats.retries);
      bytes.inc(stats.bytes);
    },
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    close: () => registry.clear(),
  };
};
