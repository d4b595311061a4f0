import { mix, toUuid } from '../ids.ts';
import { createLogTable, type LogChanges, type LogSource, type LogTable } from '../log-table.ts';
import { DAY_MS } from '../time.ts';
import type { Id, Json, JsonObject, Row, SandboxSeed } from '../types.ts';
import { DEFAULT_ORG, idsOf, textOf } from '../world.ts';
import { INPUTS, RISKY_INPUTS } from './names.ts';

const MULTIPLIER = 2_654_435_761;
const INVERSE = 244_002_641;

/** Ids from which the number of their row can be read back. */
function createIds(salt: number, count: number): { idOf(i: number): string; find(id: Id): number } {
  const idOf = (i: number): string => {
    const first = (Math.imul(i, MULTIPLIER) + salt) >>> 0;
    return toUuid(first, mix(salt, first), mix(first, salt), mix(salt ^ 0x5bd1, first + 1));
  };
  return {
    idOf,
    find: (id) => {
      if (typeof id !== 'string') return -1;
      const number = Math.imul(Number.parseInt(id.slice(0, 8), 16) - salt, INVERSE) >>> 0;
      return number < count && idOf(number) === id ? number : -1;
    },
  };
}

/** Share of a day's work that is done by each hour: little at night, most by day. */
const WORK: readonly [number, number][] = [
  [0, 0],
  [7 / 24, 0.05],
  [19 / 24, 0.9],
  [1, 1],
];

/** The time of day at which a share of the day's work is done. */
function hourOf(share: number): number {
  for (let i = 1; i < WORK.length; i += 1) {
    const [x0 = 0, y0 = 0] = WORK[i - 1] ?? [];
    const [x1 = 1, y1 = 1] = WORK[i] ?? [];
    if (share <= y1) return x0 + ((share - y0) / (y1 - y0)) * (x1 - x0);
  }
  return 1;
}

/** Moments of `count` events over a span that ends at `end`, newest first, mostly in working hours. */
function createClock(count: number, end: number, days: number, salt: number): (i: number) => number {
  const lastDay = Math.floor(end / DAY_MS);
  return (i) => {
    const position = ((i + 0.2 * (mix(salt, i) / 4_294_967_296)) / Math.max(1, count)) * days;
    const day = Math.floor(position);
    const time = 1 - hourOf(position - day);
    const moment = (lastDay - day) * DAY_MS + time * DAY_MS;
    return Math.floor(Math.min(moment - DAY_MS + (end - lastDay * DAY_MS), end - 600_000 - i));
  };
}

/** What the generated past is told about. */
export interface Cast {
  seed: SandboxSeed;
  users: readonly Row[];
  assets: readonly Row[];
  accounts: ReadonlyMap<Id, readonly Row[]>;
  terminal: Id | null;
  /** Assets that a user may use, some of them. */
  reach(user: number): readonly number[];
}

const person = (user: Row | undefined): string => `${textOf(user?.name)}(${textOf(user?.username)})`;

/** Picks a member by a share, early ones more often: some people do much, most little. */
const skewed = (share: number, limit: number): number =>
  Math.min(limit - 1, Math.floor(limit * (share / 4_294_967_296) ** 1.6));

/** Commands of five neighbouring sessions. */
const AMOUNTS = [2, 3, 0, 5, 6];
const BEFORE = [0, 2, 5, 5, 10, 16];
const GROUP = 16;

interface Line {
  user: number;
  asset: number;
  account: Row | undefined;
  isUserGone: boolean;
  isAssetGone: boolean;
}

/**
 * Numbers of the rows that lead to a thing by its id: counted into one array on first use. Rows whose thing is gone
 * carry an id of their own and are looked through one by one.
 */
function createBackReference(
  count: number,
  things: readonly Row[],
  numberOf: (i: number) => number,
  gone: { every: number; rest: number; idOf(i: number): string },
): (value: Json) => readonly number[] {
  const places = new Map(things.map((thing, i) => [thing.id as Json, i]));
  let starts: Uint32Array | null = null;
  const list = new Uint32Array(count);
  const isGone = (i: number): boolean => i % gone.every === gone.rest;
  const build = (): Uint32Array => {
    const counts = new Uint32Array(things.length + 1);
    const numbers = new Uint32Array(count);
    for (let i = 0; i < count; i += 1) {
      numbers[i] = isGone(i) ? things.length : numberOf(i);
      counts[numbers[i] ?? 0] = (counts[numbers[i] ?? 0] ?? 0) + 1;
    }
    const firsts = new Uint32Array(things.length + 2);
    for (let k = 0; k <= things.length; k += 1) firsts[k + 1] = (firsts[k] ?? 0) + (counts[k] ?? 0);
    const next = firsts.slice();
    for (let i = 0; i < count; i += 1) {
      const k = numbers[i] ?? 0;
      list[next[k] ?? 0] = i;
      next[k] = (next[k] ?? 0) + 1;
    }
    return firsts;
  };
  return (value) => {
    const place = places.get(value);
    if (place !== undefined) {
      starts ??= build();
      return Array.from(list.subarray(starts[place] ?? 0, starts[place + 1] ?? 0));
    }
    for (let i = gone.rest; i < count; i += gone.every) if (gone.idOf(i) === value) return [i];
    return [];
  };
}

