import { CATEGORIES, CHARSETS, PROTOCOL_NAMES, SU_METHODS, TYPES, TYPES_OF } from '../choices.ts';
import { ApiError, forbidden } from '../errors.ts';
import { type Exchange, lookOf, objectBody } from '../exchange.ts';
import type { Field } from '../field.ts';
import {
  bool,
  choice,
  computed,
  createdBy,
  dateCreated,
  dateUpdated,
  integer,
  json,
  text,
  updatedBy,
} from '../fields.ts';
import { exact, startsWith } from '../filters.ts';
import { labels } from '../labels.ts';
import { relatedRows } from '../related-fields.ts';
import type { Resource } from '../resource.ts';
import type { Route } from '../routes.ts';
import { fieldsOf, listOf, toAnswer } from '../rows.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { idsOf, textOf } from '../world.ts';
import { mustFind } from '../writes.ts';

const protocols: Field = {
  ...json('protocols', { type: 'field', fill: [], meta: { child: { type: 'nested object' } } }),
  read: (row) => listOf(row.protocols),
  parse: (value, look) =>
    listOf(value).map((one, i) => {
      const item = one as JsonObject;
      return {
        id: item.id ?? look.world.store.table('platforms').size * 100 + i,
        name: item.name ?? '',
        port: item.port ?? 0,
        port_from_addr: item.port_from_addr ?? false,
        primary: item.primary ?? i === 0,
        required: item.required ?? false,
        default: item.default ?? false,
        public: item.public ?? true,
        secret_types: item.secret_types ?? ['password'],
        setting: item.setting ?? {},
      };
    }),
};

/** Automation kinds of a platform. */
const AUTOMATION_KINDS = [
  'ping',
  'gather_facts',
  'push_account',
  'change_secret',
  'verify_account',
  'gather_accounts',
  'remove_account',
];

const noAutomation = (id: Json): JsonObject => ({
  id,
  ansible_enabled: false,
  ansible_config: {},
  ...Object.fromEntries(
    AUTOMATION_KINDS.flatMap((kind) => [
      [`${kind}_enabled`, false],
      [`${kind}_method`, null],
      [`${kind}_params`, {}],
    ]),
  ),
});

const automation: Field = {
  ...json('automation', { type: 'nested object' }),
  read: (row) => (row.automation ?? noAutomation(row.id)) as JsonObject,
};

function refuseInternal(row: Row | null): void {
  if (row?.internal === true) throw forbidden();
}

/** Kinds of assets: `assets/platforms/`, with integer ids, whole-system (api.md §5.4). */
export const platforms: Resource = {
  table: 'platforms',
  path: 'assets/platforms',
  noun: 'Platform',
  title: 'Asset Platform',
  model: 'assets.platform',
  scope: 'global',
  key: 'int',
  uncut: true,
  projected: '4.9.0',
  fields: [
    integer('id'),
    text('name', { required: true, max: 50, type: 'slug' }),
    choice('category', CATEGORIES, { required: true }),
    choice('type', TYPES, { required: true }),
    choice('charset', CHARSETS, { fill: 'utf-8' }),
    computed(
      'assets',
      'm2m_related_field',
      (row, look) => {
        const ids = look.world.store
          .table('assets')
          .where('platform', row.id)
          .map((asset) => asset.id);
        return relatedRows(look, 'assets', ids).map((asset) => ({ id: asset.id, name: asset.name ?? '' }));
      },
      { at: 'DW', since: '4.9.0' },
    ),
    computed(
      'assets_amount',
      'integer',
      (row, look) => look.world.store.table('assets').where('platform', row.id).length,
      { since: '4.9.0' },
    ),
    protocols,
    choice('su_method', SU_METHODS, { nullable: true }),
    automation,
    json('custom_fields', { type: 'field', fill: [], meta: { child: { type: 'nested object' } } }),
    labels('assets.platform'),
    bool('internal', { mode: 'ro' }),
    bool('gateway_enabled', { fill: true, since: '4.10.16' }),
    { ...bool('domain_enabled', { column: 'gateway_enabled', fill: true }), until: '4.10.16' },
    bool('su_enabled'),
    bool('ds_enabled', { since: '4.9.0' }),
    bool('has_package', { mode: 'ro', since: '4.10.19' }),
    dateCreated(),
    dateUpdated(),
    text('comment'),
    createdBy({ nullable: true }),
    updatedBy({ nullable: true }),
  ],
  mini: 'id name internal',
  small: 'charset type id name category internal',
  order: ['name'],
  sortable: ['id'],
  search: ['name'],
  unique: [['name']],
  bulkDelete: 'global',
  methods: 'LCRUD',
  filters: {
    name: exact('name'),
    category: exact('category'),
    type: exact('type'),
    name__startswith: startsWith('name'),
  },
  shape: (fields, x, view) => {
    const size = x.query.get('fields_size');
    return x.world.version === '3.10.23' && view === 'L' && size !== null
      ? fields.filter(({ name }) => size !== '' || name !== '')
      : fields;
  },
  check: ({ row, values }) => {
    refuseInternal(row);
    values.internal = row?.internal ?? false;
  },
  hooks: {
    created: (row, { x }) => {
      if (row.automation === undefined || row.automation === null) {
        x.world.store.table('platforms').update(row.id, { automation: noAutomation(row.id) });
      }
    },
    deleting: (row, x) => {
      refuseInternal(row);
      if (x.world.store.table('assets').where('platform', row.id).length > 0) {
        throw new ApiError(400, { detail: 'Assets use this platform.', code: 'referenced_by_others' });
      }
    },
  },
  actions: [
    {
      method: 'POST',
      path: 'filter-nodes-assets',
      perm: 'assets.view_platform',
      run: (x) => pick(x),
    },
    {
      method: 'GET',
      path: ':id/assets',
      perm: 'assets.view_asset',
      run: (x) => {
        const row = mustFind(platforms, x);
        return x.world.store
          .table('assets')
          .where('platform', row.id)
          .map((asset) => ({ id: asset.id, name: asset.name ?? '' }));
      },
    },
  ],
};

