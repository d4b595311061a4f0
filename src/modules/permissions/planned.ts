import { toActionNames } from '../../access/actions.ts';
import type { AccessEngine } from '../../access/engine.ts';
import type { AccessInputs, AccessPermission, PermissionChange } from '../../access/inputs.ts';
import { toAccessPermission } from '../../access/rows.ts';
import { globalId, notFound, refuse, type Write } from '../../graph/write.ts';
import type { Body } from '../../graph/write-body.ts';
import type { UserError } from '../../graph/write-errors.ts';
import { someReferences } from '../../graph/write-plain.ts';
import { PLANNED_ID, toIsoText } from '../access/rows.ts';
import type { FindDone } from './granting.ts';
import { assertGrants, assertStillGrants } from './rules.ts';

/** Works out which permissions a mutation will write, without writing; refuses what the real run would refuse. */
export type PlanChange = (write: Write, engine: AccessEngine) => PermissionChange;

/** What JumpServer gives a permission without an end (api.md §5.9). */
const DEFAULT_DAYS = 70 * 365;

const MEMBERS = { users: 'users', userGroups: 'groups', assets: 'assets', nodes: 'nodes' } as const;
const LISTS = ['accounts', 'actions'] as const;

/** `grantPermission`. */
export const planGrant: PlanChange = (write, engine) => {
  const body = write.newBody();
  assertGrants(body);
  refuse([...unknownMembers(write, engine), ...takenName(write, engine)]);
  return { upserts: [toPlanned({ ...body, id: PLANNED_ID }, engine)] };
};

/** A permission that is to be created, with what JumpServer gives one that does not say it (api.md §5.9). */
export function toPlanned(body: Body, { inputs }: AccessEngine): AccessPermission {
  const date_expired = toIsoText(inputs.asOf + DEFAULT_DAYS * 86_400_000);
  const defaults = { protocols: ['all'], users: [], user_groups: [], assets: [], nodes: [], date_expired };
  return toAccessPermission({ ...defaults, ...body });
}

/** `updatePermission`, `setPermissionActive`. */
export const planUpdate: PlanChange = (write, engine) => {
  const body = write.body(['id']);
  assertStillGrants(body);
  const known = knownPermission(write, engine);
  refuse([...unknownMembers(write, engine), ...takenName(write, engine)]);
  return { upserts: [toAccessPermission({ ...toUpstream(known), ...body })] };
};

/** `addToPermission`. */
export const planAddition: PlanChange = (write, engine) => {
  const known = knownPermission(write, engine);
  refuse(unknownMembers(write, engine));
  return planLists(write, known, (now, given) => [...new Set([...now, ...given])]);
};

/** `removeFromPermission`. */
export const planRemoval: PlanChange = (write, engine) =>
  planLists(write, knownPermission(write, engine), (now, given) => now.filter((item) => !given.includes(item)));

/** `extendPermissions`. */
export const planExtension: PlanChange = (write, engine) => {
  const date_expired = String(write.input['expiresAt']);
  const known = knownPermissions(write, engine);
  return { upserts: known.map((permission) => toAccessPermission({ ...toUpstream(permission), date_expired })) };
};

/** `revokePermissions`, whose real run takes back what is there and refuses the others one by one. */
export const planRevocation: PlanChange = (write, engine) => {
  const isDry = write.input['dryRun'] === true;
  const ids = isDry ? knownPermissions(write, engine) : someReferences(write, 'ids');
  return { removals: ids.map(({ id }) => id) };
};

/** Those that were taken back, of those that `revokePermissions` was asked for. */
export const findRevoked: FindDone = ({ removals = [] }, { deletedIds }) => {
  if (deletedIds === undefined) return { removals };
  const deleted = new Set(deletedIds as readonly string[]);
  const done = removals.filter((id) => deleted.has(globalId('Permission', id)));
  return done.length > 0 ? { removals: done } : undefined;
};

type Merge = (now: readonly string[], given: readonly string[]) => readonly string[];

function planLists(write: Write, known: AccessPermission, merge: Merge): PermissionChange {
  const now = toUpstream(known);
  const body = write.body(['id']);
  const merged = Object.entries(body).flatMap(([name, given]) =>
    Array.isArray(given) && given.length > 0 ? [[name, merge(now[name] as string[], given)] as const] : [],
  );
  const lists = Object.fromEntries(merged.filter(([name]) => LISTS.some((list) => list === name)));
  assertStillGrants(lists);
  return { upserts: [toAccessPermission({ ...now, ...Object.fromEntries(merged) })] };
}

/** A permission the engine knows, as JumpServer would list it: what a body changes lies over it. */
function toUpstream(permission: AccessPermission): Record<string, unknown> {
  return {
    id: permission.id,
    name: permission.name,
    users: permission.users,
    user_groups: permission.userGroups,
    assets: permission.assets,
    nodes: permission.nodes,
    accounts: permission.accounts,
    protocols: permission.protocols,
    actions: toActionNames(permission.actions),
    is_active: permission.isActive,
    date_start: toIsoText(permission.startsAt),
    date_expired: toIsoText(permission.expiresAt),
    created_by: permission.createdBy,
    from_ticket: permission.isFromTicket,
  };
}

function knownPermission(write: Write, { inputs }: AccessEngine): AccessPermission {
  const id = write.id('id');
  const known = inputs.permissions.find((permission) => permission.id === id);
  if (known) return known;
  refuse([notFound(['id'])]);
  throw new Error('refuse returned');
}

/** The permissions that `ids` names. Throws a refusal with a `NOT_FOUND` for each that is not there. */
function knownPermissions(write: Write, { inputs }: AccessEngine): AccessPermission[] {
  const byId = new Map(inputs.permissions.map((permission) => [permission.id, permission]));
  const references = someReferences(write, 'ids');
  refuse(references.flatMap(({ id, at }) => (byId.has(id) ? [] : [notFound(['ids', String(at)], at)])));
  return references.flatMap(({ id }) => byId.get(id) ?? []);
}

function unknownMembers(write: Write, { inputs }: AccessEngine): UserError[] {
  const named = Object.entries(MEMBERS).filter(([name]) => write.input[name] !== undefined);
  return named.flatMap(([name, list]) => {
    const known = idsOf(inputs, list);
    return write.references(name).flatMap(({ id, at }) => (known.has(id) ? [] : [notFound([name, String(at)], at)]));
  });
}

function idsOf(inputs: AccessInputs, list: 'users' | 'groups' | 'assets' | 'nodes'): ReadonlySet<string> {
  return new Set(inputs[list].map(({ id }) => id));
}

function takenName(write: Write, { inputs }: AccessEngine): UserError[] {
  const { name, id } = write.input;
  const own = id === undefined ? undefined : write.id('id');
  const isTaken = inputs.permissions.some((permission) => permission.name === name && permission.id !== own);
  return isTaken ? [{ field: ['name'], code: 'DUPLICATE', message: 'Another permission has this name.' }] : [];
}