/** The sessions' source, and what commands and files need to know of them. */
export function createSessions(cast: Cast): {
  source: LogSource;
  line(i: number): Line;
  openCount: number;
  texts(i: number): SessionTexts;
} {
  const { seed, users, assets } = cast;
  const salt = mix(seed.seed, 11);
  const count = users.length === 0 || assets.length === 0 ? 0 : seed.sessions;
  const days = count > 20_000 ? 365 : 60;
  const at = createClock(count, seed.at, days, salt);
  const ids = createIds(salt, count);
  const openCount = Math.min(count, 12 + Math.floor(count / 20_000));

  const userOf = (i: number): number => skewed(mix(salt + 1, i), users.length);
  const assetOf = (i: number): number => {
    const chance = mix(salt + 2, i);
    const reach = chance % 10 === 0 ? [] : cast.reach(userOf(i));
    const number = reach.length === 0 ? chance % assets.length : (reach[chance % reach.length] ?? 0);
    return number;
  };
  const isUserGone = (i: number): boolean => i % 37 === 20;
  const isAssetGone = (i: number): boolean => i % 41 === 30;
  const line = (i: number): Line => {
    const asset = assetOf(i);
    const accounts = cast.accounts.get(assets[asset]?.id ?? '') ?? [];
    return {
      user: userOf(i),
      asset,
      account: accounts[mix(salt + 3, i) % Math.max(1, accounts.length)],
      isUserGone: isUserGone(i),
      isAssetGone: isAssetGone(i),
    };
  };
  const goneId = (kind: number, i: number): string =>
    toUuid(mix(salt + kind, i), mix(i, salt), mix(kind, i), mix(i, kind));
  const userId = (i: number): Json => (isUserGone(i) ? goneId(4, i) : (users[userOf(i)]?.id ?? ''));
  const assetId = (i: number): Json => (isAssetGone(i) ? goneId(5, i) : (assets[assetOf(i)]?.id ?? ''));
  const people = users.map(person);
  const things = assets.map((asset) => `${textOf(asset.name)}(${textOf(asset.address)})`);
  const userText = (i: number): string =>
    isUserGone(i) ? `Former Colleague ${i}(former.${i})` : (people[userOf(i)] ?? '');
  const assetText = (i: number): string =>
    isAssetGone(i) ? `retired-${i}(10.199.${(i >> 8) & 255}.${i & 255})` : (things[assetOf(i)] ?? '');
  const protocols = assets.map((asset) => textOf((asset.protocols as JsonObject[])[0]?.name) || 'ssh');
  const protocol = (i: number): string => protocols[assetOf(i)] ?? 'ssh';
  const accountText = (account: Row | undefined): string =>
    account === undefined ? 'root(root)' : `${textOf(account.name)}(${textOf(account.username)})`;
  const address = (i: number): string => `198.51.100.${1 + (mix(salt + 6, i) % 200)}`;
  const isFinished = (i: number): boolean => i >= openCount;
  const loginFrom = (i: number): string => ['ST', 'WT', 'RT', 'DT'][mix(salt + 7, i) % 4] ?? 'ST';
  const texts = (i: number): SessionTexts => ({
    user: userText(i),
    asset: assetText(i),
    account: accountText(line(i).account),
    address: address(i),
  });

  const row = (i: number): Row => {
    const { account } = line(i);
    const start = at(i);
    const amount = AMOUNTS[i % 5] ?? 0;
    return {
      id: ids.idOf(i),
      user: userText(i),
      user_id: userId(i),
      asset: assetText(i),
      asset_id: assetId(i),
      account: accountText(account),
      account_id: account?.id ?? '',
      protocol: protocol(i),
      type: i % 25 === 11 ? 'sftp' : 'normal',
      login_from: loginFrom(i),
      remote_addr: address(i),
      is_locked: false,
      command_amount: amount,
      error_reason: '',
      replay_size: 0,
      terminal: cast.terminal,
      org_id: DEFAULT_ORG,
      is_success: i % 19 !== 5,
      is_finished: isFinished(i),
      has_replay: isFinished(i) && i % 3 === 0,
      has_command: amount > 0,
      date_start: start,
      date_end: isFinished(i) ? start + (60 + (mix(salt + 8, i) % 7200)) * 1000 : null,
      comment: null,
    };
  };
  const source: LogSource = {
    count,
    column: 'date_start',
    at,
    row,
    ...ids,
    keys: {
      user: userText,
      user_id: userId,
      asset: assetText,
      asset_id: assetId,
      protocol,
      account: (i) => accountText(line(i).account),
      login_from: loginFrom,
      remote_addr: address,
      is_finished: isFinished,
      is_success: (i) => i % 19 !== 5,
    },
    constants: { org_id: DEFAULT_ORG, terminal: cast.terminal },
    lookups: {
      user_id: createBackReference(count, users, userOf, { every: 37, rest: 20, idOf: (i) => goneId(4, i) }),
      asset_id: createBackReference(count, assets, assetOf, { every: 41, rest: 30, idOf: (i) => goneId(5, i) }),
      is_finished: (value) => {
        const [from, to] = value === true ? [openCount, count] : value === false ? [0, openCount] : [0, 0];
        return Array.from({ length: to - from }, (_, i) => from + i);
      },
    },
  };
  return { source, line, openCount, texts };
}

