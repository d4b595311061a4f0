import { mix, toUuid } from '../ids.ts';
import type { LogSource } from '../tables/log-source.ts';
import { DAY_MS } from '../time.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { DEFAULT_ORG, textOf } from '../world.ts';
import { type Cast, createClock, createIds, person, skewed } from './cast.ts';
import { INPUTS, RISKY_INPUTS } from './names.ts';

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

/** How a session's parties are written in logs. */
export interface SessionTexts {
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
