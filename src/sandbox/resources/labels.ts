import { ApiError, says } from '../errors.ts';
import { type Exchange, objectBody, param } from '../exchange.ts';
import type { Field } from '../field.ts';
import { bareValue, computed, dateCreated, dateUpdated, id, orgFields, text } from '../fields.ts';
import { exact, number, uuid } from '../filters.ts';
import { insertLink, LABEL_TYPES } from '../labels.ts';
import { selectRows, toPage } from '../lists.ts';
import { optionsAnswer } from '../metadata.ts';
import { ref } from '../related-fields.ts';
import type { Resource } from '../resource.ts';
import type { Route } from '../routes.ts';
import { listOf } from '../rows.ts';
import { toSelection } from '../tables/query.ts';
import type { Json, Row, SandboxVersion } from '../types.ts';
import { rowOf, textOf, type World } from '../world.ts';
import { mustFind } from '../writes.ts';

/** Tables of the models that carry labels. */
const TABLES: Record<string, string> = {
  'users.user': 'users',
  'users.usergroup': 'user-groups',
  'assets.asset': 'assets',
  'assets.platform': 'platforms',
  'assets.zone': 'zones',
  'accounts.account': 'accounts',
  'accounts.accounttemplate': 'account-templates',
  'perms.assetpermission': 'asset-permissions',
};

function modelOf(version: SandboxVersion, number: Json | undefined): string | undefined {
  return Object.keys(LABEL_TYPES).find((model) => LABEL_TYPES[model]?.number[version] === Number(number));
}

/** A labelled object in words. */
function display(world: World, link: Row): string {
  const model = modelOf(world.version, link.res_type);
  const table = TABLES[model ?? ''] ?? 'assets';
  const row = rowOf(world, table, table === 'platforms' ? Number(link.res_id) : (link.res_id ?? null));
  if (row === undefined) return '';
  if (table === 'assets') return `${textOf(row.name)}(${textOf(row.address)})`;
  if (table === 'users') return `${textOf(row.name)}(${textOf(row.username)})`;
  return textOf(row.name);
}

const uses = (world: World, label: Row): number =>
  world.store.table('labeled-resources').where('label', label.id).length;

/** Names with values to mark objects with: `labels/labels/`, also under `assets/labels/` (api.md §5.7). */
export const labels: Resource = {
  table: 'labels',
  path: 'labels/labels',
  noun: 'Label',
  model: 'labels.label',
  scope: 'org',
  fields: [
    id(),
    text('name', { required: true, max: 64 }),
    text('value', { required: true, max: 64 }),
    text('color', { max: 32, since: '4.9.0' }),
    computed('res_count', 'field', (row, look) => uses(look.world, row)),
    ...orgFields(),
    dateCreated(),
    dateUpdated(),
    text('comment'),
  ],
  order: ['name'],
  search: ['name', 'value'],
  unique: [['name', 'value']],
  filters: { name: exact('name'), value: exact('value') },
  hooks: {
    deleted: (row, x) => {
      const links = x.world.store.table('labeled-resources');
      for (const link of links.where('label', row.id)) links.remove(link.id);
    },
  },
  actions: [
    { method: 'GET', path: 'keys', perm: 'labels.view_label', run: keys },
    {
      method: 'OPTIONS',
      path: 'keys',
      perm: 'any',
      run: (x) => optionsAnswer({ ...labels, methods: 'L', title: 'Keys' }, x),
    },
    { method: 'GET', path: ':id/resource-types/:type/resources', perm: 'labels.view_labeledresource', run: objects },
    { method: 'PUT', path: ':id/resource-types/:type/resources', perm: 'labels.change_labeledresource', run: bind },
  ],
};

/** The same under the path of old. */
export const assetLabels: Resource = { ...labels, path: 'assets/labels' };

/** The names alone, never paged. */
function keys(x: Exchange): Json {
  const rows = selectRows(labels, x);
  return [...new Set(rows.slice(0, rows.length).map((row) => textOf(row.name)))];
}

