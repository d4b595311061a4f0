import { choice, createdBy, dateCreated, dateUpdated, id, json, orgFields, text, toChoice } from '../fields.ts';
import { exact, uuid } from '../filters.ts';
import { userText } from '../operate-log.ts';
import { refs } from '../related-fields.ts';
import type { Resource } from '../resource.ts';
import { ROLES } from '../rights.ts';
import { listOf } from '../rows.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { type Look, ROOT_ORG, type World } from '../world.ts';
import { FLOW_TYPES, level } from './ticket-fields.ts';
import { administrators, isObject } from './ticket-steps.ts';

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
