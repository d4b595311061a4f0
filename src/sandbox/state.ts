import { seedStore } from './seed/company.ts';
import { isLogTable } from './tables/log-table.ts';
import { createStore, type Store } from './tables/store.ts';
import { createTable } from './tables/table.ts';
import type { SandboxOptions, SandboxSeed, SandboxState } from './types.ts';
import type { World } from './world.ts';

/** What a company is generated from. */
export function toSeed(options: SandboxOptions, at: number): SandboxSeed {
  return {
    seed: options.seed ?? 1,
    assets: options.assets ?? 210,
    users: options.users ?? 60,
    sessions: options.sessions ?? 500,
    at,
  };
}

/** The tables of a state; those of a generated company lie over what it was generated from. */
export function toStore(state: SandboxState): Store {
  const tables = structuredClone(state.tables);
  if (state.seed !== undefined) {
    return seedStore(state.version, state.seed, {
      tables,
      ...(state.logs === undefined ? {} : { logs: structuredClone(state.logs) }),
    });
  }
  return createStore(Object.entries(tables).map(([name, rows]) => createTable(name, rows)));
}

/** Everything a world holds, as plain JSON. */
export function toState(world: World): SandboxState {
  const state: SandboxState = { version: world.version, tables: {} };
  if (world.seed !== null) Object.assign(state, { seed: { ...world.seed }, logs: {} });
  for (const name of world.store.names()) {
    const table = world.store.table(name);
    if (isLogTable(table) && state.logs !== undefined) state.logs[name] = structuredClone(table.changes());
    else state.tables[name] = [...table.all()].map((row) => structuredClone(row));
  }
  return state;
}
