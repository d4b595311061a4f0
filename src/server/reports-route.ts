import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Config } from '../config.ts';
import { createReport } from '../reports/create-report.ts';
import {
  CONTENT_TYPES,
  exportReport,
  isReportFormat,
  REPORT_FORMATS,
  type ReportFormat,
} from '../reports/exports/export-report.ts';
import { isReportName, REPORT_NAMES, type ReportName } from '../reports/parameters.ts';
import type { Admission } from './admission.ts';
import { sendRefusal } from './answer.ts';
import { type Caller, isCookieCaller, toCaller } from './caller.ts';
import { toClientError } from './errors.ts';
import type { Graph } from './graph.ts';
import { createLifetime, type Lifetime } from './lifetime.ts';
import type { Telemetry } from './telemetry.ts';

/** What the route stands on. */
export interface ReportsRouteOptions {
  readonly config: Config;
  readonly graph: Graph;
  readonly admission: Admission;
  readonly telemetry: Telemetry;
}

/** What a report is asked for, by its address. */
interface Asked {
  readonly name: ReportName;
  readonly format: ReportFormat;
}

/** Statuses of a report that failed; a code that is not here is our own fault. */
const STATUSES: Readonly<Record<string, number>> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  COST_LIMIT: 400,
  UPSTREAM_THROTTLED: 429,
  UPSTREAM_CONTRACT: 502,
  UPSTREAM_UNAVAILABLE: 502,
  UPSTREAM_TIMEOUT: 504,
  UNSUPPORTED_BY_SERVER: 501,
  OVERLOADED: 503,
};

/** Reports as pages and tables at `/reports/<name>.<format>`, with the caller's own credentials; parameters as in the graph. */
export const registerReports = (app: FastifyInstance, options: ReportsRouteOptions): void => {
  const { graph, telemetry } = options;
  if (!graph.openReport) return;
  app.get('/reports/:file', async (request, reply) => {
    try {
      return await answer(request, reply, options);
    } catch (error) {
      const { logger } = telemetry;
      const shown = toClientError(error, { requestId: request.id, logger, toGraphQLError: graph.toGraphQLError });
      return sendRefusal(reply, shown, 'application/json', STATUSES[String(shown.extensions?.['code'])] ?? 500);
    }
  });
};

const answer = async (request: FastifyRequest, reply: FastifyReply, options: ReportsRouteOptions) => {
  const { config, admission } = options;
  const asked = toAsked(request);
  const caller = toCaller(request.headers, request.ip, {
    cookiePrefix: config.SESSION_COOKIE_PREFIX,
    defaultOrganization: config.JUMPSERVER_ORG,
  });
  assertSameSite(request, caller);
  const leave = admission.enter();
  const lifetime = createLifetime(reply, config.REPORT_TIMEOUT);
  const end = () => {
    lifetime.end();
    leave();
  };
  try {
    const stream = await openStream(request, asked, caller, lifetime, options);
    stream.once('close', end);
    return await send(reply, stream, asked);
  } catch (error) {
    end();
    throw error;
  }
};

/** Makes the report and begins to write it: what is refused is refused before the first byte. */
const openStream = async (
  request: FastifyRequest,
  { name, format }: Asked,
  caller: Caller,
  { signal, deadline }: Lifetime,
  { graph, telemetry: { logger } }: ReportsRouteOptions,
): Promise<Readable> => {
  const opened = graph.openReport?.({ caller, requestId: request.id, signal, deadline, logger });
  if (!opened) throw notFound();
  const { source, stats } = opened;
  const report = await createReport(name, source, toParameters(request.query));
  const { calls, bytes } = stats;
  const fields = { 'http.request.id': request.id, 'report.name': name, 'report.format': format };
  logger.info({ ...fields, 'upstream.calls': calls, 'upstream.bytes': bytes }, 'report');
  return exportReport(report, format);
};

const send = (reply: FastifyReply, stream: Readable, { name, format }: Asked): FastifyReply => {
  const file = `${name}-${new Date().toISOString().slice(0, 10)}.${format}`;
  return reply
    .type(CONTENT_TYPES[format])
    .header('cache-control', 'no-store')
    .header('content-disposition', `${format === 'html' ? 'inline' : 'attachment'}; filename="${file}"`)
    .send(stream);
};

const toAsked = (request: FastifyRequest): Asked => {
  const { file = '' } = request.params as { readonly file?: string };
  const dot = file.lastIndexOf('.');
  const [name, format] = [file.slice(0, dot), file.slice(dot + 1)];
  if (!isReportName(name) || !isReportFormat(format)) throw notFound();
  return { name, format };
};

const toParameters = (query: unknown): Record<string, unknown> =>
  typeof query === 'object' && query !== null ? { ...query } : {};

/** A page of another site may not make a browser that is signed in by cookie start a report. */
const assertSameSite = ({ headers }: FastifyRequest, caller: Caller): void => {
  if (!isCookieCaller(caller) || headers['sec-fetch-site'] !== 'cross-site') return;
  throw new GraphQLError('Reports are not given to pages of other sites.', { extensions: { code: 'FORBIDDEN' } });
};

const notFound = (): GraphQLError => {
  const known = `the reports are ${REPORT_NAMES.join(', ')}, each as ${REPORT_FORMATS.join(', ')}`;
  return new GraphQLError(`There is no such report; ${known}.`, { extensions: { code: 'NOT_FOUND' } });
};
