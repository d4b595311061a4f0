/** Repairs of what a list can be asked: the query parameters that the document hides. */
import { answerOf, type Document, operationsOf, type Parameter, rowsIn, type Schema } from '../contract-document.ts';
import { fieldsOf, isCollection, type Repair, type RepairContext, seen } from './context.ts';

const query = (name: string, schema: Schema): Parameter => ({ name, in: 'query', schema });
const text = (name: string): Parameter => query(name, { type: 'string' });
const integer = (name: string): Parameter => query(name, { type: 'integer' });

/** Values that JumpServer wants as one comma list. */
const commaList = (name: string): Parameter => ({
  ...query(name, { type: 'array', items: { type: 'string' } }),
  style: 'form',
  explode: false,
});

/** Lists of their own making that know no `ids` (api.md §3.5). */
const withoutIds =
  /^\/(assets\/(favorite-assets|my-asset|categories|protocols|nodes\/children)\/|accounts\/[a-z-]+-executions\/|tickets\/comments\/|rbac\/content-types\/|terminal\/(applet|virtual-app)-publications\/|terminal\/applet-host-deployments\/)/;

/** Lists whose rows always come whole (api.md §3.3). */
const withoutFields =
  /^\/(rbac\/|orgs\/|terminal\/(terminals|endpoints|endpoint-rules|command-storages|replay-storages|commands)\/|audits\/(login|my-login|ftp|password-change)-logs\/|audits\/user-sessions\/|perms\/asset-permissions-|assets\/favorite-assets\/|labels\/labeled-resources\/)/;

/** Asset lists: all and by category, gateways too (api.md §5.3). */
const assetList = /^\/assets\/(assets|hosts|devices|databases|webs|clouds|gpts|directories|customs|gateways)\/$/;

/** Lists that obey `attr_rules` (api.md §3.4). */
const withRules = (path: string): boolean =>
  assetList.test(path) || path === '/users/users/' || path === '/accounts/accounts/';

/** Lists that can be cut to a time range (api.md §3.2). */
const withRange =
  /^\/(terminal\/(sessions|commands)|audits\/(login|my-login|operate|ftp|password-change|job|service-access)-logs)\/$/;

const rangeParameters = [text('date_from'), text('date_to')];
const rowParameters = [
  commaList('fields'),
  commaList('fields!'),
  query('fields_size', { type: 'string', enum: ['mini', 'small'] }),
];
const assetParameters = [text('node'), text('node_id'), text('all'), text('show_current_asset'), commaList('ips')];
const keyParameters = [commaList('ids'), commaList('id!'), text('spm')];
const commonParameters = [
  integer('limit'),
  integer('offset'),
  text('order'),
  text('search'),
  text('oid'),
  query('format', { type: 'string', enum: ['json'] }),
];

const relation = (left: string, right: string): Parameter[] => [text(left), text(right)];

/** Parameters of single operations, read from the source and seen in recordings. */
const ownParameters: Record<string, Parameter[]> = {
  'GET /perms/asset-permissions/': [text('all')],
  'GET /users/users-groups-relations/': relation('user', 'usergroup'),
  'DELETE /users/users-groups-relations/': relation('user', 'usergroup'),
  'DELETE /perms/asset-permissions-users-relations/': relation('assetpermission', 'user'),
  'DELETE /perms/asset-permissions-user-groups-relations/': relation('assetpermission', 'usergroup'),
  'DELETE /perms/asset-permissions-assets-relations/': relation('assetpermission', 'asset'),
  'DELETE /perms/asset-permissions-nodes-relations/': relation('assetpermission', 'node'),
  'DELETE /assets/favorite-assets/': [text('asset')],
  'GET /terminal/commands/': [text('command_storage_id'), text('session_id')],
  'GET /audits/activities/': [text('resource_id')],
  'GET /tickets/comments/': [text('ticket_id')],
  'GET /labels/labeled-resources/': ['label', 'label__name', 'label__value', 'res_type', 'res_id'].map(text),
  'GET /assets/nodes/children/': [text('key'), text('id'), text('all')],
  'GET /assets/nodes/children/tree/': ['key', 'id', 'all', 'assets', 'asset_amount', 'search'].map(text),
  'GET /assets/nodes/{id}/assets/': [text('all')],
  'POST /rbac/system-roles/': [text('clone_from')],
  'POST /rbac/org-roles/': [text('clone_from')],
  'GET /index/': [
    integer('days'),
    ...[
      'all',
      'total_count',
      'total_count_users',
      'total_count_assets',
      'total_count_users_this_week',
      'total_count_assets_this_week',
      'total_count_login_users',
      'total_count_today_active_assets',
      'total_count_online_users',
      'total_count_online_sessions',
      'total_count_today_failed_sessions',
      'total_count_user_login_logs',
      'total_count_user_login_success_logs',
      'total_count_operate_logs',
      'total_count_change_password_logs',
      'total_count_commands',
      'total_count_commands_danger',
      'total_count_history_sessions',
      'total_count_ftp_logs',
      'total_count_job_logs',
      'total_count_job_logs_running',
      'total_count_job_logs_failed',
      'total_count_type_to_assets_amount',
      'dates_metrics',
      'session_dates_metrics',
      'dates_login_times_top10_assets',
      'dates_login_times_top10_users',
      'dates_login_record_top10_sessions',
    ].map(integer),
  ],
};

