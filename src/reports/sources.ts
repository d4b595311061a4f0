import type { AccessEngine } from '../access/engine.ts';
import { toTimestamp, type UpstreamRow } from '../access/rows.ts';
import {
  type AccountFact,
  type CommandFact,
  type LoginFact,
  type OperationFact,
  SESSION_FIELDS,
  type SessionFact,
  toAccountFact,
  toCommandFact,
  toLoginFact,
  toOperationFact,
  toSessionFact,
} from './facts.ts';
import type { TimeRange } from './range.ts';
import { type LogSource, type PageReader, readAll, readLog } from './read-log.ts';

/** Where a report gets its rows: one caller, one organisation, one moment. */
export interface ReportSource {
  readonly reader: PageReader;
  readonly now: () => number;
  /** Name of the organisation, as pages show it. */
  organization(): Promise<string>;
  /** Whose rights it reads with, as `Name (user name)`. */
  caller(): Promise<string>;
  /** The engine of effective access; loaded when first asked for. */
  engine(): Promise<AccessEngine>;
}

const SESSIONS: LogSource = {
  path: '/terminal/sessions/',
  timeField: 'date_start',
  timeOf: (row) => toTimestamp(row.date_start) ?? 0,
  query: { fields: SESSION_FIELDS },
};

const LOGINS: LogSource = {
  path: '/audits/login-logs/',
  timeField: 'datetime',
  timeOf: (row) => toTimestamp(row.datetime) ?? 0,
};

const COMMANDS: LogSource = {
  path: '/terminal/commands/',
  timeField: 'timestamp',
  timeOf: (row) => Number(row.timestamp) * 1000,
};

const OPERATIONS: LogSource = {
  path: '/audits/operate-logs/',
  timeField: 'datetime',
  timeOf: (row) => toTimestamp(row.datetime) ?? 0,
};

const ACCOUNT_FIELDS =
  'id,name,username,asset,secret_type,privileged,is_active,date_created,date_verified,date_change_secret';

/** Sessions that began in a range, oldest first. */
export async function* sessionsIn({ reader }: ReportSource, range: TimeRange): AsyncGenerator<SessionFact> {
  yield* factsOf(readLog(reader, SESSIONS, range), toSessionFact);
}

/** Login attempts of a range, oldest first. */
export async function* loginsIn({ reader }: ReportSource, range: TimeRange): AsyncGenerator<LoginFact> {
  yield* factsOf(readLog(reader, LOGINS, range), toLoginFact);
}

/** Commands of a range, storage after storage, oldest first within each: JumpServer lists them for one storage only (api.md §5.11). */
export async function* commandsIn({ reader }: ReportSource, range: TimeRange): AsyncGenerator<CommandFact> {
  for await (const storages of readAll(reader, '/terminal/command-storages/', { real: '1' })) {
    for (const { id } of storages) {
      const source = { ...COMMANDS, query: { command_storage_id: String(id) } };
      yield* factsOf(readLog(reader, source, range), toCommandFact);
    }
  }
}

/** Operate logs of a range, oldest first. */
export async function* operationsIn({ reader }: ReportSource, range: TimeRange): AsyncGenerator<OperationFact> {
  yield* factsOf(readLog(reader, OPERATIONS, range), toOperationFact);
}

/** Every account of the organisation. */
export async function* accountsOf({ reader }: ReportSource): AsyncGenerator<AccountFact> {
  const query = { fields: ACCOUNT_FIELDS, order: 'name,date_created' };
  yield* factsOf(readAll(reader, '/accounts/accounts/', query), toAccountFact);
}

async function* factsOf<Fact>(
  pages: AsyncIterable<readonly UpstreamRow[]>,
  toFact: (row: UpstreamRow) => Fact | null,
): AsyncGenerator<Fact> {
  for await (const page of pages) {
    for (const row of page) {
      const fact = toFact(row);
      if (fact !== null) yield fact;
    }
  }
}