interface SessionTexts {
  user: string;
  asset: string;
  account: string;
  address: string;
}

/** The commands typed in the sessions, sixteen in every five of them. */
export function createCommands(cast: Cast, sessions: ReturnType<typeof createSessions>): LogSource {
  const { source } = sessions;
  const salt = mix(cast.seed.seed, 12);
  const whole = Math.floor(source.count / 5) * GROUP + (BEFORE[source.count % 5] ?? 0);
  const ids = createIds(salt, whole);
  const days = source.count > 20_000 ? 365 : 60;
  const step = Math.min(7000, (0.05 * days * DAY_MS) / Math.max(1, source.count));
  const place = (j: number): { session: number; k: number } => {
    const rest = j % GROUP;
    const position = BEFORE.findIndex(
      (before, p) => before <= rest && rest < (BEFORE[p + 1] ?? GROUP) && (AMOUNTS[p] ?? 0) > 0,
    );
    return { session: Math.floor(j / GROUP) * 5 + position, k: rest - (BEFORE[position] ?? 0) };
  };
  const at = (j: number): number => {
    const { session, k } = place(j);
    return Math.floor(source.at(session) + ((AMOUNTS[session % 5] ?? 0) - k) * step);
  };
  const isRisky = (j: number): boolean => mix(salt, j) % 25 === 0;
  return {
    count: whole,
    column: 'timestamp',
    at,
    ...ids,
    row: (j) => {
      const { session } = place(j);
      const { user, asset, account, address } = sessions.texts(session);
      const inputs = isRisky(j) ? RISKY_INPUTS : INPUTS;
      return {
        id: ids.idOf(j),
        user,
        asset,
        input: inputs[mix(salt + 1, j) % inputs.length] ?? 'uptime',
        output: '...',
        session: source.idOf(session),
        risk_level: isRisky(j) ? 5 : 0,
        org_id: DEFAULT_ORG,
        account,
        timestamp: at(j),
        remote_addr: address,
      };
    },
    keys: { risk_level: (j) => (isRisky(j) ? 5 : 0), session: (j) => source.idOf(place(j).session) },
    constants: { org_id: DEFAULT_ORG },
    lookups: {
      session: (value) => {
        const session = typeof value === 'string' ? source.find(value) : -1;
        if (session < 0) return [];
        const first = Math.floor(session / 5) * GROUP + (BEFORE[session % 5] ?? 0);
        return Array.from({ length: AMOUNTS[session % 5] ?? 0 }, (_, k) => first + k);
      },
    },
  };
}