/** `user_id__in`, which 4.10.19 and later obey (api.md §3.2). */
const lookupParameters = (context: RepairContext, path: string): Parameter[] =>
  Object.entries(seen(context, path)?.filters ?? {}).flatMap(([name, { kind, lookups }]) => [
    query(name, kind === 'boolean' ? { type: 'boolean' } : { type: 'string' }),
    ...lookups.map((lookup) => (lookup === 'in' ? commaList(`${name}__in`) : text(`${name}__${lookup}`))),
  ]);

const hasLabels = (context: RepairContext, path: string): boolean => fieldsOf(context, path)?.labels !== undefined;

const listParameters = (context: RepairContext, path: string): Parameter[] => [
  ...commonParameters,
  ...(withoutIds.test(path) ? [] : keyParameters),
  ...(withoutFields.test(path) ? [] : rowParameters),
  ...(hasLabels(context, path) ? [commaList('labels')] : []),
  ...(withRules(path) ? [text('attr_rules')] : []),
  ...(assetList.test(path) ? assetParameters : []),
  ...(withRange.test(path) ? rangeParameters : []),
  ...lookupParameters(context, path),
];

const isPagedList = (document: Document, answer: Schema | undefined): boolean =>
  rowsIn(document, answer)?.envelopes.includes('page') === true;

const addHidden = (document: Document, context: RepairContext): number => {
  let changes = 0;
  for (const { method, path, operation } of operationsOf(document)) {
    const isList = method === 'get' && isCollection(path) && isPagedList(document, answerOf(operation));
    const hidden = [
      ...(ownParameters[`${method.toUpperCase()} ${path}`] ?? []),
      ...(isList ? listParameters(context, path) : []),
    ];
    for (const parameter of hidden) {
      operation.parameters ??= [];
      if (operation.parameters.some(({ name }) => name === parameter.name)) continue;
      operation.parameters.push(structuredClone(parameter));
      changes += 1;
    }
  }
  return changes;
};

const dropRepeated = (document: Document): number => {
  let changes = 0;
  for (const { operation } of operationsOf(document)) {
    for (const parameter of operation.parameters ?? []) {
      const values = parameter.schema?.enum;
      if (parameter.schema === undefined || values === undefined || new Set(values).size === values.length) continue;
      parameter.schema.enum = [...new Set(values)].sort();
      changes += 1;
    }
  }
  return changes;
};

/** What a list can be asked. */
export const parameterRepairs: readonly Repair[] = [
  {
    name: 'hidden-parameters',
    reason: 'the document knows the filters of a list, but not what every list takes, nor what some take besides',
    proof: 'api.md §3.2, §6; "users by ids", "users projected"',
    apply: addHidden,
  },
  {
    name: 'repeated-enum-values',
    reason: 'the values of a filter stand twice where two categories share a type',
    proof: 'api.md §6',
    apply: dropRepeated,
  },
];
