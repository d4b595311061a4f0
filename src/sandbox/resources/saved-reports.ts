import { bool, computed, dateCreated, dateUpdated, id, integer, json, text } from '../fields.ts';
import type { Resource } from '../resource.ts';
import { textOf } from '../world.ts';
import { mustFind } from '../writes.ts';

const CATALOG = ['users', 'asset_statistics'];

/** Reports that the server makes, as its document shows them. */
export const savedReports: Resource = {
  table: 'reports',
  path: 'reports/reports',
  noun: 'Report',
  model: 'reports.report',
  scope: 'global',
  projected: false,
  noIds: true,
  methods: 'LCRUD',
  since: '4.10.19',
  order: ['-date_created'],
  search: ['name'],
  filters: {},
  fields: [
    id({ mode: 'ro' }),
    text('name', { required: true, max: 128 }),
    text('tp', { required: true, max: 128 }),
    bool('is_builtin', { mode: 'ro' }),
    bool('is_active', { fill: true }),
    integer('days', { fill: 7 }),
    json('filters', { fill: {} }),
    computed('title', 'string', (row) => textOf(row.name)),
    computed('path', 'string', (row) => `/reports/${textOf(row.tp)}`),
    dateCreated(),
    dateUpdated(),
  ],
  actions: [
    { method: 'GET', path: 'catalog', perm: 'reports.view_report', run: () => CATALOG.map((tp) => ({ tp, name: tp })) },
    {
      method: 'GET',
      path: 'templates',
      perm: 'reports.view_report',
      run: () => [{ name: 'Users', tp: 'users', days: 7 }],
    },
    {
      method: 'GET',
      path: ':id/data',
      perm: 'reports.view_report',
      run: (x) => ({ days: mustFind(savedReports, x).days ?? 7, total: x.world.store.table('users').size }),
    },
  ],
};
