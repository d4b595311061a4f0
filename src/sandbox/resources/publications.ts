import { TERMINAL_LOADS } from '../choices.ts';
import { ApiError } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import type { Field } from '../field.ts';
import { bool, type Choices, choice, dateCreated, dateUpdated, id, moment, text } from '../fields.ts';
import { exact, uuid } from '../filters.ts';
import { toPage } from '../lists.ts';
import { bareRef, type Face, ref } from '../related-fields.ts';
import { type Answer, type Filter, type Resource, reply } from '../resource.ts';
import { listOf } from '../rows.ts';
import type { Json, JsonObject } from '../types.ts';
import { textOf } from '../world.ts';
import { mustFind, readInput } from '../writes.ts';

const PUBLISHED: Choices = { pending: 'Pending', success: 'Success', failed: 'Failed', mismatch: 'Mismatch' };

/** What all of these have: no organisation, no projection, no `ids`. */
const plain = {
  scope: 'global',
  projected: false,
  noIds: true,
  bulkDelete: 'global',
  methods: 'LCRUD',
  order: ['-date_created'],
  search: [],
} as const;

/** Rows whose reference leads to a row with this name. */
const byName =
  (column: string, table: string): Filter =>
  (value, x) =>
    value === ''
      ? null
      : {
          column,
          values: new Set(
            x.world.store
              .table(table)
              .where('name', value)
              .map((row) => row.id),
          ),
        };

/** One thing published on another, once. */
function publication(own: Pick<Resource, 'table' | 'path' | 'noun' | 'model'>, what: Field, where: Field): Resource {
  return {
    ...plain,
    ...own,
    fields: [
      id(),
      what,
      where,
      choice('status', PUBLISHED, { fill: 'pending' }),
      text('comment'),
      dateCreated(),
      dateUpdated(),
    ],
    unique: [[what.name, where.name]],
    clash: (group) => ({ non_field_errors: [`The fields ${group.join(', ')} must make a unique set.`] }),
    filters: {
      id: uuid('id'),
      status: exact('status'),
      [what.name]: uuid(what.name),
      [where.name]: uuid(where.name),
      app__name: byName('app', 'virtual-apps'),
      provider__name: byName('provider', 'app-providers'),
    },
  };
}

const RUN: Choices = { pending: 'Pending', running: 'Running', success: 'Success', failed: 'Failed' };
const DEPLOY = 'terminal.tasks.run_applet_host_deployment';

/** A task of its own for each set-up, or one for those of many hosts. */
function noteDeployments(x: Exchange, hosts: readonly Json[], task: string, name: string): void {
  x.world.store
    .table('task-executions')
    .insert({ id: task, name, args: [...hosts], kwargs: {}, date_published: x.world.now() });
  for (const host of hosts) {
    const dates = { date_created: x.world.now(), date_updated: x.world.now(), date_start: x.world.now() };
    const row = { id: hosts.length === 1 ? task : x.world.chance.uuid(), host, status: 'pending', task, comment: '' };
    x.world.store.table('applet-host-deployments').insert({ ...row, ...dates });
  }
}

/** Sets off a task on the hosts that are there; those that are not are left out without a word. */
const onHosts =
  (name: string) =>
  (x: Exchange): Answer => {
    const { hosts } = x.body as JsonObject;
    const known = listOf(hosts).filter((host) => x.world.store.table('assets').get(textOf(host)) !== undefined);
    if (known.length === 0) return reply(404);
    const task = x.world.chance.uuid();
    noteDeployments(x, known, task, name);
    return reply(201, { task });
  };

const deployments: Resource = {
  ...plain,
  table: 'applet-host-deployments',
  path: 'terminal/applet-host-deployments',
  noun: 'AppletHostDeployment',
  model: 'terminal.applethostdeployment',
  order: ['-date_start'],
  fields: [
    id(),
    bareRef('host', 'assets', { required: true }),
    choice('status', RUN, { fill: 'pending' }),
    text('task', { nullable: true }),
    text('comment'),
    dateCreated(),
    dateUpdated(),
    moment('date_start', { mode: 'ro', fill: (look) => look.world.now() }),
    moment('date_finished', { mode: 'ro' }),
    { ...bool('install_applets', { mode: 'wo' }), column: null },
  ],
  filters: { host: uuid('host') },
  actions: [
    {
      method: 'POST',
      path: 'applets',
      perm: 'terminal.view_applethostdeployment',
      run: onHosts(`${DEPLOY}_install_applet`),
    },
    {
      method: 'POST',
      path: 'uninstall',
      perm: 'terminal.change_applethost',
      run: onHosts(`${DEPLOY}_uninstall_applet`),
    },
    {
      method: 'POST',
      path: '',
      perm: 'terminal.add_applethostdeployment',
      run: (x) => {
        const input = readInput(deployments, x, x.body ?? {}, null, { partial: false, bulk: false });
        if (Object.keys(input.faults).length > 0) throw new ApiError(400, input.faults);
        const task = x.world.chance.uuid();
        noteDeployments(x, [input.values.host ?? null], task, DEPLOY);
        x.world.store.table('applet-host-deployments').update(task, { comment: input.values.comment ?? '' });
        return reply(201, { task });
      },
    },
  ],
};

/** Servers of virtual applications; only their own component registers one. */
const providers: Resource = {
  ...plain,
  table: 'app-providers',
  path: 'terminal/app-providers',
  noun: 'AppProvider',
  model: 'terminal.appprovider',
  methods: 'LRUDB',
  noIds: false,
  order: ['name'],
  search: ['name', 'hostname'],
  fields: [
    id(),
    text('name', { required: true, max: 128 }),
    text('hostname', { required: true, max: 128 }),
    choice('load', TERMINAL_LOADS, { mode: 'ro', fill: 'offline' }),
    bareRef('terminal', 'terminals', { nullable: true }),
    dateCreated(),
    dateUpdated(),
  ],
  filters: { id: uuid('id'), name: exact('name'), hostname: exact('hostname') },
  actions: [
    {
      method: 'GET',
      path: ':id/containers',
      perm: 'terminal.view_appprovider',
      run: (x) => {
        const rows = listOf(mustFind(providers, x).containers);
        return toPage(x, { length: rows.length, slice: (from, to) => rows.slice(from, to) }, (row) => row);
      },
    },
  ],
};

const appletFace: Face = (row) => ({
  id: row.id,
  name: textOf(row.name),
  display_name: textOf(row.display_name),
  icon: null,
  version: textOf(row.version),
});

/** What was published where, and the servers for it. */
export const publications: readonly Resource[] = [
  publication(
    {
      table: 'applet-publications',
      path: 'terminal/applet-publications',
      noun: 'AppletPublication',
      model: 'terminal.appletpublication',
    },
    ref('applet', 'applets', { required: true, face: appletFace }),
    ref('host', 'assets', { required: true }),
  ),
  deployments,
  providers,
  publication(
    {
      table: 'virtual-app-publications',
      path: 'terminal/virtual-app-publications',
      noun: 'VirtualAppPublication',
      model: 'terminal.virtualapppublication',
    },
    ref('app', 'virtual-apps', { required: true }),
    ref('provider', 'app-providers', { required: true }),
  ),
];
