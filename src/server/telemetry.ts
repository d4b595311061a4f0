import type { Logger } from 'pino';
import { type Audited, toAuditFields } from './audit-log.ts';
import type { UpstreamStats } from './graph.ts';
import type { Metrics } from './metrics.ts';
import type { Outcome } from './pipeline.ts';

/** An operation that has run, as far as it may be told: never its variables, its text or its answer. */
export interface EndedOperation {
  readonly requestId: string;
  readonly outcome: Outcome;
  readonly stats: UpstreamStats;
  readonly audited: Omit<Audited, 'stats'>;
  /** How long it took. */
  readonly milliseconds: number;
}

/** Where it is told what the server does: the log and the metrics. */
export interface Telemetry {
  readonly logger: Logger;
  operationEnded(operation: EndedOperation): void;
}

/** Creates the telemetry: one log line and one observation for each operation. */
export const createTelemetry = (logger: Logger, metrics: Metrics | undefined): Telemetry => ({
  logger,
  operationEnded: (ended) => {
    metrics?.observeOperation(ended);
    logger.info(toLogFields(ended), 'operation');
    // The audit of what was changed is not left in a buffer.
    if (ended.stats.writes?.length) logger.flush();
  },
});

/** Characters of an operation's name that are told: it is the client's, and may be as long as a body. */
const LONGEST_NAME = 100;

const toLogFields = ({
  requestId,
  outcome,
  stats,
  audited,
  milliseconds,
}: EndedOperation): Record<string, unknown> => ({
  'http.request.id': requestId,
  'event.duration': Math.round(milliseconds * 1e6),
  'event.outcome': outcome.result.errors ? 'failure' : 'success',
  'graphql.operation.name': outcome.operation?.name?.slice(0, LONGEST_NAME),
  'graphql.operation.type': outcome.operation?.type,
  'graphql.document.hash': outcome.operation?.hash,
  'error.code': outcome.result.errors && [...new Set(outcome.result.errors.map(({ extensions }) => extensions?.code))],
  ...toAuditFields({ ...audited, stats }),
  'upstream.calls': stats.calls,
  'upstream.bytes': stats.bytes,
  'upstream.retries': stats.retries,
});
