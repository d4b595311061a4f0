import type { GraphQLResolveInfo } from 'graphql';
import type { GraphContext, Scope } from '../../graph/context.ts';
import { badInput, brokenContract } from '../../graph/errors.ts';
import { getJson } from '../../graph/fetch.ts';
import { planOf } from '../../graph/resolve.ts';
import { isRow, type Json, type Row } from '../../graph/row.ts';

/** Farthest that the dashboard looks back. */
const MOST_DAYS = 366;

/** Reads the figures that are selected: each key is a parameter of its own, and costs its own queries (api.md §5.18). */
export async function readDashboard(
  scope: Scope,
  { days }: { days?: number | null },
  context: GraphContext,
  info: GraphQLResolveInfo,
): Promise<Row> {
  const back = days ?? 7;
  if (back < 1 || back > MOST_DAYS) throw badInput(`days: expected 1 to ${MOST_DAYS}, got ${back}.`);
  const keys = [...planOf(context, info).site(info).properties].sort();
  if (keys.length === 0) return {};
  const query = Object.fromEntries(keys.map((key) => [key, '1']));
  const answer = await getJson(scope.session, '/index/', { days: back, ...query });
  if (!isRow(answer)) throw brokenContract('JumpServer gave no dashboard.');
  return answer;
}

const DAILY = {
  date: 'dates_metrics_date',
  logins: 'dates_metrics_total_count_login',
  active_users: 'dates_metrics_total_count_active_users',
  active_assets: 'dates_metrics_total_count_active_assets',
} as const;

/** JumpServer gives a list for each figure; a day is what stands at the same place of all of them. */
export function toDays(row: Row): Row[] {
  const dates = listOf(row, DAILY.date);
  return dates.map((_, at) =>
    Object.fromEntries(Object.entries(DAILY).map(([name, key]) => [name, listOf(row, key)[at] ?? null])),
  );
}

function listOf(row: Row, key: string): readonly Json[] {
  const value = row[key];
  return Array.isArray(value) ? value : [];
}