function candidates(x: Exchange): { model: string; rows: Row[] } {
  const model = modelOf(x.world.version, Number(param(x, 'type'))) ?? 'assets.asset';
  const words = (x.query.get('search') ?? '').toLowerCase();
  const rows = [...x.world.store.table(TABLES[model] ?? 'assets').all()].filter(
    (row) => (row.org_id === undefined || row.org_id === x.org) && textOf(row.name).toLowerCase().includes(words),
  );
  return { model, rows };
}

function objects(x: Exchange): Json {
  const label = x.params.id === undefined ? null : mustFind(labels, x);
  const links = x.world.store.table('labeled-resources');
  const bound = new Set(label === null ? [] : links.where('label', label.id).map((link) => textOf(link.res_id)));
  const { rows } = candidates(x);
  const asked = x.query.get('bound');
  const shown =
    label === null || asked === null ? rows : rows.filter((row) => bound.has(String(row.id)) === (asked === '1'));
  return toPage(x, toSelection(shown), (row) => ({ id: row.id, name: textOf(row.name) }));
}

function bind(x: Exchange): Json {
  const label = mustFind(labels, x);
  const given = objectBody(x).res_ids;
  if (!Array.isArray(given)) throw new ApiError(400, { res_ids: [says.required] });
  const { model } = candidates(x);
  const links = x.world.store.table('labeled-resources');
  const wanted = new Set(listOf(given).map(textOf));
  const type = LABEL_TYPES[model]?.number[x.world.version];
  for (const link of links.where('label', label.id)) {
    if (link.res_type === type && !wanted.delete(textOf(link.res_id))) links.remove(link.id);
  }
  for (const one of wanted) insertLink(x, model, one, label.id);
  return { res_ids: given };
}

const labelFace = (row: Row): { id: Row['id']; display_name: string } => ({
  id: row.id,
  display_name: `${textOf(row.name)}:${textOf(row.value)}`,
});

const resType: Field = {
  ...computed('res_type', 'labeled_choice', (row, look) => {
    const model = modelOf(look.world.version, row.res_type);
    return { value: row.res_type ?? null, label: LABEL_TYPES[model ?? '']?.label ?? '' };
  }),
  column: 'res_type',
  mode: 'rw',
  metaOf: (version) => ({
    choices: Object.values(LABEL_TYPES).map(({ label, number: of }) => ({ value: of[version], label })),
  }),
  parse: (value) => Number(bareValue(value)),
  back: bareValue,
};

/** Which object carries which label: `labels/labeled-resources/`. */
export const labeledResources: Resource = {
  table: 'labeled-resources',
  path: 'labels/labeled-resources',
  projected: false,
  noun: 'LabeledResource',
  model: 'labels.labeledresource',
  scope: 'org',
  fields: [
    id(),
    ref('label', 'labels', { required: true, face: labelFace }),
    resType,
    text('res_id', { required: true, max: 36 }),
    dateCreated(),
    computed('resource', 'string', (row, look) => display(look.world, row), {
      meta: { required: true, read_only: false },
    }),
    dateUpdated(),
  ],
  order: ['res_type', 'date_created'],
  search: [],
  filters: {
    label: uuid('label'),
    label__name: (value, x) => byLabel('name', value, x),
    label__value: (value, x) => byLabel('value', value, x),
    res_type: number('res_type'),
    res_id: exact('res_id'),
  },
};

function byLabel(column: string, value: string, x: Exchange): ReturnType<NonNullable<Resource['filters']>[string]> {
  if (value === '') return null;
  return {
    column: 'label',
    values: new Set(
      x.world.store
        .table('labels')
        .where(column, value)
        .map((label) => label.id),
    ),
  };
}

/** Kinds of objects that can carry labels. */
export const labelRoutes: Route[] = [
  {
    method: 'GET',
    path: '/api/v1/labels/resource-types',
    perm: 'labels.view_label',
    run: (x) =>
      Object.entries(LABEL_TYPES).map(([model, { label, number: of }]) => {
        const [app_label = '', name = ''] = model.split('.');
        return { id: of[x.world.version], name: label, app_label, app_display: app_label, model: name };
      }),
  },
  {
    method: 'GET',
    path: '/api/v1/labels/resource-types/:type/resources',
    perm: 'labels.view_labeledresource',
    run: objects,
  },
];
