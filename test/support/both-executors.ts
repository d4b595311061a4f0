import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync } from 'node:fs';
import { type ExecutionArgs, type ExecutionResult, getOperationAST, OperationTypeNode, print } from 'graphql';
import { type Execute, execute as executeByGraphql } from '../../src/server/execute.ts';
import { createCompiledExecute } from '../../src/server/execute-compiled.ts';
import type { Graph, OperationRequest } from '../../src/server/graph.ts';

/** Asks JumpServer. */
type Ask = (request: Request) => Promise<Response>;

/** An answer, or a failure, that can be given again. */
type Recorded = () => Response;

/** What JumpServer answered one operation, by request and in order. */
type Tape = Map<string, Recorded[]>;

/** An operation under way. `isUnknown`: its second run asked what its first did not. */
interface Run {
  readonly tape: Tape;
  isUnknown: boolean;
}

const runs = new AsyncLocalStorage<Run>();

/** Both executors run an operation of a test: the compiled one for the test, then graphql-js over the same answers of JumpServer. */
export interface BothExecutors {
  readonly ask: Ask;
  readonly graph: (graph: Graph) => Graph;
  readonly execute: Execute;
}

/**
 * Compares the executors on operations of a test. Nothing is asked of JumpServer twice: graphql-js runs over what the compiled executor was
 * answered, in a graph of its own, made by `createTwin`, whose quota, caches and measures stay apart.
 * @param file gets a line for each operation
 */
export function createBothExecutors(ask: Ask, createTwin: (ask: Ask) => Promise<Graph>, file: string): BothExecutors {
  const requests = new WeakMap<object, OperationRequest>();
  const compiled = createCompiledExecute();
  const earlier = createEarlier();
  let twin: Promise<Graph> | undefined;
  const replay = async (args: ExecutionArgs, request: OperationRequest, run: Run): Promise<ExecutionResult> => {
    twin ??= createTwin((asked) => askAgain(earlier, asked));
    const contextValue = await (await twin).createContext(request);
    return runs.run(run, async () => executeByGraphql({ ...args, contextValue }));
  };
  const forget = (): void => {
    twin = undefined;
    earlier.forget();
  };
  return {
    ask: (request) => askTaped(ask, earlier, request),
    graph: (graph) => ({
      ...graph,
      createContext: async (request) => {
        const context = await graph.createContext(request);
        requests.set(context, request);
        return context;
      },
    }),
    execute: async (args) => {
      const request = requests.get(args.contextValue as object);
      const type = getOperationAST(args.document, args.operationName)?.operation;
      const run: Run = { tape: new Map(), isUnknown: false };
      const got = await runs.run(run, async () => compiled(args));
      if (request && !isOver(request)) {
        const [one, other] = [shown(got), shown(await replay(args, request, run))];
        const isCompared = !run.isUnknown && !other.includes(CIRCUIT);
        // The twin took what it was not told for an outage: the next operations must not suffer for it.
        if (!isCompared) twin = undefined;
        const outcome = { isCompared, isEqual: one === other };
        const line = outcome.isEqual || !isCompared ? outcome : { ...outcome, text: print(args.document), one, other };
        appendFileSync(file, `${JSON.stringify(line)}\n`);
      }
      if (type !== OperationTypeNode.QUERY) forget();
      return got;
    },
  };
}

/** What the twin says when failures in a row of other operations have opened its circuit. */
const CIRCUIT = 'circuit open';

/** Milliseconds before its deadline at which an operation begins to end: a second one would have no time. */
const ENDING = 1_000;

function isOver({ signal, deadline }: OperationRequest): boolean {
  return signal.aborted || Date.now() > deadline - ENDING;
}

const keyOf = (request: Request): string =>
  `${request.method} ${request.url} ${request.headers.get('x-jms-org')} ${request.headers.get('authorization')}`;

/** What the graph learned from operations before and its twin may not know yet: who is connected, and what was read since the last write. */
interface Earlier {
  note(key: string, answer: Recorded): void;
  find(key: string): Recorded | undefined;
  forget(): void;
}

/** Answers that are kept of each graph. */
const KEPT = 300;
/** What is asked once and remembered for long: the server's version and features, an organisation. */
const FACTS = /\/settings\/public\/|\/orgs\/orgs\/current\/|\?limit=1 /;

/** What holds for every caller of a server. */
const SERVER = /\/settings\/public\/|\?limit=1 /;
const ofServer = (key: string): string => key.split(' ').slice(0, 2).join(' ');

function createEarlier(): Earlier {
  const facts = new Map<string, Recorded>();
  const reads = new Map<string, Recorded>();
  return {
    note: (key, answer) => {
      const kept = FACTS.test(key) ? facts : reads;
      kept.set(key, answer);
      if (SERVER.test(key)) facts.set(ofServer(key), answer);
      const [oldest] = kept.keys();
      if (kept === reads && kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    },
    find: (key) => facts.get(key) ?? facts.get(ofServer(key)) ?? reads.get(key),
    forget: () => reads.clear(),
  };
}

async function askTaped(ask: Ask, earlier: Earlier, request: Request): Promise<Response> {
  const key = keyOf(request);
  const answer = await record(ask, request);
  earlier.note(key, answer);
  const tape = runs.getStore()?.tape;
  tape?.set(key, [...(tape.get(key) ?? []), answer]);
  return answer();
}

async function askAgain(earlier: Earlier, request: Request): Promise<Response> {
  const key = keyOf(request);
  const run = runs.getStore();
  const answer = run?.tape.get(key)?.shift() ?? earlier.find(key);
  if (answer) return answer();
  if (run) run.isUnknown = true;
  throw new Error(`graphql-js asks what the compiled executor did not: ${key}`);
}

/** Bytes that are kept of an answer: more than any that is read to its end (`maxBodyBytes`), as some never end. */
const LONGEST = 65 * 1024 ** 2;

async function record(ask: Ask, request: Request): Promise<Recorded> {
  try {
    const response = await ask(request);
    const body = await read(response);
    const { status, headers } = response;
    return () => new Response(body.size > 0 ? body : null, { status, headers });
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

async function read({ body }: Response): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const reader = body?.getReader();
  for (let size = 0; reader && size <= LONGEST; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(pieces);
    pieces.push(value);
    size += value.byteLength;
  }
  await reader?.cancel();
  return new Blob(pieces);
}

/**
 * A result as text, the order of its fields included; errors by their places, as those of fields that fail at once come in no order of theirs.
 * Neither is wrong of two moments of our own clock, of two sealings of one challenge, and of two refusals that came at the same time.
 */
function shown({ data, errors }: ExecutionResult): string {
  const told = errors?.map(({ message, path, locations }) => JSON.stringify({ path, message, locations }));
  const all = `${JSON.stringify(data)} ${told?.sort().join(' ')}`;
  return all.replace(/"(asOf|challenge)":"[^"]*"/g, '"$1":""').replace(/"\[GET\] [^"]*: 403"/g, '"[GET] …: 403"');
}
