import { ApiError, says } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import type { Input } from '../resource.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { isIn } from '../versions.ts';
import { rowOf, textOf } from '../world.ts';

/** Before 4.9 every save counts, and a PUT starts from zero again. */
function countSave({ x, row, values, partial }: Input): void {
  if (x.world.version === '3.10.23') values.version = (partial ? Number(row?.version ?? 0) : 0) + 1;
}

/** Completes an account that is written: by its template where it is new, with a version and a date where its secret changes. */
export function completeAccount(input: Input): void {
  const { x, row, values, extra, faults } = input;
  countSave(input);
  if (row !== null) {
    delete values.username;
    delete values.asset;
    if (values.secret !== undefined && values.secret !== null && values.secret !== row.secret) {
      values.version ??= Number(row.version ?? 0) + 1;
      values.date_change_secret = x.world.now();
      if (Object.keys(faults).length === 0) keepVersion(x, row);
    }
    return;
  }
  const template = rowOf(x.world, 'account-templates', (extra.template ?? null) as Json);
  if (template !== undefined) {
    for (const column of ['name', 'username', 'secret_type', 'secret', 'privileged']) {
      if (input.given[column] === undefined) values[column] = template[column] ?? null;
    }
    values.source = 'template';
    values.source_id = String(template.id);
    delete faults.name;
  }
  if (textOf(values.name) === '') values.name = textOf(values.username);
  const isOld = isIn(x.world.version, { until: '4.10.16' });
  if (isOld && input.given.username === undefined && template === undefined) faults.username = [says.required];
  tellClash(input);
}

/** The secret that was in force until now, with its version. */
function keepVersion(x: Exchange, row: Row): void {
  const kept = x.world.store.table('account-histories');
  const { id: account, secret, secret_type, version } = row;
  kept.insert({ id: kept.nextNumber(), account, secret, secret_type, version, history_date: x.world.now() } as Row);
}

/** The faults of an account that is there already, by the fields that clash. */
export const clashOf = (group: readonly string[]): JsonObject =>
  group.includes('username')
    ? { username: ['An account with this user name and secret type is on the asset already.'] }
    : { name: ['An account with this name is on the asset already.'] };

/** One clash is enough; before 4.10 it is told without saying where. */
function tellClash({ x, faults, row }: Input): void {
  if (faults.username !== undefined && faults.name !== undefined) delete faults.name;
  const isOld = isIn(x.world.version, { until: '4.10.16' });
  if (isOld && row === null && Object.keys(faults).length > 0 && isClash(faults)) {
    throw new ApiError(400, ['The account is there already.']);
  }
}

/** Whether faults say that an account is there already. */
const isClash = (faults: JsonObject): boolean =>
  JSON.stringify(faults.username ?? faults.name ?? '').includes('on the asset already');

/** What follows from the end of an account: others no longer change to it. */
export function dropAccount(row: Row, x: Exchange): void {
  const table = x.world.store.table('accounts');
  for (const other of table.where('su_from', row.id)) table.update(other.id, { su_from: null });
}
