import { TYPES } from '../choices.ts';
import type { Exchange } from '../exchange.ts';
import { memberIds } from '../orgs.ts';
import type { Route } from '../routes.ts';
import type { Among, Selection } from '../tables/query.ts';
import type { Table } from '../tables/table.ts';
import { DAY_MS, offsetOf } from '../time.ts';
import type { Json, JsonObject } from '../types.ts';
import { ROOT_ORG, rowOf, textOf } from '../world.ts';

const WEEK = 7;

interface Span {
  x: Exchange;
  days: number;
  from: number;
}

const table = (x: Exchange, name: string): Table => x.world.store.table(name);

/** Rows of a log in the asked span, of this organisation where the log has one. */
function inSpan({ x, from }: Span, name: string, column: string, isOrg = true, more: Among[] = []): Selection {
  const among = isOrg && x.org !== ROOT_ORG ? [{ column: 'org_id', values: new Set<Json>([x.org]) }] : [];
  return table(x, name).select({
    among: [...among, ...more],
    tests: [],
    span: { column, from },
    order: [`-${column}`],
  });
}

const all = (selection: Selection): ReturnType<Selection['slice']> => selection.slice(0, selection.length);

const count = (selection: Selection): number => selection.length;

const isMine = (x: Exchange, org: Json | undefined): boolean => x.org === ROOT_ORG || org === x.org;

function startOfDay(x: Exchange): number {
  const now = x.world.now();
  const offset = offsetOf(x.zone, now) * 60_000;
  return Math.floor((now + offset) / DAY_MS) * DAY_MS - offset;
}

const allAssets = (x: Exchange): JsonObject[] => [...table(x, 'assets').all()].filter((row) => isMine(x, row.org_id));

/** Assets proper: gateways are counted apart. */
const ownAssets = (x: Exchange): JsonObject[] =>
  allAssets(x).filter((row) => !textOf(rowOf(x.world, 'platforms', row.platform)?.name).startsWith('Gateway'));

const open = (x: Exchange): ReturnType<Selection['slice']> =>
  [...table(x, 'sessions').where('is_finished', false)].filter((row) => isMine(x, row.org_id));

function assetsByType(x: Exchange): Json {
  const totals = new Map<string, number>();
  for (const row of ownAssets(x)) totals.set(textOf(row.type), (totals.get(textOf(row.type)) ?? 0) + 1);
  return [...totals]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, total]) => ({ type, total, label: TYPES[type] ?? type }));
}

const distinct = (values: (Json | undefined)[]): number => new Set(values).size;

/** What can be asked for, by the name of its key after `total_count_` (api.md §5.18). */
const TOTALS: Record<string, (span: Span) => Json> = {
  users: ({ x }) => (x.org === ROOT_ORG ? table(x, 'users').size : memberIds(x.world, x.org).size),
  assets: ({ x }) => (x.world.version === '4.10.16' ? ownAssets(x) : allAssets(x)).length,
  users_this_week: ({ x }) => {
    const members = memberIds(x.world, x.org);
    const since = x.world.now() - WEEK * DAY_MS;
    return [...table(x, 'users').all()].filter(
      (row) => (x.org === ROOT_ORG || members.has(row.id)) && Number(row.date_joined) >= since,
    ).length;
  },
  assets_this_week: ({ x }) => {
    const since = x.world.now() - WEEK * DAY_MS;
    return [...table(x, 'assets').all()].filter((row) => isMine(x, row.org_id) && Number(row.date_created) >= since)
      .length;
  },
  login_users: (span) => distinct(all(inSpan(span, 'login-logs', 'datetime', false)).map((row) => row.username)),
  today_active_assets: ({ x }) =>
    distinct(all(inSpan({ x, days: 1, from: startOfDay(x) }, 'sessions', 'date_start')).map((row) => row.asset)),
  online_users: ({ x }) => distinct(open(x).map((row) => row.user_id)),
  online_sessions: ({ x }) => open(x).length,
  today_failed_sessions: ({ x }) =>
    all(inSpan({ x, days: 1, from: startOfDay(x) }, 'sessions', 'date_start')).filter((row) => row.is_success !== true)
      .length,
  user_login_logs: (span) => count(inSpan(span, 'login-logs', 'datetime', false)),
  user_login_success_logs: (span) =>
    count(inSpan(span, 'login-logs', 'datetime', false, [{ column: 'status', values: new Set<Json>([true]) }])),
  operate_logs: (span) => count(inSpan(span, 'operate-logs', 'datetime')),
  change_password_logs: (span) => count(inSpan(span, 'password-change-logs', 'datetime', false)),
  commands: (span) => count(inSpan(span, 'commands', 'timestamp')),
  commands_danger: (span) =>
    count(inSpan(span, 'commands', 'timestamp', true, [{ column: 'risk_level', values: new Set<Json>([5]) }])),
  history_sessions: (span) => count(inSpan(span, 'sessions', 'date_start')),
  ftp_logs: (span) => count(inSpan(span, 'ftp-logs', 'date_start')),
  job_logs: (span) => count(inSpan(span, 'job-executions', 'date_start')),
  job_logs_running: () => 0,
  job_logs_failed: () => 0,
  type_to_assets_amount: ({ x }) => assetsByType(x),
};

const two = (value: number): string => String(value).padStart(2, '0');