function pick(x: Exchange): Json {
  const body = objectBody(x);
  const table = x.world.store.table('assets');
  const ids = new Set<Json>(idsOf(body.platform_ids));
  for (const asset of idsOf(body.asset_ids)) ids.add(table.get(asset)?.platform ?? null);
  for (const node of idsOf(body.node_ids))
    for (const asset of table.where('nodes', node)) ids.add(asset.platform ?? null);
  const fields = fieldsOf(platforms, x.world.version, 'L');
  return [...ids]
    .flatMap((key) => x.world.store.table('platforms').where('id', key))
    .map((row) => toAnswer(row, fields, lookOf(x, 'L')));
}

function constraintsOf(x: Exchange, category: string, type: string): JsonObject {
  const sample = x.world.store
    .table('platforms')
    .where('type', type)
    .find((row) => row.category === category);
  const kinds = (sample?.automation ?? {}) as JsonObject;
  return {
    charset_enabled: true,
    charset: 'utf-8',
    [x.world.facts.domains ? 'domain_enabled' : 'gateway_enabled']: sample?.gateway_enabled ?? true,
    su_enabled: sample?.su_enabled ?? false,
    ...(x.world.version === '3.10.23' ? {} : { ds_enabled: category === 'host' }),
    su_methods: sample?.su_enabled === true ? ['sudo', 'su', 'only_sudo', 'only_su'] : [],
    protocols: listOf(sample?.protocols).map((one) => {
      const { name = '', port = 0, secret_types = [], setting = {}, default: preset = false } = one as JsonObject;
      return { name, port, secret_types, setting, default: preset };
    }),
    automation: { ansible_enabled: kinds.ansible_enabled ?? false, ansible_config: kinds.ansible_config ?? {} },
  };
}

function typesOf(x: Exchange, category: string): JsonObject[] {
  return (TYPES_OF[category] ?? []).map((type) => ({
    label: TYPES[type] ?? type,
    value: type,
    category,
    constraints: constraintsOf(x, category, type),
  }));
}

const shownCategories = (x: Exchange): string[] =>
  Object.keys(CATEGORIES).filter((name) => name !== 'ds' || x.world.version !== '3.10.23');

/** Categories, types and protocols, which follow no list convention. */
export const platformRoutes: Route[] = [
  {
    method: 'GET',
    path: '/api/v1/assets/categories',
    perm: 'any',
    run: (x) =>
      shownCategories(x).map((value) => ({ label: CATEGORIES[value] ?? value, value, types: typesOf(x, value) })),
  },
  {
    method: 'GET',
    path: '/api/v1/assets/platform-automation-methods',
    perm: 'any',
    run: () => METHODS,
  },
  {
    method: 'GET',
    path: '/api/v1/assets/categories/types',
    perm: 'any',
    run: (x) => shownCategories(x).flatMap((value) => typesOf(x, value)),
  },
  {
    method: 'GET',
    path: '/api/v1/assets/categories/constraints',
    perm: 'any',
    run: (x) => constraintsOf(x, textOf(x.query.get('category')), textOf(x.query.get('type'))),
  },
];

/** Ways of automation by name, with the defaults of the parameters that they take. */
const METHODS: JsonObject = {
  ping_by_ssh: null,
  change_secret_posix: { modify_sudo: false, sudo: '', shell: '/bin/bash' },
};

/** Known protocols: `assets/protocols/`. */
export const protocolList: Resource = {
  table: 'protocols',
  path: 'assets/protocols',
  noun: 'Protocol',
  title: 'Protocol List Api',
  model: 'assets.platform',
  scope: 'global',
  fields: [text('label'), text('value')],
  order: ['id'],
  methods: 'L',
  perms: { view: 'any' },
};

/** Rows of the known protocols. */
export const protocolRows: Row[] = Object.entries(PROTOCOL_NAMES).map(([value, label], i) => ({ id: i, value, label }));
