import { catalogue } from '../../generated/catalogue.ts';
import type { GraphContext } from '../../graph/context.ts';
import { badInput, unsupported } from '../../graph/errors.ts';
import { getJson, rowsIn } from '../../graph/fetch.ts';
import { toRowId } from '../../graph/identity.ts';
import { isRow, type Row } from '../../graph/row.ts';
import { mutation, notFound, type Perform, refuse, required, type Write } from '../../graph/write.ts';
import type { UserError } from '../../graph/write-errors.ts';
import { kept } from '../../graph/write-kept.ts';
import { changeRow, createRow, type Prepare } from '../../graph/write-plain.ts';
import { nounOf } from '../noun.ts';

/** JumpServer's own role for administrators of the whole server. */
const SYSTEM_ADMINISTRATOR = '00000000-0000-0000-0000-000000000001';

/** Who decides a step: users by name, or those who hold roles. */
interface Deciders {
  readonly users: readonly string[];
  readonly roles: readonly string[];
}

/** Writes the steps as this JumpServer takes them, and how many they are: it wants to be told, and has them agree. */
const prepareRules: Prepare = async (body, write) => {
  const given = write.input['rules'];
  if (!Array.isArray(given)) return;
  if (given.length === 0) refuse([required(['rules'], 'Give at least one step.')]);
  const steps = given.map(toDeciders);
  refuse(steps.flatMap(faultOfStep));
  await refuseUnknown(write, steps);
  const isByUsers = (await write.scope.session.capabilities()).has('ticketRuleUsers');
  if (!isByUsers) refuse(steps.flatMap(faultOfStrategy));
  body['rules'] = steps.map(isByUsers ? toUsers : toStrategy);
  body['approval_level'] = steps.length;
};

function toDeciders(rule: unknown, step: number): Deciders {
  const idsOf = (noun: string, name: string): string[] => {
    const ids = isRow(rule) && Array.isArray(rule[name]) ? rule[name] : [];
    return ids.map((id, at) => toRowId(nounOf(noun), String(id), `input.rules.${step}.${name}.${at}`));
  };
  return { users: idsOf('User', 'users'), roles: idsOf('Role', 'systemRoles') };
}

function faultOfStep({ users, roles }: Deciders, step: number): UserError[] {
  const field = ['rules', String(step), 'users'];
  if (users.length > 0 && roles.length > 0)
    return [{ field, code: 'INVALID', message: 'Give `users` or `systemRoles`, not both.' }];
  return users.length + roles.length > 0 ? [] : [required(field, 'Name who decides.')];
}

/** JumpServer keeps ids that nobody has. */
async function refuseUnknown({ scope }: Write, steps: readonly Deciders[]): Promise<void> {
  const faults = steps.flatMap(({ users, roles }, step) => [
    findUnknown('User', users, ['rules', String(step), 'users']),
    findUnknown('Role', roles, ['rules', String(step), 'systemRoles']),
  ]);
  refuse((await Promise.all(faults)).flat());

  async function findUnknown(noun: string, ids: readonly string[], field: readonly string[]): Promise<UserError[]> {
    const rows = ids.length > 0 ? await scope.reader.loadMany(noun, [...ids]) : [];
    return rows.flatMap((row, at) => (row ? [] : [notFound([...field, String(at)])]));
  }
}

function toUsers({ users, roles }: Deciders): Row {
  if (users.length > 0) return { users: { type: 'ids', ids: users } };
  return { users: { type: 'attrs', attrs: [{ name: 'system_roles', match: 'm2m', value: roles }] } };
}

/** Before 4.0 a step had one of a few strategies. */
function toStrategy({ users }: Deciders): Row {
  return users.length > 0 ? { strategy: 'custom_user', assignees: users } : { strategy: 'super_admin', assignees: [] };
}

function faultOfStrategy({ roles }: Deciders, step: number): UserError[] {
  if (roles.every((role) => role === SYSTEM_ADMINISTRATOR)) return [];
  const message = 'The connected JumpServer knows administrators of the whole server alone.';
  return [{ field: ['rules', String(step), 'systemRoles'], code: 'UNSUPPORTED_BY_SERVER', message }];
}

interface Options {
  readonly type: string;
  readonly organization?: string | null;
}

const UNTOLD = 'The connected JumpServer does not tell who would decide a ticket.';

/** Rules that everybody may see, unlike the list of them. */
export async function ticketFlowOptions(_source: unknown, args: Options, context: GraphContext): Promise<Row[]> {
  if (!(await context.session.capabilities()).has('ticketFlowOptions')) throw unsupported(UNTOLD);
  const type = catalogue.enums['TicketType']?.[args.type];
  if (type === undefined) throw badInput(`type: expected a known TicketType, got ${args.type}.`);
  const given = args.organization ? toRowId(nounOf('Organization'), args.organization, 'organization') : undefined;
  const org_id = given ?? (await context.session.organization()).id;
  return rowsIn(await getJson(context.session, '/tickets/flows/options/', { type, org_id }));
}

const told = (perform: Perform) => mutation(kept('TicketFlow', perform));

/** Writes of who decides tickets. */
export const createTicketFlow = told(createRow('TicketFlow', prepareRules));
/** Changes who decides tickets. */
export const updateTicketFlow = told(changeRow('TicketFlow', prepareRules));
