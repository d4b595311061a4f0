import { forbidden } from '../errors.ts';
import { lookOf } from '../exchange.ts';
import type { Field } from '../field.ts';
import { bool, createdBy, dateCreated, dateUpdated, id, integer, text, texts } from '../fields.ts';
import { exact } from '../filters.ts';
import { ref } from '../related-fields.ts';
import type { Resource } from '../resource.ts';
import { fieldsOf, toAnswer } from '../rows.ts';
import type { Row } from '../types.ts';

const port = (
  name: string,
  fill: number,
  span: { since?: '4.9.0' | '4.10.16' | '4.10.19'; until?: '4.10.19' } = {},
): Field => integer(name, { fill, min: 0, max: 65_535, ...span });

/** The one that is always there, and on. */
const isDefault = (row: Row | null): boolean => String(row?.id).endsWith('-000000000001');

/** Addresses through which clients connect. */
export const endpoints: Resource = {
  table: 'endpoints',
  path: 'terminal/endpoints',
  noun: 'Endpoint',
  model: 'terminal.endpoint',
  scope: 'global',
  projected: false,
  bulkDelete: 'global',
  fields: [
    id(),
    text('name', { required: true, max: 128 }),
    text('host', { max: 256 }),
    port('https_port', 443),
    port('http_port', 80),
    port('ssh_port', 2222),
    port('rdp_port', 3389),
    port('magnus_port', 0, { since: '4.10.19' }),
    port('mysql_port', 33_061, { until: '4.10.19' }),
    port('mariadb_port', 33_062, { until: '4.10.19' }),
    port('postgresql_port', 54_320, { until: '4.10.19' }),
    port('redis_port', 63_790, { until: '4.10.19' }),
    port('vnc_port', 15_900, { since: '4.9.0' }),
    port('oracle_port', 15_210, { until: '4.10.19' }),
    port('sqlserver_port', 14_330, { until: '4.10.19' }),
    port('mongodb_port', 27_018, { since: '4.10.16', until: '4.10.19' }),
    { ...text('oracle_port_range', { mode: 'ro', fill: '30000-30100' }), until: '4.9.0' },
    bool('is_active', { fill: true, since: '4.9.0' }),
    text('comment'),
    dateCreated(),
    dateUpdated(),
    createdBy({ mode: 'rw', max: 128 }),
  ],
  order: ['name'],
  search: ['name', 'host'],
  unique: [['name']],
  check: ({ values, row }) => {
    if (isDefault(row) && values.is_active === false) values.is_active = true;
  },
  filters: { name: exact('name'), host: exact('host') },
  hooks: {
    deleting: (row) => {
      if (isDefault(row)) throw forbidden();
    },
  },
  actions: [
    {
      method: 'GET',
      path: 'smart',
      perm: 'any',
      run: (x) => {
        const row = [...x.world.store.table('endpoints').all()][0];
        return row === undefined ? {} : toAnswer(row, fieldsOf(endpoints, x.world.version, 'D'), lookOf(x, 'D'));
      },
    },
  ],
};

/** Which addresses use which endpoint. */
export const endpointRules: Resource = {
  table: 'endpoint-rules',
  path: 'terminal/endpoint-rules',
  noun: 'EndpointRule',
  model: 'terminal.endpointrule',
  scope: 'global',
  projected: false,
  bulkDelete: 'global',
  fields: [
    id(),
    text('name', { required: true, max: 128 }),
    texts('ip_group', { type: 'list', fill: ['*'] }),
    integer('priority', { fill: 50, min: 1, max: 100 }),
    ref('endpoint', 'endpoints', { nullable: true }),
    text('comment'),
    dateCreated(),
    dateUpdated(),
    createdBy({ mode: 'rw', max: 128 }),
    bool('is_active', { fill: true }),
  ],
  order: ['priority', 'name'],
  search: ['name'],
  unique: [['name'], ['priority']],
  filters: { name: exact('name') },
};
