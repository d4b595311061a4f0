import { caller, type Exchange } from '../exchange.ts';
import { exact, iexact, uuid } from '../filters.ts';
import { userText } from '../operate-log.ts';
import type { Condition, Filter, Resource } from '../resource.ts';
import { isObject, orgName, rowOf } from '../world.ts';
import { approve, approvePlainly, bulk, close, open, reject, unwritable } from './ticket-actions.ts';
import { ticketComments } from './ticket-comments.ts';
import { applyFields, ticketFields } from './ticket-fields.ts';
import { ensureFlow, ticketFlows } from './ticket-flows.ts';
import { assigneesOf, isMine } from './ticket-steps.ts';

/** Tickets that the caller opened or may handle, of whatever organisation (api.md §5.14). */
const related = (x: Exchange): Condition[] => {
  const user = caller(x).id;
  ensureFlow(x.world);
  return [(ticket) => isMine(ticket, user)];
};

const filters: Readonly<Record<string, Filter>> = {
  id: uuid('id'),
  title: iexact('title'),
  serial_num: exact('serial_num'),
  type: exact('type'),
  state: (value) => (value === '' || value === 'all' ? null : { column: 'state', values: new Set([value]) }),
  status: exact('status'),
  applicant: uuid('applicant'),
  org_id: exact('org_id'),
  assignees__id: (value) => (value === '' ? null : (ticket) => assigneesOf(ticket).includes(value)),
  applicant_username_name: applicantFilter(),
  org_name: orgFilter(),
  relevant_asset: snapshotFilter('apply_assets'),
  relevant_command: snapshotFilter('apply_run_command'),
};

const shared = {
  table: 'tickets',
  scope: 'global',
  perms: { view: 'any', add: 'any', change: 'any', delete: 'any' },
  methods: 'LCRUD',
  order: ['-date_created'],
  search: ['title', 'comment', 'serial_num'],
  mini: 'id title',
  small: 'id title org_id comment flow',
  only: related,
  filters,
  slug: 'title',
} as const;

const APPLY: Resource = {
  ...shared,
  path: 'tickets/apply-asset-tickets',
  noun: 'ApplyAssetTicket',
  model: 'tickets.applyassetticket',
  only: (x) => [...related(x), { column: 'type', values: new Set(['apply_asset']) }],
  fields: applyFields,
  actions: [open, bulk, approve, reject, close, ...unwritable],
};

const typed = (kind: string, noun: string): Resource => ({
  ...shared,
  path: `tickets/apply-${kind}-tickets`,
  noun,
  model: `tickets.${noun.toLowerCase()}`,
  only: (x) => [...related(x), { column: 'type', values: new Set([typeOf(kind)]) }],
  fields: ticketFields,
  actions: [approvePlainly, reject, close, ...unwritable],
});

function typeOf(kind: string): string {
  return kind === 'login-asset' ? 'login_asset_confirm' : `${kind}_confirm`;
}

/** Tickets, the flows that decide who handles them, and what is said about them (api.md §5.14). */
export const tickets: readonly Resource[] = [
  {
    ...shared,
    path: 'tickets/tickets',
    noun: 'Ticket',
    model: 'tickets.ticket',
    fields: ticketFields,
    actions: [reject, close, ...unwritable],
  },
  APPLY,
  typed('login', 'ApplyLoginTicket'),
  typed('command', 'ApplyCommandTicket'),
  typed('login-asset', 'ApplyLoginAssetTicket'),
  ticketFlows,
  ticketComments,
];

function applicantFilter(): Filter {
  return (value, x) => {
    if (value === '') return null;
    const wanted = value.toLowerCase();
    return (ticket) => {
      const user = rowOf(x.world, 'users', ticket.applicant);
      return user !== undefined && userText(user).toLowerCase().includes(wanted);
    };
  };
}

function orgFilter(): Filter {
  return (value, x) =>
    value === '' ? null : (ticket) => orgName(x.world, ticket.org_id).toLowerCase().includes(value.toLowerCase());
}

function snapshotFilter(name: string): Filter {
  return (value) =>
    value === ''
      ? null
      : (ticket) => isObject(ticket.rel_snapshot) && JSON.stringify(ticket.rel_snapshot[name] ?? '').includes(value);
}
