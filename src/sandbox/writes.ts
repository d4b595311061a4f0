import { ApiError, InvalidValue, notFound, ServerCrash, says } from './errors.ts';
import { type Exchange, lookOf } from './exchange.ts';
import type { Field } from './field.ts';
import { kindOf } from './fields.ts';
import { isUuid, normalUuid } from './ids.ts';
import { scopeQuery, selectRows, tableOf } from './lists.ts';
import { logOperation } from './operate-log.ts';
import { keyOf } from './related-fields.ts';
import { type Answer, type Input, type Resource, reply } from './resource.ts';
import { fieldsOf, narrow, shapeOf, toAnswer } from './rows.ts';
import { isAmong } from './tables/query.ts';
import { toCompare } from './tables/row-orders.ts';
import type { Id, Json, JsonObject, Row } from './types.ts';
import { isObject, ROOT_ORG, textOf } from './world.ts';

/** Whether a row is among those a resource shows to this request. */
function isVisible(resource: Resource, x: Exchange, row: Row): boolean {
  const query = scopeQuery(resource, x);
  return query.among.every((among) => isAmong(row, among)) && query.tests.every((test) => test(row));
}

/** The row behind a detail path, by id or else by slug; undefined when the caller may see none such. */
export function findRow(resource: Resource, x: Exchange, key: string): Row | undefined {
  const table = tableOf(resource, x);
  let row: Row | undefined;
  if (resource.key === 'int') row = /^\d+$/.test(key) ? table.get(Number(key)) : undefined;
  else row = isUuid(key) ? (table.get(normalUuid(key)) ?? table.get(key)) : table.get(key);
  if (row === undefined && !isUuid(key) && !/^\d+$/.test(key)) row = table.where(resource.slug ?? 'name', key)[0];
  return row !== undefined && isVisible(resource, x, row) ? row : undefined;
}

/** The row behind a detail path; throws 404. */
export function mustFind(resource: Resource, x: Exchange, key = x.params.id ?? ''): Row {
  const row = findRow(resource, x, key);
  if (row === undefined) throw notFound(resource.noun);
  return row;
}

/** A row as the detail serializer answers it. */
export function detailAnswer(resource: Resource, x: Exchange, row: Row): JsonObject {
  return toAnswer(row, narrow(resource, shapeOf(resource, x, 'D'), x), lookOf(x, 'D'));
}

/** A row as a write answers it. */
export function writeAnswer(resource: Resource, x: Exchange, row: Row): JsonObject {
  const answer = toAnswer(row, shapeOf(resource, x, 'W'), lookOf(x, 'W'));
  if (x.method !== 'PATCH') return answer;
  for (const name of resource.patchLacks ?? []) delete answer[name];
  for (const name of resource.patchEmpties ?? []) answer[name] = {};
  return answer;
}

function readField(field: Field, input: Input): void {
  const { given, values, extra, faults, look, row, partial } = input;
  const value = given[field.name];
  if (value !== undefined && field.mode !== 'ro') {
    if (field.parse === undefined) return;
    try {
      const parsed = field.parse(value, look);
      if (field.column !== null) values[field.column] = parsed;
      else extra[field.name] = parsed;
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      faults[field.name] = error.faults;
    }
    return;
  }
  if (field.required && !partial && field.mode !== 'ro') faults[field.name] = [says.required];
  else if (row === null && field.column !== null && field.fill !== undefined && values[field.column] === undefined) {
    values[field.column] = typeof field.fill === 'function' ? field.fill(look) : field.fill;
  }
}

/** Reads and checks the input of one row; faults are collected, not thrown. */
export function readInput(
  resource: Resource,
  x: Exchange,
  given: Json,
  row: Row | null,
  options: { partial: boolean; bulk: boolean },
): Input {
  const input: Input = {
    x,
    look: lookOf(x, 'W'),
    given: {},
    values: {},
    extra: {},
    row,
    faults: {},
    ...options,
  };
  if (!isObject(given)) {
    input.faults.non_field_errors = [says.object(kindOf(given))];
    return input;
  }
  input.given = given;
  for (const field of fieldsOf(resource, x.world.version, 'all')) {
    if (field.name === 'id' && row !== null) continue;
    readField(field, input);
  }
  checkChosenId(resource, input);
  if (Object.keys(input.faults).length === 0) checkUnique(resource, input);
  resource.check?.(input);
  return input;
}

