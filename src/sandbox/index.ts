import { RESOURCES, ROUTES } from './catalogue.ts';
import { createWorld } from './create-world.ts';
import { createFaults, type Faults } from './faults.ts';
import { serve } from './front.ts';
import { createLatency } from './latency.ts';
import { listen } from './listen.ts';
import { createRequestLog } from './request-log.ts';
import { createRoutes } from './routes.ts';
import { seedStore } from './seed/company.ts';
import { toSeed, toState, toStore } from './state.ts';
import type { Store } from './tables/store.ts';
import type { SandboxLogEntry, SandboxOptions, SandboxSeed, SandboxState, SandboxVersion } from './types.ts';
import type { World } from './world.ts';

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

/**
 * Makes a JumpServer that lives in this process: stateful, versioned, with the real conventions and faults.
 * Credentials: `Authorization: Bearer sandbox-admin`, `sandbox-auditor`, `sandbox-user`.
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const version = options.state?.version ?? options.version ?? '4.10.16';
  const made = toSeed(options, (options.now ?? Date.now)());
  const { entries: log, begin } = createRequestLog(options.logSize);
  const faults = createFaults();
  const latency = createLatency(options.latency === true);
  let world: World;
  let router: ReturnType<typeof createRoutes>;

  const start = (store: Store, of: { readonly version: SandboxVersion; readonly seed: SandboxSeed | null }): void => {
    world = createWorld(store, of, options);
    router = createRoutes(of.version, RESOURCES, ROUTES);
  };
  const load = (state: SandboxState): void =>
    start(toStore(state), { version: state.version, seed: state.seed ?? null });
  const restart = (): void => {
    if (options.state === undefined) start(seedStore(version, made), { version, seed: made });
    else load(options.state);
  };
  restart();

  const answer = async (request: Request): Promise<Response> => {
    const note = begin(request);
    const fault = faults.take(request);
    const replaced = fault === null ? null : await fault.before();
    if (replaced !== null) {
      // It goes out as it is: such a body may never end.
      note(replaced.status, 0, null);
      return replaced;
    }
    const { response, x } = await serve(world, router, request);
    const body = response.body === null ? null : await response.arrayBuffer();
    note(response.status, body?.byteLength ?? 0, x.user);
    await latency.wait(x.url, x.rows);
    const { status, headers } = response;
    const plain = new Response(request.method === 'HEAD' ? null : body, { status, headers });
    return fault === null ? plain : fault.after(plain);
  };

  return {
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
    load,
    faults,
    listen: (place) => listen(answer, place),
  };
}
