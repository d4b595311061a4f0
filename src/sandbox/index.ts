import { SANDBOX_TOKENS } from './auth.ts';
import { RESOURCES, ROUTES } from './catalogue.ts';
import { createFaults, type Faults } from './faults.ts';
import { serve } from './front.ts';
import { createChance } from './ids.ts';
import { createLatency } from './latency.ts';
import { listen } from './listen.ts';
import { createRoutes } from './routes.ts';
import { seedStore } from './seed/company.ts';
import { isLogTable } from './tables/log-table.ts';
import { createStore, type Store } from './tables/store.ts';
import { createTable } from './tables/table.ts';
import type {
  JsonObject,
  Row,
  SandboxLogEntry,
  SandboxOptions,
  SandboxSeed,
  SandboxState,
  SandboxVersion,
} from './types.ts';
import { factsOf } from './versions.ts';
import { createMemory, textOf, type World } from './world.ts';

export type { FaultRule } from './faults.ts';
export { fromRows } from './from-rows.ts';
export { currentCode, SANDBOX_PASSWORD } from './resources/sign-in.ts';
export type { Json, SandboxLogEntry, SandboxOptions, SandboxState, SandboxVersion } from './types.ts';
export { SANDBOX_VERSIONS } from './versions.ts';

/** A running stand-in of a JumpServer. */
export interface Sandbox {
  readonly version: SandboxVersion;
  /** Answers a request as the server would; any origin will do. Rejects only where a server would drop the line. */
  fetch(request: Request): Promise<Response>;
  /** The requests served last, oldest first. */
  readonly log: SandboxLogEntry[];
  clearLog(): void;
  /** Everything it holds, as plain JSON. */
  exportState(): SandboxState;
  /** Back to the state it was made with. */
  reset(): void;
  /** Takes another state; what sessions and tokens there were is forgotten. */
  load(state: SandboxState): void;
  /** Faults on demand; see `FaultRule`. */
  faults: Faults;
  /** Serves on a port; port 0 takes a free one. */
  listen(options: { port: number; host?: string }): Promise<{ url: string; close(): Promise<void> }>;
}

const LOG_SIZE = 2000;

function toSeed(options: SandboxOptions, at: number): SandboxSeed {
  return {
    seed: options.seed ?? 1,
    assets: options.assets ?? 210,
    users: options.users ?? 60,
    sessions: options.sessions ?? 500,
    at,
  };
}

/** Usernames of the three fixed credentials: the seeded ones, or in a loaded state the first users with such roles. */
function tokensOf(store: Store, own: Record<string, string>): Map<string, string> {
  const tokens = new Map<string, string>();
  const withRole = (role: string): string => {
    const bindings = store.table('role-bindings').where('role', `00000000-0000-0000-0000-00000000000${role}`);
    const users = bindings.flatMap((binding) => store.table('users').where('id', binding.user ?? ''));
    const fit =
      users.find((user) => user.username === 'admin') ?? users.find((user) => user.is_active === true) ?? users[0];
    return textOf(fit?.username);
  };
  SANDBOX_TOKENS.forEach((token, i) => {
    tokens.set(token, withRole(String(i + 1)));
  });
  for (const [token, username] of Object.entries(own)) tokens.set(token, username);
  return tokens;
}

const copyTables = (tables: SandboxState['tables']): SandboxState['tables'] => structuredClone(tables);

function toStore(state: SandboxState): Store {
  const tables = copyTables(state.tables);
  if (state.seed !== undefined) {
    return seedStore(state.version, state.seed, {
      tables,
      ...(state.logs === undefined ? {} : { logs: structuredClone(state.logs) }),
    });
  }
  return createStore(Object.entries(tables).map(([name, rows]) => createTable(name, rows)));
}

/** Settings of the test's own, beside those that loaded rows have. */
function setSettings(store: Store, settings: JsonObject): void {
  const table = store.table('settings-public');
  const [row] = table.all();
  if (row === undefined) table.insert({ id: 1, ...settings });
  else table.update(row.id, settings);
}

function toState(world: World): SandboxState {
  const state: SandboxState = { version: world.version, tables: {} };
  if (world.seed !== null) Object.assign(state, { seed: { ...world.seed }, logs: {} });
  for (const name of world.store.names()) {
    const table = world.store.table(name);
    if (isLogTable(table) && state.logs !== undefined) state.logs[name] = structuredClone(table.changes());
    else state.tables[name] = [...table.all()].map((row) => structuredClone(row));
  }
  return state;
}

/**
 * Makes a JumpServer that lives in this process: stateful, versioned, with the real conventions and faults.
 * Credentials: `Authorization: Bearer sandbox-admin`, `sandbox-auditor`, `sandbox-user`.
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const now = options.now ?? Date.now;
  const made = now();
  const version = options.state?.version ?? options.version ?? '4.10.16';
  const seed = options.state === undefined ? toSeed(options, made) : (options.state.seed ?? null);
  const log: SandboxLogEntry[] = [];
  const faults = createFaults();
  const latency = createLatency(options.latency === true);
  let world: World;
  let router: ReturnType<typeof createRoutes>;

  const start = (store: Store, from: SandboxVersion, of: SandboxSeed | null): void => {
    const facts = factsOf(from);
    if (options.settings !== undefined) setSettings(store, options.settings);
    world = {
      version: from,
      facts:
        options.throttle === false
          ? { ...facts, userRate: Infinity, anonymousRate: Infinity, serviceRate: Infinity, suggestionRate: Infinity }
          : facts,
      store,
      resources: RESOURCES,
      chance: createChance((of?.seed ?? 1) + 7919),
      memory: createMemory(),
      seed: of,
      tokens: tokensOf(store, options.tokens ?? {}),
      now,
    };
    router = createRoutes(from, RESOURCES, ROUTES);
  };
  const restart = (): void => {
    if (options.state !== undefined) start(toStore(options.state), version, seed);
    else start(seedStore(version, toSeed(options, made)), version, seed);
  };
  restart();

  const keep = (entry: SandboxLogEntry): void => {
    log.push(entry);
    const most = options.logSize ?? LOG_SIZE;
    if (log.length > most) log.splice(0, log.length - most);
  };

  const answer = async (request: Request): Promise<Response> => {
    const started = performance.now();
    const url = new URL(request.url);
    const fault = faults.take(request);
    const note = (status: number, bytes: number, user: Row | null | undefined): void =>
      keep({
        method: request.method,
        path: url.pathname,
        query: url.search,
        status,
        bytes,
        principal: user ? textOf(user.username) : null,
        milliseconds: performance.now() - started,
      });
    const replaced = fault === null ? null : await fault.before();
    if (replaced !== null) {
      // It goes out as it is: such a body may never end.
      note(replaced.status, 0, null);
      return replaced;
    }
    const { response, x } = await serve(world, router, request);
    const body = response.body === null ? null : await response.arrayBuffer();
    note(response.status, body?.byteLength ?? 0, x?.user);
    await latency.wait(url, x?.rows ?? 0);
    const plain = new Response(request.method === 'HEAD' ? null : body, {
      status: response.status,
      headers: response.headers,
    });
    return fault === null ? plain : fault.after(plain);
  };

  const sandbox: Sandbox = {
    get version() {
      return world.version;
    },
    fetch: answer,
    log,
    clearLog: () => {
      log.length = 0;
    },
    exportState: () => toState(world),
    reset: () => {
      log.length = 0;
      faults.clear();
      restart();
    },
    load: (state) => {
      start(toStore(state), state.version, state.seed ?? null);
    },
    faults,
    listen: (place) => listen(answer, place),
  };
  return sandbox;
}