function checkChosenId(resource: Resource, input: Input): void {
  if (input.row !== null || input.faults.id !== undefined) return;
  const chosen = input.values.id;
  const table = tableOf(resource, input.x);
  if (resource.key === 'int') {
    input.values.id = table.nextNumber();
  } else if (typeof chosen === 'string' && input.given.id !== undefined) {
    if (table.get(chosen) !== undefined) input.faults.id = [says.taken(resource.noun, 'id')];
  } else {
    input.values.id = input.x.world.chance.uuid();
  }
}

function checkUnique(resource: Resource, input: Input): void {
  for (const group of resource.unique ?? []) {
    if (!group.some((column) => column in input.values)) continue;
    const wanted = group.map((column) => input.values[column] ?? input.row?.[column] ?? null);
    if (wanted.includes(null)) continue;
    const clash = tableOf(resource, input.x)
      .where(group[0] ?? '', wanted[0] ?? null)
      .some((row) => isClash(resource, input, row, group, wanted));
    if (clash) Object.assign(input.faults, resource.clash?.(group) ?? defaultClash(resource, group));
  }
}

function isClash(resource: Resource, input: Input, row: Row, group: readonly string[], wanted: Json[]): boolean {
  if (input.row !== null && row.id === input.row.id) return false;
  if (resource.scope === 'org' && row.org_id !== (input.row?.org_id ?? input.x.org)) return false;
  return group.every((column, i) => row[column] === wanted[i]);
}

function defaultClash(resource: Resource, group: readonly string[]): JsonObject {
  const faults: JsonObject = {};
  for (const column of group) {
    faults[column] = [resource.scope === 'org' ? says.unique : says.taken(resource.noun, column)];
  }
  return faults;
}

/** Stores checked input as a new row. */
export function storeNew(resource: Resource, input: Input): Row {
  const { x, values } = input;
  if (resource.scope === 'org') {
    if (x.org === ROOT_ORG) throw new ApiError(400, ['Choose an organisation to save in.']);
    values.org_id = x.org;
  }
  const row = tableOf(resource, x).insert({ ...values, id: values.id as Id });
  bindGiven(resource, input, row);
  resource.hooks?.created?.(row, input);
  logOperation(x, 'create', resource, row);
  return row;
}

/** Stores checked input in a row that exists. */
export function storeChange(resource: Resource, input: Input): Row {
  const { x, values, row } = input;
  if (row === null) throw new Error('nothing to change');
  const fields = fieldsOf(resource, x.world.version, 'all');
  if (fields.some((field) => field.name === 'date_updated')) values.date_updated = x.world.now();
  if (fields.some((field) => field.name === 'updated_by')) values.updated_by = textOf(x.user?.name);
  const changed = tableOf(resource, x).update(row.id, values) ?? row;
  bindGiven(resource, input, changed);
  resource.hooks?.updated?.(changed, input);
  logOperation(x, 'update', resource, changed);
  return changed;
}

function bindGiven(resource: Resource, input: Input, row: Row): void {
  for (const field of fieldsOf(resource, input.x.world.version, 'all')) {
    const value = input.extra[field.name];
    if (value !== undefined) field.after?.(row, value, input.x);
  }
}

const isFaulty = (input: Input): boolean => Object.keys(input.faults).length > 0;

/** POST on a list: one object, or an array that is stored whole or not at all (api.md §4). */
export function create(resource: Resource, x: Exchange): Answer {
  if (Array.isArray(x.body)) return createMany(resource, x, x.body);
  const input = readInput(resource, x, x.body ?? {}, null, { partial: false, bulk: false });
  if (isFaulty(input)) throw new ApiError(400, input.faults);
  return reply(201, writeAnswer(resource, x, storeNew(resource, input)));
}

