import { forbidden, notFound, refused } from '../errors.ts';
import { caller, type Exchange, param } from '../exchange.ts';
import { userText } from '../operate-log.ts';
import { ROLES } from '../rights.ts';
import { listOf } from '../rows.ts';
import { toServerTime } from '../time.ts';
import type { Id, JsonObject, Row } from '../types.ts';
import { idsOf, isObject, rowOf, textOf, type World } from '../world.ts';

/** The steps of a ticket. */
const stepsOf = (ticket: Row): JsonObject[] => listOf(ticket.process_map).filter(isObject);

/** Everybody who decides some step of a ticket. */
export const assigneesOf = (ticket: Row): Id[] => stepsOf(ticket).flatMap((step) => idsOf(step.assignees));

/** Whether a ticket is for a user to see. */
export const isMine = (ticket: Row, user: Id): boolean =>
  ticket.applicant === user || assigneesOf(ticket).includes(user);

/** The administrators of the system. */
export const administrators = (world: World): Row[] => {
  const bindings = world.store.table('role-bindings').where('role', ROLES.systemAdmin);
  return bindings.flatMap((binding) => rowOf(world, 'users', binding.user) ?? []);
};

const isoTime = (at: number): string => `${toServerTime(at, 'UTC').slice(0, 19).replaceAll('/', '-')}.000000+00:00`;

/** The first step of a ticket: who may decide. */
function firstStep(world: World, assignees: readonly Row[]): JsonObject {
  return {
    state: 'pending',
    assignees: assignees.map((user) => user.id),
    processor: '',
    approval_level: 1,
    assignees_display: assignees.map(userText),
    approval_date: isoTime(world.now()),
    processor_display: '',
  };
}

/** The next serial number: the day, then a number that counts on. */
function nextSerial(world: World): string {
  const day = toServerTime(world.now(), null).slice(0, 10).replaceAll('/', '');
  const today = [...world.store.table('tickets').all()].map((ticket) => textOf(ticket.serial_num));
  const highest = Math.max(
    0,
    ...today.filter((serial) => serial.startsWith(day)).map((serial) => Number(serial.slice(8))),
  );
  return day + String(highest + 1).padStart(4, '0');
}

/** Stores a ticket: whoever opens one says its type, title and what it is about. */
export function openTicket(world: World, ticket: JsonObject, assignees: readonly Row[]): Row {
  const now = world.now();
  return world.store.table('tickets').insert({
    state: 'pending',
    status: 'open',
    approval_step: 1,
    process_map: [firstStep(world, assignees)],
    flow: null,
    cc_users: [],
    comment: '',
    date_created: now,
    date_updated: now,
    serial_num: nextSerial(world),
    ...ticket,
    id: world.chance.uuid(),
  });
}

/** The open ticket of a request. Throws unless the caller decides it, or has asked for it where only the applicant may. */
export function mustHandle(x: Exchange, byApplicant: boolean): Row {
  const ticket = x.world.store.table('tickets').get(param(x, 'id'));
  const user = caller(x).id;
  if (ticket === undefined || !isMine(ticket, user)) throw notFound('Ticket');
  if (byApplicant ? ticket.applicant !== user : !assigneesOf(ticket).includes(user)) throw forbidden();
  if (ticket.status !== 'open') throw refused('error', 'The ticket is closed already.');
  return ticket;
}

/** Closes a ticket in a state, with every step of it decided by the caller. */
export function decide(x: Exchange, ticket: Row, state: string, changes: JsonObject = {}): Row {
  const user = caller(x);
  const steps = stepsOf(ticket).map((step) => ({
    ...step,
    state,
    processor: user.id,
    processor_display: userText(user),
    approval_date: isoTime(x.world.now()),
  }));
  const decided = { ...changes, state, status: 'closed', process_map: steps };
  return x.world.store.table('tickets').update(ticket.id, decided) ?? ticket;
}

const RELATIONS = { 'permission-users': 'user', 'permission-assets': 'asset', 'permission-nodes': 'node' } as const;

/** An approved application becomes a permission of its own. */
export function grant(x: Exchange, ticket: Row): void {
  const { store, chance } = x.world;
  const permission = store.table('asset-permissions').insert({
    id: chance.uuid(),
    name: ticket.apply_permission_name ?? textOf(ticket.title),
    org_id: ticket.org_id ?? x.org,
    accounts: ticket.apply_accounts ?? [],
    actions: ticket.apply_actions ?? [],
    protocols: ['all'],
    is_active: true,
    from_ticket: true,
    date_start: ticket.apply_date_start ?? null,
    date_expired: ticket.apply_date_expired ?? null,
    date_created: x.world.now(),
    created_by: userText(x.user),
    comment: '',
  });
  const members = {
    'permission-users': idsOf([ticket.applicant ?? null]),
    'permission-assets': idsOf(ticket.apply_assets),
    'permission-nodes': idsOf(ticket.apply_nodes),
  };
  for (const [table, column] of Object.entries(RELATIONS)) {
    const rows = store.table(table);
    for (const key of members[table as keyof typeof members]) {
      rows.insert({ id: rows.nextNumber(), assetpermission: permission.id, [column]: key });
    }
  }
}
