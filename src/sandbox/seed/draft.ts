import type { Chance } from '../ids.ts';
import { DAY_MS } from '../time.ts';
import type { JsonObject, Row, SandboxSeed, SandboxVersion } from '../types.ts';

/** What the parts of the seed share. */
export interface Draft {
  version: SandboxVersion;
  seed: SandboxSeed;
  chance: Chance;
  tables: Record<string, Row[]>;
  /** The second organisation. */
  otherOrg: string;
}

/** Age of the company's server in milliseconds. */
export const AGE = 400 * DAY_MS;

/** Adds a row to a table of the draft. */
export function put(draft: Draft, table: string, row: Row): Row {
  draft.tables[table] ??= [];
  draft.tables[table].push(row);
  return row;
}

/** Rows of a table of the draft. */
export const rowsOf = (draft: Draft, table: string): Row[] => draft.tables[table] ?? [];

/** What most rows of an organisation have: id, name, comment, and when and by whom they were made. */
export function namedRow(draft: Draft, org: string, name: string, extra: JsonObject = {}): Row {
  const at = draft.seed.at - 300 * DAY_MS + draft.chance.below(100) * DAY_MS;
  return {
    id: draft.chance.uuid(),
    name,
    comment: '',
    org_id: org,
    created_by: 'Administrator',
    updated_by: 'Administrator',
    date_created: at,
    date_updated: at,
    ...extra,
  };
}
