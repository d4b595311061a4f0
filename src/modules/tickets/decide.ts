import { isRow, nameType, type Row, relatedId } from '../../graph/row.ts';
import { variantOf } from '../../graph/variants.ts';
import { mutation, refuse, type Write } from '../../graph/write.ts';
import { knownRow } from '../../graph/write-known.ts';
import type { Operation } from '../../graph/write-send.ts';
import { nounOf } from '../noun.ts';

/** Where each kind is approved: the common address does not take it (api.md §5.14). */
const APPROVALS: Readonly<Record<string, Operation>> = {
  ApplyAssetTicket: 'PUT /tickets/apply-asset-tickets/{id}/approve/',
  CommandConfirmTicket: 'PUT /tickets/apply-command-tickets/{id}/approve/',
  LoginAssetConfirmTicket: 'PUT /tickets/apply-login-asset-tickets/{id}/approve/',
  LoginConfirmTicket: 'PUT /tickets/apply-login-tickets/{id}/approve/',
};

/** What an approval has to say again of what was asked for (api.md, Corrections). */
const ASKED = [
  'apply_assets',
  'apply_nodes',
  'apply_accounts',
  'apply_actions',
  'apply_date_start',
  'apply_date_expired',
];

/** Approves a ticket; a request for access as it was asked for, unless the approver says otherwise. */
export const approveTicket = mutation(async (write) => {
  const ticket = await openTicket(write);
  const type = variantOf(nounOf('Ticket'), ticket);
  const changes = write.body(['id']);
  const operation = APPROVALS[type];
  if (!operation) refuse([unsupported('id', 'JumpServer has no approval of tickets of this kind.')]);
  if (type !== 'ApplyAssetTicket') refuse(Object.keys(write.input).flatMap(strangeTo));
  const asked = type === 'ApplyAssetTicket' ? await readAsked(write) : {};
  if (operation) await write.send(operation, { path: { id: write.id('id') }, body: { ...asked, ...changes } });
  return { ticket: settled(ticket, type) };
});

/** A mutation that settles a ticket of any kind at the common address. */
export const settle = (operation: Operation) =>
  mutation(async (write) => {
    const ticket = await openTicket(write);
    await write.send(operation, { path: { id: write.id('id') }, body: {} });
    return { ticket: settled(ticket, variantOf(nounOf('Ticket'), ticket)) };
  });

/** The ticket's row. Throws a refusal when it is not there, or is settled already: JumpServer says so in words alone. */
async function openTicket(write: Write): Promise<Row> {
  const ticket = await knownRow(write, 'Ticket', 'id', ['id', 'type', 'status']);
  const status = ticket['status'];
  if ((isRow(status) ? status['value'] : status) !== 'open')
    refuse([{ field: ['id'], code: 'CONFLICT', message: 'The ticket is settled already.' }]);
  return ticket;
}

/** What was asked for, as it is written. */
async function readAsked(write: Write): Promise<Row> {
  const row = await knownRow(write, 'ApplyAssetTicket', 'id', ['id', 'org_id', ...ASKED]);
  const given = ASKED.filter((name) => row[name] !== null && row[name] !== undefined);
  return { org_id: row['org_id'], ...Object.fromEntries(given.map((name) => [name, toWritten(row[name])])) };
}

/** Rows read as objects and choices, and are written as ids and values (api.md §0.10). */
function toWritten(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((item) => (isRow(item) ? (item['value'] ?? relatedId(item)) : item));
}

function strangeTo(name: string) {
  return name === 'id'
    ? []
    : [unsupported(name, 'Only a request for access can be changed by its approval.', 'INVALID')];
}

function unsupported(
  name: string,
  message: string,
  code: 'INVALID' | 'UNSUPPORTED_BY_SERVER' = 'UNSUPPORTED_BY_SERVER',
) {
  return { field: [name], code, message } as const;
}

/** What stays as it was; the rest is read again where it is selected. */
function settled(ticket: Row, type: string): Row {
  return nameType({ id: ticket['id'], type: ticket['type'] }, type);
}
