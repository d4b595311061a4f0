import { notFound } from '../errors.ts';
import { type Exchange, param } from '../exchange.ts';
import { toPage } from '../lists.ts';
import { type Route, route } from '../routes.ts';
import { toServerTime } from '../time.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { textOf } from '../world.ts';

/** Ways to connect, by protocol (api.md §5.11). */
const METHODS: Record<string, readonly [string, string, string][]> = {
  ssh: [
    ['web_cli', 'Web terminal', 'web'],
    ['ssh_client', 'SSH client', 'native'],
    ['ssh_guide', 'SSH by hand', 'native'],
  ],
  rdp: [
    ['web_gui', 'Web desktop', 'web'],
    ['mstsc', 'Remote desktop', 'native'],
  ],
  sftp: [['web_sftp', 'Web files', 'web']],
  mysql: [['db_client', 'Database client', 'native']],
  http: [['web_gui', 'Web desktop', 'web']],
};

const methodsOf = (protocol: string): JsonObject[] =>
  (METHODS[protocol] ?? []).map(([value, label, type]) => ({
    value,
    label,
    type,
    endpoint_protocol: protocol,
    component: 'koko',
    disabled: false,
  }));

function connectMethods(x: Exchange): Json {
  const names = Object.keys(METHODS);
  if (x.query.get('flat') !== '1') return Object.fromEntries(names.map((name) => [name, methodsOf(name)]));
  const flat = new Map(names.flatMap(methodsOf).map((method) => [textOf(method.value), method]));
  return [...flat.values()];
}

/** How many components of each kind live, and how busy they are. */
function metrics(x: Exchange): Json {
  const byType = new Map<string, Row[]>();
  for (const row of x.world.store.table('terminals').all()) {
    const type = textOf(row.type);
    byType.set(type, [...(byType.get(type) ?? []), row]);
  }
  return [...byType].map(([type, rows]) => {
    const load = (name: string): number => rows.filter((row) => row.load === name).length;
    return {
      type,
      total: rows.length,
      normal: load('normal'),
      high: load('high'),
      critical: load('critical'),
      offline: load('offline'),
      session_active: x.world.store.table('sessions').where('is_finished', false).length,
    };
  });
}

/** A piece of a task's log after `mark`; whole at once, since nothing runs. */
function taskLog(x: Exchange): Json {
  const row = x.world.store.table('task-executions').get(param(x, 'id'));
  if (row === undefined) throw notFound('CeleryTaskExecution');
  const text = `${toServerTime(Number(row.date_published), x.zone)} ${textOf(row.name)}\r\nDone.\r\n`;
  const isSeen = (x.query.get('mark') ?? '') !== '';
  return { data: isSeen ? '' : text, end: true, mark: textOf(x.query.get('mark')) || String(row.id).slice(0, 8) };
}

function taskResult(x: Exchange): Json {
  const row = x.world.store.table('task-executions').get(param(x, 'id'));
  if (row === undefined) throw notFound('CeleryTaskExecution');
  return { id: row.id, state: 'SUCCESS', result: null };
}

/** Assets and nodes that may be asked for in a ticket: those of the organisation named in the query. */
function pick(x: Exchange, table: string, columns: readonly string[]): Json {
  const org = x.query.get('oid') ?? x.org;
  const words = (x.query.get('search') ?? '').toLowerCase();
  const rows = x.world.store.table(table).where('org_id', org);
  const found = rows.filter((row) => columns.some((column) => textOf(row[column]).toLowerCase().includes(words)));
  const page = found.slice(0, Number(x.query.get('limit') ?? 200));
  const results = page.map((row) => ({
    id: row.id,
    name: textOf(row.name ?? row.value),
    ...(table === 'assets' ? { address: textOf(row.address) } : { full_value: textOf(row.full_value) }),
  }));
  return x.query.has('limit') ? { count: found.length, next: null, previous: null, results } : results;
}

/** Users of a directory, a thousand and a few, of whom the first is here too. */
function ldapUsers(x: Exchange): Json {
  const words = (x.query.get('search') ?? '').toLowerCase();
  const names = Array.from({ length: 1005 }, (_, at) => (at === 0 ? 'admin' : `person${at}`));
  const rows = names
    .filter((name) => name.includes(words))
    .map(
      (name): JsonObject => ({
        id: `cn=${name}`,
        username: name,
        name,
        email: `${name}@corp.example`,
        groups: [],
        existing: x.world.store.table('users').where('username', name).length > 0,
        status: null,
      }),
    );
  return toPage(x, { length: rows.length, slice: (from, to) => rows.slice(from, to) }, (row) => row);
}

/** Components, task logs and pickers, which follow no list convention. */
export const componentRoutes: Route[] = [
  route('GET', 'terminal/components/connect-methods', 'any', connectMethods),
  route('GET', 'terminal/components/metrics', 'terminal.view_terminal', metrics),
  route('GET', 'ops/celery/task/:name/task-execution/:id/log', 'any', taskLog),
  route('GET', 'ops/celery/task/:name/task-execution/:id/result', 'any', taskResult),
  route('GET', 'ops/ansible/job-execution/:id/log', 'any', taskLog),
  route('GET', 'tickets/apply-assets', 'any', (x) => pick(x, 'assets', ['name', 'address'])),
  route('GET', 'tickets/apply-nodes', 'any', (x) => pick(x, 'nodes', ['full_value'])),
  route('GET', 'settings/client/versions', 'any', () => ['4.0.0', '4.1.0']),
  route('GET', 'settings/i18n/:name', 'open', (x) => ({ [param(x, 'name')]: { Yes: 'Yes' } })),
  route('GET', 'settings/sms/backend', 'any', () => [{ name: 'alibaba', label: 'Alibaba' }]),
  route('GET', 'settings/ldap/users', 'settings.change_auth', ldapUsers),
  route('GET', 'settings/security/block-ip', 'settings.change_security|settings.change_setting', () => []),
  route('GET', 'notifications/backends', 'any', () => [
    { name: 'email', name_display: 'E-mail' },
    { name: 'site_msg', name_display: 'Site message' },
  ]),
];
