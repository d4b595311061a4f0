import { createSandbox, type Sandbox, type SandboxState } from '../../src/sandbox/index.ts';
import { createRandom, type Random } from '../oracle/random.ts';

/** The sandbox's clock stands still, so that two runs of the same question answer alike. */
const NOW = Date.parse('2026-11-20T10:00:00Z');

/** Somebody with rights of their own, and the token by which the sandbox knows them. */
export interface Member {
  readonly username: string;
  readonly email: string;
  readonly token: string;
}

/** One JumpServer and many people on it. */
export interface Crowd {
  readonly sandbox: Sandbox;
  readonly members: readonly Member[];
}

const role = (number: number): string => `00000000-0000-0000-0000-00000000000${number}`;

/** Gives each user roles at random: system administrators, auditors, administrators of one organisation, plain users. */
function withRoles(state: SandboxState, random: Random): SandboxState {
  const organizations = (state.tables['orgs'] ?? []).filter(({ name }) => name !== 'SYSTEM');
  const bindings = (state.tables['users'] ?? []).slice(3).flatMap((user, index) => {
    const systemRole = random() < 0.1 ? 1 : random() < 0.2 ? 2 : 3;
    const own = organizations.flatMap((organization) => {
      const orgRole = random() < 0.25 ? 5 : random() < 0.3 ? 6 : 7;
      return random() < 0.75 ? [{ role: role(orgRole), scope: 'org', org: organization.id }] : [];
    });
    const all = [{ role: role(systemRole), scope: 'system', org: null }, ...own];
    return all.map((binding, place) => ({
      id: `00000000-0000-4000-8000-${String(index * 10 + place).padStart(12, '0')}`,
      user: user.id,
      ...binding,
    }));
  });
  const kept = (state.tables['role-bindings'] ?? []).slice(0, 3);
  return { ...state, tables: { ...state.tables, 'role-bindings': [...kept, ...bindings] } };
}

/** Makes a company whose `size` users have different rights, decided by the seed. */
export function createCrowd(size: number, seed: number): Crowd {
  const now = () => NOW;
  const plain = createSandbox({ users: size + 10, assets: 60, sessions: 100, now, seed });
  const state = withRoles(plain.exportState(), createRandom(seed));
  const members = (state.tables['users'] ?? []).slice(0, size).map(({ username, email }, index) => ({
    username: String(username),
    email: String(email),
    token: `t0ken-of-${index}-${String(username)}`,
  }));
  const tokens = Object.fromEntries(members.map(({ token, username }) => [token, username]));
  return { members, sandbox: createSandbox({ state, tokens, throttle: false, now }) };
}
