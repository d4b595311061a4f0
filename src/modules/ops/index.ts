import type { GraphContext } from '../../graph/context.ts';
import { brokenContract } from '../../graph/errors.ts';
import { getJson, type ReadPath } from '../../graph/fetch.ts';
import { getAll } from '../../graph/fetch-all.ts';
import { isRow, type Row, scopeOf } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { jobHosts, jobVariables, usernameHints } from './hints.ts';
import { readFile } from './playbook-files.ts';

/** A piece of output, as the graph gives it. */
interface LogPiece {
  readonly data: string;
  readonly isEnd: boolean;
  readonly mark: string | null;
}

/** Reads output from a mark on. Its properties are `data`, `end`, `mark` (api.md §5.17); the document calls them otherwise. */
async function readLog(
  row: Row,
  context: GraphContext,
  path: ReadPath,
  mark: string | null | undefined,
): Promise<LogPiece> {
  const parameters = { id: String(row['id']), name: String(row['name'] ?? '') };
  const answer = await getJson(scopeOf(row, context.scope).session, path, mark ? { mark } : {}, parameters);
  if (!isRow(answer)) throw brokenContract('JumpServer gave no output.');
  return {
    data: String(answer['data'] ?? answer['output'] ?? ''),
    isEnd: (answer['end'] ?? answer['is_end']) === true,
    mark: typeof answer['mark'] === 'string' ? answer['mark'] : null,
  };
}

interface MarkArgument {
  readonly mark?: string | null;
}

/** What runs wrote. */
export const ops = {
  Query: {
    periodicTasks: (_source: unknown, _args: object, context: GraphContext) =>
      getAll(context.session, '/ops/celery/period-tasks/'),
    usernameHints,
    jobHosts,
    jobVariables,
  },
  JobExecution: {
    detail: (row: Row, _args: object, context: GraphContext) =>
      row['task_id']
        ? getJson(
            scopeOf(row, context.scope).session,
            '/ops/job-execution/task-detail/{task_id}/',
            {},
            { task_id: String(row['task_id']) },
          )
        : null,
    log: (row: Row, { mark }: MarkArgument, context: GraphContext) =>
      readLog(row, context, '/ops/ansible/job-execution/{id}/log/', mark),
  },
  TaskExecution: {
    log: (row: Row, { mark }: MarkArgument, context: GraphContext) =>
      readLog(row, context, '/ops/celery/task/{name}/task-execution/{id}/log/', mark),
    result: (row: Row, _args: object, context: GraphContext) =>
      getJson(
        scopeOf(row, context.scope).session,
        '/ops/celery/task/{name}/task-execution/{id}/result/',
        {},
        { id: String(row['id']), name: String(row['name']) },
      ),
  },
  Playbook: {
    files: (row: Row, _args: object, context: GraphContext) =>
      getJson(scopeOf(row, context.scope).session, '/ops/playbook/{id}/file/', {}, { id: String(row['id']) }),
    fileContent: (row: Row, { path }: { path: string }, context: GraphContext) =>
      readFile(scopeOf(row, context.scope).session, String(row['id']), path),
  },
  ExecutionLog: {
    data: ({ data }: LogPiece) => data,
    isEnd: ({ isEnd }: LogPiece) => isEnd,
    mark: ({ mark }: LogPiece) => mark,
  },
} satisfies Resolvers;
