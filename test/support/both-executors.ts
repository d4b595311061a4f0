import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync } from 'node:fs';
import { type ExecutionResult, print } from 'graphql';
import { type Execute, execute as executeByGraphql } from '../../src/server/execute.ts';
import { createCompiledExecute } from '../../src/server/execute-compiled.ts';
import type { Graph, OperationRequest } from '../../src/server/graph.ts';

/** Asks JumpServer. */
type Ask = (request: Request) => Promise<Response>;

/** What JumpServer answered one operation, by request and in order. */
type Tape = Map<string, (() => Response)[]>;

const tapes = new AsyncLocalStorage<{ readonly tape: Tape; readonly isReplay: boolean }>();

/** Both executors run each operation of a test: the compiled one for the test, then graphql-js over the same answers of JumpServer. */
export interface BothExecutors {
  readonly ask: Ask;
  readonly graph: (graph: Graph) => Graph;
  readonly execute: Execute;
}

/**
 * Compares the executors on every operation of a test and appends one line for each to a file: `COMPARE_EXECUTORS=/tmp/lines npx vitest run`.
 * Nothing is asked of JumpServer twice, so that writes may be compared too.
 */
export function createBothExecutors(ask: Ask, file: string): BothExecutors {
  const requests = new WeakMap<object, OperationRequest>();
  let createContext: Graph['createContext'] | undefined;
  const compiled = createCompiledExecute();
  return {
    ask: (request) => askTaped(ask, request),
    graph: (graph) => {
      createContext = graph.createContext;
      return {
        ...graph,
        createContext: async (request) => {
          const context = await graph.createContext(request);
          requests.set(context, request);
          return context;
        },
      };
    },
    execute: async (args) => {
      const tape: Tape = new Map();
      const got = await tapes.run({ tape, isReplay: false }, async () => compiled(args));
      const request = requests.get(args.contextValue as object);
      if (!request || !createContext) return got;
      const contextValue = await createContext(request);
      const wanted = await tapes.run({ tape, isReplay: true }, async () => executeByGraphql({ ...args, contextValue }));
      const [one, other] = [shown(got), shown(wanted)];
      const line = one === other ? { equal: true } : { equal: false, text: print(args.document), one, other };
      appendFileSync(file, `${JSON.stringify(line)}\n`);
      return got;
    },
  };
}

async function askTaped(ask: Ask, request: Request): Promise<Response> {
  const current = tapes.getStore();
  if (!current) return ask(request);
  const key = `${request.method} ${request.url} ${request.headers.get('x-jms-org')}`;
  const known = current.tape.get(key) ?? [];
  if (current.isReplay) {
    const answer = known.shift();
    if (!answer) throw new Error(`graphql-js asks what the compiled executor did not: ${key}`);
    return answer();
  }
  const answer = await record(ask, request);
  current.tape.set(key, [...known, answer]);
  return answer();
}

/** An answer, or a failure, that can be given again. */
async function record(ask: Ask, request: Request): Promise<() => Response> {
  try {
    const response = await ask(request);
    const body = await response.arrayBuffer();
    const { status, headers } = response;
    return () => new Response(body.byteLength > 0 ? body.slice(0) : null, { status, headers });
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** A result as text, the order of its fields included. */
function shown({ data, errors }: ExecutionResult): string {
  return JSON.stringify([data, errors?.map(({ message, path, locations }) => ({ message, path, locations }))]);
}
