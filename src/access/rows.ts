import { toActionSet } from './actions.ts';
import { AccessError } from './errors.ts';
import type {
  AccessAsset,
  AccessGroup,
  AccessLabel,
  AccessNode,
  AccessPermission,
  AccessUser,
  Timestamp,
} from './inputs.ts';

/** A row as JumpServer lists it; its shape is checked field by field. */
export type UpstreamRow = Readonly<Record<string, unknown>>;

const UPSTREAM_DATE = /^(\d{4})[/-](\d\d)[/-](\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)$/;

/**
 * Reads JumpServer's date form `2024/01/02 10:11:12 +0800` (ISO 8601 too); null stays null.
 * Throws `AccessError` BAD_ROW on anything else: a date that cannot be read must not grant or end access silently.
 */
export function toTimestamp(value: unknown): Timestamp | null {
  if (value === null || value === undefined || value === '') return null;
  const parts = typeof value === 'string' ? UPSTREAM_DATE.exec(value) : null;
  if (!parts)
    throw new AccessError('BAD_ROW', `Expected a date like 2024/01/02 10:11:12 +0800, got ${JSON.stringify(value)}`);
  const [, year, month, day, hour, minute, second, zone = 'Z'] = parts;
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
}

/** Reads a row of `users/users/` (`id,name,username,is_active,is_expired,date_expired,groups`; api.md §5.1). */
export function toAccessUser(row: UpstreamRow): AccessUser {
  return {
    id: textOf(row, 'id'),
    name: textOf(row, 'name'),
    username: textOf(row, 'username'),
    isActive: row.is_active !== false,
    isExpired: row.is_expired === true,
    expiresAt: toTimestamp(row.date_expired),
    groups: idsOf(row, 'groups'),
  };
}

/** Reads a row of `users/groups/` (`id,name`). */
export function toAccessGroup(row: UpstreamRow): AccessGroup {
  return { id: textOf(row, 'id'), name: textOf(row, 'name') };
}

/** Reads a row of `assets/nodes/` (`id,key,value,full_value`; api.md §5.6). */
export function toAccessNode(row: UpstreamRow): AccessNode {
  return {
    id: textOf(row, 'id'),
    key: textOf(row, 'key'),
    name: textOf(row, 'value'),
    path: textOf(row, 'full_value'),
  };
}

/** Reads a row of `assets/assets/` (`id,name,address,category,is_active,nodes,labels`; api.md §5.3). */
export function toAccessAsset(row: UpstreamRow): AccessAsset {
  return {
    id: textOf(row, 'id'),
    name: textOf(row, 'name'),
    address: typeof row.address === 'string' ? row.address : '',
    category: choiceOf(row.category),
    isActive: row.is_active !== false,
    nodes: idsOf(row, 'nodes'),
    labels: labelsOf(row.labels),
  };
}

/** Reads a row of `perms/asset-permissions/` with its members, that is under `format=json` or from the detail (api.md §5.9). */
export function toAccessPermission(row: UpstreamRow): AccessPermission {
  return {
    id: textOf(row, 'id'),
    name: textOf(row, 'name'),
    users: idsOf(row, 'users'),
    userGroups: idsOf(row, 'user_groups'),
    assets: idsOf(row, 'assets'),
    nodes: idsOf(row, 'nodes'),
    accounts: wordsOf(row, 'accounts'),
    protocols: row.protocols === undefined ? ['all'] : wordsOf(row, 'protocols'),
    actions: toActionSet(wordsOf(row, 'actions')),
    isActive: row.is_active !== false,
    startsAt: toTimestamp(row.date_start),
    expiresAt: toTimestamp(row.date_expired),
    createdBy: typeof row.created_by === 'string' ? row.created_by : '',
    isFromTicket: row.from_ticket === true,
  };
}

function textOf(row: UpstreamRow, key: string): string {
  const value = row[key];
  if (typeof value === 'string') return value;
  throw new AccessError('BAD_ROW', `Expected text in "${key}", got ${JSON.stringify(value)}`);
}

/** The members of a list; a list that is absent is refused, because "no members" would be a wrong answer. */
function listOf(row: UpstreamRow, key: string): unknown[] {
  const value = row[key];
  if (Array.isArray(value)) return value;
  throw new AccessError('BAD_ROW', `Expected a list in "${key}", got ${JSON.stringify(value)}`);
}

/** Labels are objects since 4.0 and `name:value` before; a server may leave the list out. */
function labelsOf(value: unknown): AccessLabel[] {
  const labels: unknown[] = Array.isArray(value) ? value : [];
  return labels.map((label) => {
    if (typeof label !== 'string')
      return { id: textIn(label, 'id'), name: textIn(label, 'name'), value: textIn(label, 'value') };
    const [name = '', ...rest] = label.split(':');
    return { id: '', name, value: rest.join(':') };
  });
}

function textIn(row: unknown, key: string): string {
  return typeof row === 'object' && row !== null ? textOf({ ...row }, key) : textOf({}, key);
}

function idsOf(row: UpstreamRow, key: string): string[] {
  return listOf(row, key).map((member) => (typeof member === 'string' ? member : textIn(member, 'id')));
}

function wordsOf(row: UpstreamRow, key: string): string[] {
  return listOf(row, key).map(choiceOf);
}

/** The wire value of a choice, which JumpServer reads as `{value,label}` and writes bare. */
function choiceOf(choice: unknown): string {
  if (typeof choice === 'string') return choice;
  const value = typeof choice === 'object' && choice !== null && 'value' in choice ? choice.value : undefined;
  if (typeof value === 'string') return value;
  throw new AccessError('BAD_ROW', `Expected a choice, got ${JSON.stringify(choice)}`);
}
