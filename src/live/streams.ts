import { catalogue, type Noun } from '../generated/catalogue.ts';
import { toIso } from '../graph/dates.ts';
import { fetchAll, fetchPage, type Source } from '../graph/fetch.ts';
import { isRow, type Row } from '../graph/row.ts';
import { followChanges } from './change-follower.ts';
import { followDeadlines } from './deadline-follower.ts';
import type { Follower, Found } from './event.ts';
import { type Following, followLog } from './log-follower.ts';
import { type Log, readBack, type Timed } from './read-back.ts';

/** Reads what a stream needs since an instant; without one, what a new follower needs. Made once for each poller. */
export type Read = (source: Source, since: number | undefined) => Promise<readonly Found[]>;

/** One subscription field: how it is looked for, how often, and how its events are told from what is known. */
export interface Stream {
  /** Milliseconds between two looks. */
  readonly every: number;
  readonly reading: () => Read;
  readonly follow: (following: Following) => Follower;
}

/** The names of the streams: the fields of `Subscription`. */
export type StreamName =
  | 'sessionStarted'
  | 'sessionEnded'
  | 'sessionChanged'
  | 'commandRisk'
  | 'loginFailed'
  | 'permissionExpiring'
  | 'ticketChanged';

const SECOND = 1000;
const DAY = 86_400 * SECOND;
/** A permission that ends within this time is expiring. */
const EXPIRING = 7 * DAY;
/** From this level on JumpServer warned of a command, stopped it or had it reviewed (api.md §5.11). */
const RISKY = 4;
/** For how long the list of command storages is taken as known. */
const STORAGES_KNOWN = 600 * SECOND;

const nounOf = (name: string): Noun => {
  const noun = catalogue.nouns[name];
  if (!noun) throw new Error(`the catalogue has no noun "${name}"`);
  return noun;
};

/** The properties that a noun's plain fields read, without those that only its detail has or that cost extra. */
const plainProperties = (noun: Noun, without: readonly string[] = []): readonly string[] => {
  const read = Object.values(noun.fields).flatMap((field) => {
    if (field.kind !== 'value' && field.kind !== 'ref' && field.kind !== 'object') return [];
    return [field.from[0] ?? 'id', ...(field.kind === 'ref' && field.nameKey ? [field.nameKey] : [])];
  });
  return [...new Set(['id', ...read])].filter((name) => !noun.detail.includes(name) && !without.includes(name));
};

const session = nounOf('Session');
/** `command_amount` is computed and saved for each row when it is asked for (api.md, Corrections). */
const SESSION = plainProperties(session, ['command_amount']);

const toFound = ({ row, at }: Timed): Found => ({ key: String(row['id']), at, row });

const logStream = (log: Log, toKey: (timed: Timed) => Found = toFound): Stream => ({
  every: 10 * SECOND,
  reading: () => async (source, since) => (await readBack(source, log, since)).map(toKey),
  follow: followLog,
});

const sessionStarted = logStream({ noun: session, time: 'date_start', properties: SESSION, isWindowed: true });

const sessionEnded = logStream({
  noun: session,
  time: 'date_end',
  properties: SESSION,
  params: { is_finished: 'true' },
  isWindowed: false,
});

const loginFailed = logStream(
  { noun: nounOf('LoginLog'), time: 'datetime', properties: [], isWindowed: true },
  (timed) => ({ ...toFound(timed), quiet: Boolean(wire(timed.row['status'])) }),
);

/** One event for each state that a ticket was seen in. */
const ticketChanged = logStream(
  {
    noun: nounOf('Ticket'),
    time: 'date_updated',
    properties: ['id', 'type', 'state', 'status', 'approval_step', 'date_updated'],
    isWindowed: false,
  },
  ({ row, at }) => {
    const state = ['state', 'status', 'approval_step'].map((name) => String(wire(row[name])));
    return { key: [row['id'], at, ...state].join(' '), at, row };
  },
);

const sessionChanged: Stream = {
  every: 10 * SECOND,
  reading: () => async (source) => {
    const query = { params: { is_finished: 'false' }, order: ['-date_start'], limit: 1000, properties: SESSION };
    const rows = await fetchAll(source, session, query, await fetchPage(source, session, query));
    return rows.map((row): Found => ({ key: `${row['id']} ${stateOf(row)}`, at: 0, row }));
  },
  follow: followChanges,
};

/** What counts as a change of a running session. */
const WATCHED = ['is_locked', 'is_success', 'has_command', 'has_replay', 'error_reason', 'comment', 'account'];

const stateOf = (row: Row): string => JSON.stringify(WATCHED.map((name) => wire(row[name]) ?? null));

const permission = nounOf('Permission');

const permissionExpiring: Stream = {
  every: 60 * SECOND,
  reading: () => async (source) => {
    const query = { order: ['date_expired'], limit: 1000, properties: plainProperties(permission) };
    const rows = await fetchAll(source, permission, query, await fetchPage(source, permission, query));
    return rows.filter(isActive).flatMap((row): Found[] => {
      const at = Date.parse(toIso(row['date_expired']) ?? '');
      return Number.isNaN(at) ? [] : [{ key: `${row['id']} ${at}`, at, row }];
    });
  },
  follow: (following) => followDeadlines(following, EXPIRING),
};

const isActive = (row: Row): boolean => row['is_active'] === true;

/** Commands are listed for one storage at a time (api.md §5.11); those without risk tell only how far a storage has come. */
const commandRisk: Stream = {
  every: 10 * SECOND,
  reading: () => {
    const storagesOf = rememberingStorages();
    return async (source, since) => {
      const logs = (await storagesOf(source)).map(
        (id): Log => ({
          noun: nounOf('Command'),
          time: 'timestamp',
          properties: [],
          params: { command_storage_id: id },
          isWindowed: true,
        }),
      );
      const found = await Promise.all(logs.map((log) => readBack(source, log, since)));
      const rows = found.flat().sort((left, right) => left.at - right.at);
      return rows.map((timed) => ({ ...toFound(timed), quiet: !(Number(wire(timed.row['risk_level'])) >= RISKY) }));
    };
  },
  follow: followLog,
};

const rememberingStorages = (): ((source: Source) => Promise<readonly string[]>) => {
  let known: { readonly ids: readonly string[]; readonly until: number } | undefined;
  return async (source) => {
    const now = performance.now();
    if (known && known.until > now) return known.ids;
    const query = { params: { real: '1' }, limit: 1000, properties: ['id'] };
    const { rows } = await fetchPage(source, nounOf('CommandStorage'), query);
    const ids = rows.map(({ id }) => String(id));
    known = { ids, until: now + STORAGES_KNOWN };
    return ids;
  };
};

/** The value of a choice, which reads as `{value, label}`, or a plain one. */
const wire = (value: unknown): unknown => (isRow(value) ? value['value'] : value);

/** Every stream by its name. */
export const streams: Readonly<Record<StreamName, Stream>> = {
  sessionStarted,
  sessionEnded,
  sessionChanged,
  commandRisk,
  loginFailed,
  permissionExpiring,
  ticketChanged,
};