function createMany(resource: Resource, x: Exchange, items: Json[]): Answer {
  const inputs = items.map((item) => readInput(resource, x, item, null, { partial: false, bulk: true }));
  if (inputs.some(isFaulty))
    throw new ApiError(
      400,
      inputs.map((input) => input.faults),
    );
  refuseTwins(resource, inputs);
  resource.hooks?.storing?.(inputs);
  const rows = inputs.map((input) => storeNew(resource, input));
  return reply(
    201,
    rows.map((row) => writeAnswer(resource, x, row)),
  );
}

/** Two rows of one array that clash with each other pass validation and crash in the database. */
function refuseTwins(resource: Resource, inputs: readonly Input[]): void {
  for (const group of [['id'], ...(resource.unique ?? [])]) {
    const seen = new Set<string>();
    for (const { values } of inputs) {
      const key = JSON.stringify(group.map((column) => values[column] ?? null));
      if (seen.has(key) && !key.includes('null')) throw new ServerCrash(`twins in one array: ${key}`);
      seen.add(key);
    }
  }
}

/** PUT or PATCH on a detail path. */
export function change(resource: Resource, x: Exchange, partial: boolean): Json {
  const row = mustFind(resource, x);
  const input = readInput(resource, x, x.body ?? {}, row, { partial, bulk: false });
  if (isFaulty(input)) throw new ApiError(400, input.faults);
  return writeAnswer(resource, x, storeChange(resource, input));
}

/** PUT or PATCH on a list: an array of objects with ids; answered in the list's order. */
export function changeMany(resource: Resource, x: Exchange, partial: boolean): Json {
  const items = x.body ?? {};
  if (!Array.isArray(items)) throw new ApiError(400, { non_field_errors: [says.notAList(kindOf(items))] });
  const found = items.map((item) => {
    const key = keyOf(item);
    if (key === null || typeof key === 'object') throw new ApiError(400, ['An item lacks its id.']);
    return { item, row: findRow(resource, x, String(key)) };
  });
  const inputs = found.map(({ item, row }) =>
    row === undefined ? null : readInput(resource, x, item, row, { partial, bulk: true }),
  );
  if (inputs.some((input) => input === null || isFaulty(input))) {
    throw new ApiError(
      400,
      inputs.map((input) => (input === null ? `There is no such ${resource.noun}.` : input.faults)),
    );
  }
  const rows = inputs.flatMap((input) => (input === null ? [] : [storeChange(resource, input)]));
  return rows.sort(toCompare(resource.order)).map((row) => writeAnswer(resource, x, row));
}

/** Removes a row with what hangs on it. */
function removeRow(resource: Resource, x: Exchange, row: Row): void {
  resource.hooks?.deleting?.(row, x);
  tableOf(resource, x).remove(row.id);
  const links = x.world.store.table('labeled-resources');
  for (const link of links.where('res_id', String(row.id))) links.remove(link.id);
  resource.hooks?.deleted?.(row, x);
  logOperation(x, 'delete', resource, row);
}

/** DELETE on a detail path. */
export function destroy(resource: Resource, x: Exchange): Answer {
  removeRow(resource, x, mustFind(resource, x));
  return reply(204);
}

/** DELETE on a list: deletes what the filters match, as far as the resource's guard lets it (api.md §4). */
export function destroyMany(resource: Resource, x: Exchange): Answer {
  const selection = selectRows(resource, x);
  const whole = tableOf(resource, x).select(scopeQuery(resource, x)).length;
  if (!isDeletable(resource, x, selection.length, whole)) {
    if (resource.bulkDelete === 'users') {
      throw new ApiError(400, { detail: 'Not all users can be deleted at once.', code: 'unable_to_delete_all_users' });
    }
    return { answer: true, status: 400, text: '' };
  }
  const rows = selection.slice(0, selection.length);
  for (const row of rows) resource.hooks?.deleting?.(row, x);
  for (const row of rows) removeRow(resource, x, row);
  return reply(204);
}

function isDeletable(resource: Resource, x: Exchange, filtered: number, whole: number): boolean {
  switch (resource.bulkDelete ?? 'org') {
    case 'never':
      return false;
    case 'one':
      return filtered === 1;
    case 'users':
      return filtered < whole;
    case 'global':
      return ['ids', 'id!', 'id', 'spm'].some((name) => x.query.has(name));
    default:
      return filtered === 1 || filtered < whole || x.query.has('spm');
  }
}
