import { SANDBOX_TOKENS } from './auth.ts';
import { RESOURCES } from './catalogue.ts';
import { createChance } from './ids.ts';
import type { Store } from './tables/store.ts';
import type { JsonObject, SandboxOptions, SandboxSeed, SandboxVersion } from './types.ts';
import { factsOf } from './versions.ts';
import { createMemory, textOf, type World } from './world.ts';

const UNTHROTTLED = { userRate: Infinity, anonymousRate: Infinity, serviceRate: Infinity, suggestionRate: Infinity };

/** Makes a server of a version over its tables, which remembers nothing yet. */
export function createWorld(
  store: Store,
  { version, seed }: { readonly version: SandboxVersion; readonly seed: SandboxSeed | null },
  { now = Date.now, settings, throttle, tokens = {} }: SandboxOptions,
): World {
  if (settings !== undefined) setSettings(store, settings);
  return {
    version,
    facts: { ...factsOf(version), ...(throttle === false ? UNTHROTTLED : {}) },
    store,
    resources: RESOURCES,
    chance: createChance((seed?.seed ?? 1) + 7919),
    memory: createMemory(),
    seed,
    tokens: tokensOf(store, tokens),
    now,
  };
}

/** Settings of the test's own, beside those that loaded rows have. */
function setSettings(store: Store, settings: JsonObject): void {
  const table = store.table('settings-public');
  const [row] = table.all();
  if (row === undefined) table.insert({ id: 1, ...settings });
  else table.update(row.id, settings);
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
