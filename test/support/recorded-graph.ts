import { readFileSync } from 'node:fs';
import { type ExecutionResult, type GraphQLSchema, graphql } from 'graphql';
import { catalogue } from '../../src/generated/catalogue.ts';
import { createContext } from '../../src/graph/create-context.ts';
import { toGraphQLError } from '../../src/graph/errors.ts';
import { createGraphSchema } from '../../src/graph/schema.ts';
import { modules } from '../../src/modules/index.ts';
import { createUpstream } from '../../src/upstream/index.ts';
import { isObject, type JsonObject, loadExchanges, type Version } from './recordings.ts';

const sdl = readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8');

let built: GraphQLSchema | undefined;

/** The executable schema, built once. */
export function graphSchema(): GraphQLSchema {
  built ??= createGraphSchema({ sdl, catalogue, modules: [modules] });
  return built;
}

/** What a recorded server answers: rows of one path as they were recorded, other paths as first recorded. */
export interface RecordedServer {
  readonly version: Version;
  /** Path (with `/api/v1`) → rows, given whatever the query says. */
  readonly rows: Readonly<Record<string, readonly JsonObject[]>>;
}

/** Runs a query over a server that gives recorded rows. */
export async function queryRecorded(server: RecordedServer, source: string, variables = {}): Promise<ExecutionResult> {
  const upstream = createUpstream({
    url: 'http://recorded.test',
    version: server.version,
    fetch: (input) => answer(server, input),
  });
  const session = upstream.session({ credentials: { authorization: 'Token recorded' } });
  const contextValue = createContext({ session, catalogue, requestId: 'recorded' });
  const result = await graphql({ schema: graphSchema(), source, variableValues: variables, contextValue });
  const errors = result.errors?.map((error) => toGraphQLError(error));
  return { ...result, ...(errors ? { errors } : {}), extensions: { warnings: contextValue.warnings } };
}

async function answer(server: RecordedServer, input: string): Promise<Response> {
  const url = new URL(input);
  const rows = server.rows[url.pathname];
  if (rows) return toResponse(200, url.searchParams.has('limit') ? page(rows) : rows);
  const found = loadExchanges(server.version).find(
    ({ request, response }) => request.method === 'GET' && request.path === url.pathname && response.status === 200,
  );
  if (!found) return toResponse(404, { detail: 'Not found', code: 'object_does_not_exist' });
  const body = found.response.body;
  return toResponse(
    200,
    isObject(body) && Array.isArray(body['results']) && !url.searchParams.has('limit') ? body['results'] : body,
  );
}

function page(rows: readonly JsonObject[]): object {
  return { count: rows.length, next: null, previous: null, results: rows };
}

function toResponse(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}
