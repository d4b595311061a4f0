import { ApiError, forbidden, says } from '../errors.ts';
import { type Exchange, lookOf } from '../exchange.ts';
import { choice, createdBy, dateCreated, dateUpdated, id, json, orgFields, text, toChoice } from '../fields.ts';
import { exact, uuid } from '../filters.ts';
import { userText } from '../operate-log.ts';
import { refs } from '../related-fields.ts';
import type { Input, Resource } from '../resource.ts';
import { ROLES } from '../rights.ts';
import { fieldsOf, listOf, toAnswer } from '../rows.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { isObject, type Look, ROOT_ORG, type World } from '../world.ts';
import { change, mustFind, readInput, writeAnswer } from '../writes.ts';
import { FLOW_TYPES, level } from './ticket-fields.ts';
import { administrators } from './ticket-steps.ts';

const RULES_39: JsonObject = { level: 1, strategy: 'super_admin' };

const RULES: JsonObject = {
  level: 1,
  users: { type: 'attrs', attrs: [{ name: 'system_roles', match: 'm2m', value: [ROLES.systemAdmin] }] },
};

/** The flow for access to assets, which every server has from its start. */
export function ensureFlow(world: World): Row {
  const flows = world.store.table('ticket-flows');
  const known = flows.where('type', 'apply_asset')[0];
  if (known !== undefined) return known;
  const told = [...world.store.table('tickets').all()].find((ticket) => typeof ticket.flow === 'string')?.flow;
  return flows.insert({
    id: typeof told === 'string' ? told : world.chance.uuid(),
    name: '',
    type: 'apply_asset',
    approval_level: 1,
    org_id: ROOT_ORG,
    rules: [world.version === '3.10.23' ? RULES_39 : RULES],
    cc_users: [],
    date_created: world.now(),
    date_updated: world.now(),
    created_by: 'System',
  });
}

function showRule(rule: Json, look: Look): Json {
  if (!isObject(rule) || look.world.version !== '3.10.23') return rule;
  const assignees = administrators(look.world);
  const strategy = toChoice(rule.strategy, { super_admin: 'Administrators', custom_user: 'Chosen users' });
  return { level: rule.level ?? 1, strategy, assignees_read_only: [], assignees_display: assignees.map(userText) };
}

/** A flow is its organisation's; one of a kind there, or since 4.10.19 one of a name. */
function checkFlow({ x, values, row, faults }: Input): void {
  const isNamed = x.world.version === '4.10.19';
  if (row === null) values.org_id = x.org;
  if (row === null && isNamed) values.type = 'apply_asset';
  const own = x.world.store.table('ticket-flows').where('org_id', x.org);
  const column = isNamed ? 'name' : 'type';
  const wanted = values[column];
  if (wanted !== undefined && own.some((flow) => flow.id !== row?.id && flow[column] === wanted))
    faults[column] = ['Such a flow already exists.'];
  if (values.rules !== undefined) values.rules = checkRules(x, listOf(values.rules), values.approval_level, faults);
}

function checkRules(x: Exchange, rules: readonly Json[], level: Json | undefined, faults: JsonObject): Json {
  const needed = x.world.version === '3.10.23' ? 'strategy' : 'users';
  const wrong = rules.map((rule): Json => (isObject(rule) && needed in rule ? {} : { [needed]: [says.required] }));
  if (wrong.some((fault) => isObject(fault) && needed in fault)) faults.rules = wrong;
  else if (x.world.version === '4.10.19' && level !== undefined && level !== rules.length)
    faults.rules = ['As many rules as steps are needed.'];
  return rules.map((rule, at): Json => ({ ...(isObject(rule) ? rule : {}), level: at + 1 }));
}

/** Flows of an organisation and those that it inherits, for those who ask. */
function flowOptions(x: Exchange): Json {
  ensureFlow(x.world);
  const org = x.query.get('org_id') ?? '';
  const fields = fieldsOf(ticketFlows, x.world.version, 'L').filter(({ name }) => OPTION.has(name));
  const flows = x.world.store.table('ticket-flows').where('type', x.query.get('type') ?? '');
  const rows = flows.filter((flow) => flow.org_id === org || flow.org_id === ROOT_ORG);
  return org === '' ? [] : rows.map((row) => toAnswer(row, fields, lookOf(x, 'L')));
}

const OPTION = new Set(['id', 'name', 'type', 'approval_level', 'cc_users']);

/** An organisation that changes what it has inherited gets one of its own. */
function changeFlow(x: Exchange): Json {
  const row = mustFind(ticketFlows, x);
  const partial = x.method === 'PATCH';
  if (row.org_id !== ROOT_ORG || x.org === ROOT_ORG) return change(ticketFlows, x, partial);
  const input = readInput(ticketFlows, x, x.body ?? {}, row, { partial, bulk: false });
  if (Object.keys(input.faults).length > 0) throw new ApiError(400, input.faults);
  const now = x.world.now();
  const copy = { ...row, ...input.values, id: x.world.chance.uuid(), org_id: x.org, date_created: now };
  return writeAnswer(ticketFlows, x, x.world.store.table('ticket-flows').insert(copy));
}

/** Who decides on which kind of ticket: `tickets/flows/` (api.md §5.14). */
export const ticketFlows: Resource = {
  table: 'ticket-flows',
  path: 'tickets/flows',
  noun: 'TicketFlow',
  model: 'tickets.ticketflow',
  scope: 'global',
  order: ['type'],
  bulkDelete: 'never',
  mini: (version) => (version === '3.10.23' ? 'id' : 'id type name'),
  small: 'id name type approval_level org_id org_name date_created date_updated created_by',
  only: (x) => {
    ensureFlow(x.world);
    return [];
  },
  filters: { id: uuid('id'), name: exact('name'), type: exact('type') },
  check: checkFlow,
  hooks: {
    deleting: (row, x) => {
      if (x.world.version === '4.10.19' && row.org_id === ROOT_ORG && x.org !== ROOT_ORG) throw forbidden();
    },
  },
  actions: [
    { method: 'GET', path: 'options', perm: 'any', since: '4.10.19', run: flowOptions },
    { method: 'PUT PATCH', path: ':id', perm: 'tickets.change_ticketflow', run: changeFlow },
  ],
  fields: [
    id(),
    text('name', { required: true, max: 128, since: '4.10.19' }),
    choice('type', FLOW_TYPES, { required: true, until: '4.10.19' }),
    choice('type', FLOW_TYPES, { mode: 'ro', fill: 'general', since: '4.10.19' }),
    ...level('approval_level', { required: true }),
    ...orgFields(),
    {
      ...json('rules', { required: true, type: 'field', fill: [] }),
      read: (row, look) => listOf(row.rules).map((rule) => showRule(rule, look)),
    },
    refs('cc_users', 'users', { since: '4.10.19' }),
    dateCreated(),
    dateUpdated(),
    createdBy(),
  ],
};
