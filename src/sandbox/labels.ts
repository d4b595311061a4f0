import { InvalidValue, ServerCrash, says } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { Field, FieldOptions } from './field.ts';
import { computed } from './fields.ts';
import { isUuid } from './ids.ts';
import type { Condition, Resource } from './resource.ts';
import type { Id, Json, Row, SandboxVersion } from './types.ts';
import { idOf, isObject, rowOf, textOf, type World } from './world.ts';

/** Content types of the models that can carry labels, by server version (`labels/resource-types/`). */
export const LABEL_TYPES: Record<string, { label: string; number: Record<SandboxVersion, number> }> = {
  'users.user': { label: 'User', number: { '3.10.23': 2, '4.9.0': 2, '4.10.16': 2, '4.10.19': 2 } },
  'users.usergroup': { label: 'User group', number: { '3.10.23': 4, '4.9.0': 4, '4.10.16': 4, '4.10.19': 4 } },
  'assets.asset': { label: 'Asset', number: { '3.10.23': 6, '4.9.0': 6, '4.10.16': 6, '4.10.19': 6 } },
  'assets.platform': { label: 'Platform', number: { '3.10.23': 10, '4.9.0': 10, '4.10.16': 10, '4.10.19': 10 } },
  'assets.zone': { label: 'Zone', number: { '3.10.23': 5, '4.9.0': 8, '4.10.16': 29, '4.10.19': 29 } },
  'accounts.account': { label: 'Account', number: { '3.10.23': 30, '4.9.0': 30, '4.10.16': 30, '4.10.19': 32 } },
  'accounts.accounttemplate': {
    label: 'Account template',
    number: { '3.10.23': 31, '4.9.0': 31, '4.10.16': 31, '4.10.19': 33 },
  },
  'perms.assetpermission': {
    label: 'Asset permission',
    number: { '3.10.23': 48, '4.9.0': 48, '4.10.16': 48, '4.10.19': 50 },
  },
};

/** The labels of a row. */
export function labelsOf(world: World, id: Id): Row[] {
  const found: Row[] = [];
  for (const link of world.store.table('labeled-resources').where('res_id', id)) {
    const label = rowOf(world, 'labels', link.label);
    if (label !== undefined) found.push(label);
  }
  return found;
}

/** A label as it stands on what it labels: `name:value` before 4.0, an object since. */
function toLabelFace(label: Row, version: SandboxVersion): Json {
  if (version === '3.10.23') return `${textOf(label.name)}:${textOf(label.value)}`;
  return { id: label.id, name: label.name ?? '', value: label.value ?? '', color: label.color ?? '' };
}

/** Property `labels`: `[{id,name,value,color}]`; written as `name:value`, id, object or pair. */
export function labels(model: string, options: FieldOptions = {}): Field {
  return {
    ...computed(
      'labels',
      'field',
      (row, look) => labelsOf(look.world, row.id).map((label) => toLabelFace(label, look.world.version)),
      options,
    ),
    mode: 'rw',
    parse: (value) => value,
    after: (row, value, x) => bindLabels(x, model, row.id, value),
  };
}

/** Binds exactly these labels to a row, making pairs that do not exist yet. */
function bindLabels(x: Exchange, model: string, id: Id, value: Json): void {
  if (!Array.isArray(value)) throw new InvalidValue([says.list]);
  const wanted = value.map((one) => toLabel(x, one)).filter((label): label is Row => label !== null);
  const links = x.world.store.table('labeled-resources');
  const kept = new Set(wanted.map((label) => label.id));
  for (const link of links.where('res_id', id)) {
    const label = idOf(link.label);
    if (label === null || !kept.delete(label)) links.remove(link.id);
  }
  for (const label of kept) insertLink(x, model, id, label);
}

/** Binds one label to one row. */
export function insertLink(x: Exchange, model: string, id: Id, label: Id): Row {
  const now = x.world.now();
  const number = LABEL_TYPES[model]?.number[x.world.version] ?? 0;
  return x.world.store.table('labeled-resources').insert({
    id: x.world.chance.uuid(),
    label,
    res_type: number,
    res_id: String(id),
    org_id: x.org,
    date_created: now,
    date_updated: now,
  });
}

function toLabel(x: Exchange, value: Json): Row | null {
  const table = x.world.store.table('labels');
  if (typeof value === 'string' && value.includes(':')) {
    const at = value.indexOf(':');
    return findOrMake(x, value.slice(0, at), value.slice(at + 1));
  }
  if (isObject(value)) {
    const key = idOf(value.id ?? value.pk);
    if (key !== null) return table.get(key) ?? null;
    return findOrMake(x, textOf(value.name), textOf(value.value));
  }
  return table.get(textOf(value)) ?? null;
}

function findOrMake(x: Exchange, name: string, value: string): Row {
  const table = x.world.store.table('labels');
  const known = table.where('name', name).find((label) => label.value === value && label.org_id === x.org);
  const now = x.world.now();
  return (
    known ??
    table.insert({
      id: x.world.chance.uuid(),
      name,
      value,
      color: '',
      comment: '',
      org_id: x.org,
      date_created: now,
      date_updated: now,
    })
  );
}

/** Query parameter `labels=name:value,name:*`: one name's values OR-ed, names AND-ed (api.md §3.2). */
export function labelConditions(resource: Resource, x: Exchange): Condition[] {
  const text = x.query.get('labels');
  if (text === null || text === '' || !resource.fields.some((field) => field.name === 'labels')) return [];
  const byName = new Map<string, Set<string>>();
  for (const pair of text.split(',')) {
    if (isUuid(pair)) throw new ServerCrash('labels are asked as name:value');
    const [name = '', value = '*'] = pair.split(':');
    byName.set(name, (byName.get(name) ?? new Set()).add(value));
  }
  const conditions: Condition[] = [];
  for (const [name, values] of byName) {
    const found = x.world.store
      .table('labels')
      .where('name', name)
      .filter((label) => values.has('*') || values.has(textOf(label.value)));
    const links = x.world.store.table('labeled-resources');
    const ids = found.flatMap((label) => links.where('label', label.id).map((link) => link.res_id ?? null));
    const key = resource.key === 'int' ? ids.map(Number) : ids;
    conditions.push({ column: 'id', values: new Set(key) });
  }
  return conditions;
}
