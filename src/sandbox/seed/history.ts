import type { LogSource } from '../tables/log-source.ts';
import { createLogTable, type LogChanges, type LogTable } from '../tables/log-table.ts';
import type { Id, Row, SandboxSeed } from '../types.ts';
import { DEFAULT_ORG } from '../world.ts';
import type { Cast } from './cast.ts';
import { createFiles, createOperations, createSignIns } from './logs.ts';
import { createReach } from './reach.ts';
import { createCommands, createSessions } from './sessions.ts';

/** What the past knows of a row: it does not change when the row does. */
function pick(row: Row, columns: readonly string[]): Row {
  const copy: Row = { id: row.id };
  for (const column of columns) copy[column] = row[column] ?? null;
  return copy;
}

/** The rows of the organisation that the logs are of. */
function ofDefault(rows: readonly Row[] | undefined, columns: readonly string[]): Row[] {
  return (rows ?? []).filter(({ org_id }) => org_id === DEFAULT_ORG).map((row) => pick(row, columns));
}

/** The logs of a generated company, over its users, assets, accounts and grants; earlier changes laid over them. */
export function createLogs(
  seed: SandboxSeed,
  tables: Record<string, Row[]>,
  changes: Record<string, LogChanges> = {},
): LogTable[] {
  const users = (tables.users ?? []).map((row) => pick(row, ['name', 'username', 'mfa_level']));
  const assets = ofDefault(tables.assets, ['name', 'address', 'protocols', 'nodes']);
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
    permissions: ofDefault(tables['asset-permissions'], ['name']),
    nodes: ofDefault(tables.nodes, ['full_value']),
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