/** Days of the span as `mm-dd`, and a number for each. */
function byDay(
  { x, days }: Span,
  name: string,
  column: string,
  tell: (rows: ReturnType<Selection['slice']>) => number,
  isOrg = true,
): number[] {
  const today = startOfDay(x);
  return Array.from({ length: days }, (_, i) => {
    const from = today - (days - 1 - i) * DAY_MS;
    const among = isOrg && x.org !== ROOT_ORG ? [{ column: 'org_id', values: new Set<Json>([x.org]) }] : [];
    return tell(
      all(table(x, name).select({ among, tests: [], span: { column, from, to: from + DAY_MS - 1 }, order: [column] })),
    );
  });
}

function dayNames({ x, days }: Span): string[] {
  const today = startOfDay(x) + offsetOf(x.zone, x.world.now()) * 60_000;
  return Array.from({ length: days }, (_, i) => {
    const day = new Date(today - (days - 1 - i) * DAY_MS);
    return `${two(day.getUTCMonth() + 1)}-${two(day.getUTCDate())}`;
  });
}

const people = (rows: ReturnType<Selection['slice']>): number => distinct(rows.map((row) => row.user_id));
const things = (rows: ReturnType<Selection['slice']>): number => distinct(rows.map((row) => row.asset_id));

function top(span: Span, column: string, shown: string): Json {
  const totals = new Map<string, { total: number; last: number }>();
  for (const row of all(inSpan(span, 'sessions', 'date_start'))) {
    const known = totals.get(textOf(row[column])) ?? { total: 0, last: 0 };
    totals.set(textOf(row[column]), { total: known.total + 1, last: Math.max(known.last, Number(row.date_start)) });
  }
  return [...totals]
    .sort(([, a], [, b]) => b.total - a.total)
    .slice(0, 10)
    .map(([name, { total }]) => ({ [shown]: name, total }));
}

/** Keys beyond the totals. */
const OTHERS: Record<string, (span: Span) => JsonObject> = {
  dates_metrics: (span) => ({
    dates_metrics_date: dayNames(span),
    dates_metrics_total_count_login: byDay(span, 'login-logs', 'datetime', (rows) => rows.length, false),
    dates_metrics_total_count_active_users: byDay(span, 'sessions', 'date_start', people),
    dates_metrics_total_count_active_assets: byDay(span, 'sessions', 'date_start', things),
  }),
  session_dates_metrics: (span) => ({
    dates_metrics_date: dayNames(span),
    dates_metrics_total_count_session: byDay(span, 'sessions', 'date_start', (rows) => rows.length),
  }),
  dates_login_times_top10_assets: (span) => ({ dates_login_times_top10_assets: top(span, 'asset', 'asset') }),
  dates_login_times_top10_users: (span) => ({ dates_login_times_top10_users: top(span, 'user', 'user') }),
  dates_login_record_top10_sessions: (span) => ({
    dates_login_record_top10_sessions: inSpan(span, 'sessions', 'date_start')
      .slice(0, 10)
      .map((row) => ({
        user: row.user ?? '',
        asset: row.asset ?? '',
        is_finished: row.is_finished ?? false,
        date_start: new Date(Number(row.date_start)).toISOString(),
      })),
  }),
};

function index(x: Exchange): Json {
  const days = Math.max(1, Number(x.query.get('days') ?? WEEK) || WEEK);
  const span: Span = { x, days, from: startOfDay(x) - (days - 1) * DAY_MS };
  const wantsAll = x.query.get('all') === '1';
  const wants = (name: string): boolean => wantsAll || x.query.get(name) === '1';
  const answer: JsonObject = {};
  for (const [name, tell] of Object.entries(TOTALS)) {
    if (wants('total_count') || wants(`total_count_${name}`)) answer[`total_count_${name}`] = tell(span);
  }
  for (const [name, tell] of Object.entries(OTHERS)) if (wants(name)) Object.assign(answer, tell(span));
  return answer;
}

/** Matches of one model in the global search. */
const SEARCHED: readonly {
  table: string;
  model: string;
  label: string;
  columns: string[];
  tell: (row: JsonObject) => string;
}[] = [
  {
    table: 'assets',
    model: 'Asset',
    label: 'Asset',
    columns: ['name', 'address'],
    tell: (row) => `Address: ${textOf(row.address)} `,
  },
  {
    table: 'users',
    model: 'User',
    label: 'User',
    columns: ['name', 'username'],
    tell: (row) => `Username: ${textOf(row.username)} `,
  },
  { table: 'user-groups', model: 'UserGroup', label: 'User group', columns: ['name'], tell: () => '' },
  {
    table: 'asset-permissions',
    model: 'AssetPermission',
    label: 'Asset permission',
    columns: ['name'],
    tell: () => '',
  },
];

const MOST_HITS = 3;

function search(x: Exchange): Json {
  const words = (x.query.get('q') ?? '').toLowerCase();
  if (words === '') return [];
  return SEARCHED.flatMap(({ table: name, model, label, columns, tell }) => {
    const hits = [...table(x, name).all()]
      .filter(
        (row) =>
          (row.org_id === undefined || isMine(x, row.org_id)) &&
          columns.some((column) => textOf(row[column]).toLowerCase().includes(words)),
      )
      .sort((a, b) => (textOf(a.name) < textOf(b.name) ? -1 : 1));
    return hits
      .slice(0, MOST_HITS)
      .map((row) => ({ id: row.id, name: textOf(row.name), model, model_label: label, content: tell(row) }));
  });
}

/** The dashboard's numbers and the search over everything. */
export const dashboardRoutes: Route[] = [
  { method: 'GET', path: '/api/v1/index', perm: 'rbac.view_console|rbac.view_audit', run: index },
  { method: 'GET', path: '/api/v1/search', perm: 'any', run: search, since: '4.10.16' },
];
