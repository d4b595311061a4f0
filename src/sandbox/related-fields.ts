import { ApiError, InvalidValue, says } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { type Field, type FieldOptions, makeField } from './field.ts';
import { kindOf } from './fields.ts';
import { isUuid, normalUuid } from './ids.ts';
import type { Id, Json, JsonObject, Row } from './types.ts';
import { idsOf, isObject, type Look, ROOT_ORG, rowOf, textOf } from './world.ts';

/** The key of a related object given as id, `{id}` or `{pk}`. */
export function keyOf(value: Json): Json {
  if (isObject(value)) return value.pk ?? value.id ?? null;
  return value;
}

/** How a related object is shown: its properties by name. */
export type Face = (row: Row, look: Look) => JsonObject;

/** The usual face: id and name. */
const idAndName: Face = (row) => ({ id: row.id, name: row.name ?? row.value ?? '' });

/** Finds the related row an input value names, within what the caller's organisation may see. */
export function toRelated(table: string, value: Json, look: Look): Row {
  const key = keyOf(value);
  if (typeof key !== 'string' && typeof key !== 'number') {
    if (key !== null) throw new InvalidValue([says.noObject(JSON.stringify(key))]);
    throw new InvalidValue([says.isNull]);
  }
  const rows = look.world.store.table(table);
  const row =
    rows.get(normalKey(key)) ?? (typeof key === 'string' && /^\d+$/.test(key) ? rows.get(Number(key)) : undefined);
  if (row === undefined || !isSeen(row, look)) {
    if (typeof key === 'string' && !isUuid(key) && !/^\d+$/.test(key)) throw new InvalidValue([says.uuid]);
    throw new InvalidValue([says.noObject(String(key))]);
  }
  return row;
}

/** Whether a row belongs to the organisation that is asked, to none, or all are asked. */
const isSeen = (row: Row, { org }: Pick<Look, 'org'>): boolean =>
  textOf(row.org_id) === '' || row.org_id === org || org === ROOT_ORG;

const normalKey = (key: Id): Id => (typeof key === 'string' && isUuid(key) ? normalUuid(key) : key);

/** The row that a body names under `name`; without one, the body is refused. */
export function relatedIn(body: JsonObject, name: string, table: string, look: Look): Row {
  return refusedAt(name, () => toRelated(table, body[name] ?? null, look));
}

/** The ids that a body lists under `name`; the body is refused when one leads to nothing. */
export function relatedIdsIn(body: JsonObject, name: string, table: string, look: Look): Id[] {
  return refusedAt(name, () => toRelatedIds(table, body[name] ?? null, look));
}

function refusedAt<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    throw new ApiError(400, { [name]: error.faults });
  }
}

/** One related object: `{id,name,…}` or null; written as id, `{id}` or `{pk}`. */
export function ref(name: string, table: string, options: FieldOptions & { face?: Face } = {}): Field {
  const column = options.column ?? name;
  const face = options.face ?? idAndName;
  return makeField(name, options, {
    type: 'object_related_field',
    fill: null,
    read: (row, look) => {
      const other = rowOf(look.world, table, row[column]);
      return other === undefined ? null : face(other, look);
    },
    parse: (value, look) => toRelated(table, value, look).id,
    back: (value) => (value === null ? null : keyOf(value)),
  });
}

/** A related object answered and written as a bare id. */
export function bareRef(name: string, table: string, options: FieldOptions = {}): Field {
  const column = options.column ?? name;
  return makeField(name, options, {
    type: 'field',
    fill: null,
    read: (row) => row[column] ?? null,
    parse: (value, look) => toRelated(table, value, look).id,
  });
}

/** Several related objects whose ids stand in a list column. */
export function refs(name: string, table: string, options: FieldOptions & { face?: Face; order?: string } = {}): Field {
  const column = options.column ?? name;
  const face = options.face ?? idAndName;
  return makeField(name, options, {
    type: 'm2m_related_field',
    fill: [],
    read: (row, look) => relatedRows(look, table, idsOf(row[column]), options.order).map((other) => face(other, look)),
    parse: (value, look) => toRelatedIds(table, value, look),
    back: (value) => (Array.isArray(value) ? value.map(keyOf) : []),
  });
}

/** The rows of ids, in the order of a column (default name), the missing and those of other organisations left out. */
export function relatedRows(look: Look, table: string, ids: readonly Id[], order = 'name'): Row[] {
  const rows = look.world.store.table(table);
  const found: Row[] = [];
  for (const id of ids) {
    const row = rows.get(id);
    if (row !== undefined && isSeen(row, look)) found.push(row);
  }
  if (found.length < 2) return found;
  return found.sort((a, b) => (textOf(a[order]) < textOf(b[order]) ? -1 : textOf(a[order]) > textOf(b[order]) ? 1 : 0));
}

/** The ids of a list of related objects; throws with every missing one named. */
export function toRelatedIds(table: string, value: Json, look: Look): Id[] {
  if (!Array.isArray(value)) throw new InvalidValue([says.notAList(kindOf(value))]);
  const ids = value.map((member) => toRelated(table, member, look).id);
  return [...new Set(ids)];
}

/** A many-to-many that stands in a table of links of its own. */
export interface Link {
  /** Table of the links. */
  table: string;
  /** Column that leads to the row itself. */
  own: string;
  /** Column that leads to the other side. */
  other: string;
  /** Table of the other side. */
  rows: string;
}

/** The ids on the other side of a row's links. */
export function linkedIds(look: Pick<Look, 'world'>, link: Link, id: Id): Id[] {
  return look.world.store
    .table(link.table)
    .where(link.own, id)
    .map((one) => one[link.other] as Id);
}

/** Makes the links of a row lead to exactly these others; those into other organisations stay. */
function setLinks(x: Exchange, link: Link, id: Id, others: readonly Id[]): void {
  const table = x.world.store.table(link.table);
  const missing = new Set(others);
  for (const one of table.where(link.own, id)) {
    const other = rowOf(x.world, link.rows, one[link.other]);
    if (other !== undefined && !isSeen(other, x)) continue;
    if (!missing.delete(one[link.other] as Id)) table.remove(one.id);
  }
  for (const other of missing) table.insert({ id: table.nextNumber(), [link.own]: id, [link.other]: other });
}

/** Several related objects behind a table of links. */
export function linked(name: string, link: Link, options: FieldOptions & { face?: Face; order?: string } = {}): Field {
  const face = options.face ?? idAndName;
  return makeField(name, options, {
    type: 'm2m_related_field',
    column: null,
    read: (row, look) =>
      relatedRows(look, link.rows, linkedIds(look, link, row.id), options.order).map((other) => face(other, look)),
    parse: (value, look) => toRelatedIds(link.rows, value, look),
    after: (row, value, x) => setLinks(x, link, row.id, value as Id[]),
  });
}