/** Sign-ins, one in eight of them bad. */
function createSignIns(cast: Cast): LogSource {
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

const KINDS = ['Host', 'User', 'Asset permission', 'Account', 'Node'];
const DONE = ['create', 'update', 'delete', 'update'];

/** What the administrator did. */
function createOperations(cast: Cast): LogSource {
  const { seed, assets } = cast;
  const salt = mix(seed.seed, 14);
  const count = assets.length === 0 ? 0 : 300 + Math.floor(assets.length / 2);
  const at = createClock(count, seed.at, 60, salt);
  const ids = createIds(salt, count);
  const assetOf = (i: number): Row | undefined => assets[mix(salt + 1, i) % assets.length];
  return {
    count,
    column: 'datetime',
    at,
    ...ids,
    row: (i) => ({
      id: ids.idOf(i),
      user: 'Administrator(admin)',
      action: DONE[i % DONE.length] ?? 'update',
      resource_type: KINDS[i % KINDS.length] ?? 'Host',
      resource: textOf(assetOf(i)?.name),
      resource_id: assetOf(i)?.id ?? '',
      remote_addr: '198.51.100.7',
      org_id: DEFAULT_ORG,
      datetime: at(i),
      diff: {},
    }),
    keys: {
      resource_id: (i) => assetOf(i)?.id ?? '',
      resource: (i) => textOf(assetOf(i)?.name),
      action: (i) => DONE[i % DONE.length] ?? 'update',
    },
    constants: { org_id: DEFAULT_ORG, user: 'Administrator(admin)' },
  };
}

const MOVES = ['upload', 'download', 'delete', 'mkdir'];

/** Files that went through every sixth session. */
function createFiles(cast: Cast, sessions: ReturnType<typeof createSessions>): LogSource {
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

/** Assets that each user may use by the grants of the seed, at most two dozen, found when first asked. */
function createReach(
  tables: Record<string, Row[]>,
  users: readonly Row[],
  assets: readonly Row[],
  seed: number,
): (user: number) => readonly number[] {
  const numberOf = new Map(assets.map((asset, i) => [asset.id, i]));
  const byNode = new Map<Id, number[]>();
  assets.forEach((asset, i) => {
    for (const node of idsOf(asset.nodes)) byNode.set(node, [...(byNode.get(node) ?? []), i].slice(-40));
  });
  const nodes = tables.nodes ?? [];
  const under = (id: Json): number[] => {
    const key = textOf(nodes.find((node) => node.id === id)?.key);
    return nodes
      .filter((node) => textOf(node.key) === key || textOf(node.key).startsWith(`${key}:`))
      .flatMap((node) => byNode.get(node.id) ?? []);
  };
  const collect = (table: string, column: string, other: string): Map<Json, Json[]> => {
    const map = new Map<Json, Json[]>();
    for (const link of tables[table] ?? []) {
      const key = link[column] ?? null;
      map.set(key, [...(map.get(key) ?? []), link[other] ?? null]);
    }
    return map;
  };
  const groups = collect('user-group-relations', 'user', 'usergroup');
  const own = collect('permission-users', 'user', 'assetpermission');
  const shared = collect('permission-user-groups', 'usergroup', 'assetpermission');
  const direct = collect('permission-assets', 'assetpermission', 'asset');
  const spread = collect('permission-nodes', 'assetpermission', 'node');
  const openedBy = new Map<Json, number[]>();
  const opened = (permission: Json): number[] => {
    const known = openedBy.get(permission);
    if (known !== undefined) return known;
    const found = (direct.get(permission) ?? []).flatMap((asset) => numberOf.get(asset as Id) ?? []);
    found.push(...(spread.get(permission) ?? []).flatMap(under));
    openedBy.set(permission, found);
    return found;
  };
  const known = new Map<number, readonly number[]>();
  return (user) => {
    const kept = known.get(user);
    if (kept !== undefined) return kept;
    const id = users[user]?.id ?? '';
    const permissions = [...(own.get(id) ?? []), ...(groups.get(id) ?? []).flatMap((group) => shared.get(group) ?? [])];
    const lists = permissions.map(opened).filter((list) => list.length > 0);
    const some = Array.from({ length: lists.length === 0 ? 0 : 24 }, (_, i) => {
      const list = lists[mix(seed + user, i) % lists.length] ?? [];
      return list[mix(seed + user + 1, i) % list.length] ?? 0;
    });
    known.set(user, some);
    return some;
  };
}

/** What the past knows of a row: it does not change when the row does. */
function pick(row: Row, columns: readonly string[]): Row {
  const copy: Row = { id: row.id };
  for (const column of columns) copy[column] = row[column] ?? null;
  return copy;
}

/** The logs of a generated company, over its users, assets, accounts and grants; earlier changes laid over them. */
export function createLogs(
  seed: SandboxSeed,
  tables: Record<string, Row[]>,
  changes: Record<string, LogChanges> = {},
): LogTable[] {
  const users = (tables.users ?? []).map((row) => pick(row, ['name', 'username', 'mfa_level']));
  const assets = (tables.assets ?? [])
    .filter((asset) => asset.org_id === DEFAULT_ORG)
    .map((row) => pick(row, ['name', 'address', 'protocols', 'nodes']));
  const accounts = new Map<Id, Row[]>();
  for (const account of tables.accounts ?? []) {
    const asset = account.asset as Id;
    const known = accounts.get(asset);
    const copy = pick(account, ['name', 'username']);
    if (known === undefined) accounts.set(asset, [copy]);
    else known.push(copy);
  }
  const cast: Cast = {
    seed,
    users,
    assets,
    accounts,
    terminal: tables.terminals?.[0]?.id ?? null,
    reach: createReach(tables, users, assets, seed.seed),
  };
  const sessions = createSessions(cast);
  const sources: Record<string, LogSource> = {
    sessions: sessions.source,
    commands: createCommands(cast, sessions),
    'login-logs': createSignIns(cast),
    'operate-logs': createOperations(cast),
    'ftp-logs': createFiles(cast, sessions),
  };
  return Object.entries(sources).map(([name, source]) => createLogTable(name, source, changes[name]));
}
