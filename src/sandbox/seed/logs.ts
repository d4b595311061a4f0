import { mix } from '../ids.ts';
import type { LogSource } from '../tables/log-source.ts';
import type { Id, Row } from '../types.ts';
import { DEFAULT_ORG, textOf } from '../world.ts';
import { type Cast, createClock, createIds, person, skewed } from './cast.ts';
import type { createSessions } from './sessions.ts';

/** Sign-ins, one in eight of them bad. */
export function createSignIns(cast: Cast): LogSource {
  const { seed, users } = cast;
  const salt = mix(seed.seed, 13);
  const count = users.length === 0 ? 0 : Math.max(620, Math.floor(seed.sessions / 2));
  const at = createClock(count, seed.at, count > 20_000 ? 365 : 60, salt);
  const ids = createIds(salt, count);
  const userOf = (i: number): Row | undefined => users[skewed(mix(salt + 1, i), users.length)];
  const isGood = (i: number): boolean => mix(salt + 2, i) % 8 !== 3;
  const address = (i: number): string => `198.51.100.${1 + (mix(salt + 3, i) % 200)}`;
  return {
    count,
    column: 'datetime',
    at,
    ...ids,
    row: (i) => {
      const user = userOf(i);
      return {
        id: ids.idOf(i),
        username: person(user),
        type: ['W', 'T', 'U'][mix(salt + 4, i) % 3] ?? 'W',
        ip: address(i),
        city: 'Rotterdam',
        user_agent: 'Mozilla/5.0',
        mfa: Number(user?.mfa_level ?? 0) > 0 ? 1 : 0,
        reason: isGood(i) ? '' : 'User name or password is wrong.',
        backend: isGood(i) ? 'Password' : '',
        status: isGood(i),
        datetime: at(i),
      };
    },
    keys: { username: (i) => person(userOf(i)), ip: address, status: isGood },
    constants: {},
  };
}

const DONE = ['create', 'update', 'delete', 'update'];

/** A thing in the operate log: its id, and how it is written there (recorded operate logs). */
type Thing = readonly [id: Id | undefined, text: string];

/** The kinds of things that are worked on, and the one of them that a number picks. */
function createThings({ users, assets, accounts, permissions, nodes }: Cast): [string, (at: number) => Thing][] {
  const one = (rows: readonly Row[], at: number): Row | undefined => rows[at % rows.length];
  const among =
    (rows: readonly Row[], tell: (row: Row) => string) =>
    (at: number): Thing => {
      const row = one(rows, at);
      return [row?.id, row === undefined ? '' : tell(row)];
    };
  const accountOf = (at: number): Thing => {
    const asset = one(assets, at);
    const [account] = (asset && accounts.get(asset.id)) ?? [];
    return [account?.id, account === undefined ? '' : `${textOf(account.name)}(${textOf(asset?.name)})`];
  };
  return [
    ['Host', among(assets, (row) => `${textOf(row.name)}(${textOf(row.address)})`)],
    ['User', among(users, person)],
    ['Asset permission', among(permissions, (row) => textOf(row.name))],
    ['Account', accountOf],
    ['Node', among(nodes, (row) => textOf(row.full_value))],
  ];
}

/** What the administrator did. */
export function createOperations(cast: Cast): LogSource {
  const { seed, assets } = cast;
  const salt = mix(seed.seed, 14);
  const count = assets.length === 0 ? 0 : 300 + Math.floor(assets.length / 2);
  const at = createClock(count, seed.at, 60, salt);
  const ids = createIds(salt, count);
  const things = createThings(cast);
  const kindOf = (i: number): string => things[i % things.length]?.[0] ?? '';
  const thingOf = (i: number): Thing => things[i % things.length]?.[1](mix(salt + 1, i)) ?? [undefined, ''];
  return {
    count,
    column: 'datetime',
    at,
    ...ids,
    row: (i) => ({
      id: ids.idOf(i),
      user: 'Administrator(admin)',
      action: DONE[i % DONE.length] ?? 'update',
      resource_type: kindOf(i),
      resource: thingOf(i)[1],
      resource_id: thingOf(i)[0] ?? '',
      remote_addr: '198.51.100.7',
      org_id: DEFAULT_ORG,
      datetime: at(i),
      diff: {},
    }),
    keys: {
      resource_id: (i) => thingOf(i)[0] ?? '',
      resource: (i) => thingOf(i)[1],
      action: (i) => DONE[i % DONE.length] ?? 'update',
    },
    constants: { org_id: DEFAULT_ORG, user: 'Administrator(admin)' },
  };
}

const MOVES = ['upload', 'download', 'delete', 'mkdir'];

/** Files that went through every sixth session. */
export function createFiles(cast: Cast, sessions: ReturnType<typeof createSessions>): LogSource {
  const { source } = sessions;
  const salt = mix(cast.seed.seed, 15);
  const count = Math.floor(source.count / 6);
  const ids = createIds(salt, count);
  const at = (i: number): number => source.at(i * 6) + 30_000;
  return {
    count,
    column: 'date_start',
    at,
    ...ids,
    row: (i) => {
      const { user, asset, account, address } = sessions.texts(i * 6);
      return {
        id: ids.idOf(i),
        user,
        remote_addr: address,
        asset,
        account,
        org_id: DEFAULT_ORG,
        operate: MOVES[mix(salt, i) % MOVES.length] ?? 'upload',
        filename: `/srv/transfer/manifest-${i}.csv`,
        date_start: at(i),
        is_success: i % 9 !== 4,
        has_file: false,
        session: source.idOf(i * 6),
      };
    },
    keys: { session: (i) => source.idOf(i * 6), user: (i) => sessions.texts(i * 6).user },
    constants: { org_id: DEFAULT_ORG },
    lookups: {
      session: (value) => {
        const session = typeof value === 'string' ? source.find(value) : -1;
        return session >= 0 && session % 6 === 0 && session / 6 < count ? [session / 6] : [];
      },
    },
  };
}
