import { ApiError, InvalidValue, refused, says, wrongMethod } from '../errors.ts';
import { caller, type Exchange, lookOf, objectBody } from '../exchange.ts';
import type { Field } from '../field.ts';
import { ACTIONS } from '../fields.ts';
import { userText } from '../operate-log.ts';
import type { Action } from '../resource.ts';
import { reply } from '../resource.ts';
import { toAnswer, toSpan } from '../rows.ts';
import type { JsonObject } from '../types.ts';
import { isIn } from '../versions.ts';
import { idsOf, type Look, textOf } from '../world.ts';
import { applyFields } from './ticket-fields.ts';
import { ensureFlow } from './ticket-flows.ts';
import { administrators, decide, grant, mustHandle, openTicket } from './ticket-steps.ts';

/** The fields of an application for access on this server. */
const fieldsOn = (x: Exchange): readonly Field[] => applyFields.filter((field) => isIn(x.world.version, toSpan(field)));

/** Texts of the snapshot kept in a ticket: what was applied for, in words. */
function snapshotOf(look: Look, ticket: JsonObject): JsonObject {
  const { store } = look.world;
  const assets = idsOf(ticket.apply_assets).map((key) => store.table('assets').get(key));
  const nodes = idsOf(ticket.apply_nodes).map((key) => store.table('nodes').get(key));
  return {
    applicant: userText(look.user),
    apply_assets: assets.map((asset) => `${textOf(asset?.name)}(${textOf(asset?.address)})`),
    apply_nodes: nodes.map((node) => textOf(node?.full_value ?? node?.value)),
    ...(look.world.version === '4.10.19' ? { cc_users: [] } : {}),
  };
}

/** Input of a ticket for access, read field by field as the serializer does. */
function readApplication(x: Exchange, names: readonly string[], required: readonly string[]): JsonObject {
  const body = objectBody(x);
  const faults: JsonObject = {};
  const values: JsonObject = {};
  const look = lookOf(x, 'W');
  for (const field of fieldsOn(x)) {
    if (!names.includes(field.name)) continue;
    const value = body[field.name];
    if (value === undefined) {
      if (field.required || required.includes(field.name)) faults[field.name] = [says.required];
      continue;
    }
    try {
      values[field.column ?? field.name] = field.parse?.(value, look) ?? null;
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      faults[field.name] = error.faults;
    }
  }
  if (Object.keys(faults).length > 0) throw new ApiError(400, faults);
  return values;
}

const APPLICATION = [
  'title',
  'org_id',
  'apply_nodes',
  'apply_assets',
  'apply_accounts',
  'apply_actions',
  'apply_date_start',
  'apply_date_expired',
  'comment',
];

const WEEK = 7 * 86_400_000;

/** Opens a ticket that asks for access to assets. */
export const open: Action = {
  method: 'POST',
  path: 'open',
  perm: 'any',
  run: (x) => {
    const given = readApplication(x, APPLICATION, []);
    const now = x.world.now();
    const ticket: JsonObject = {
      apply_nodes: [],
      apply_assets: [],
      apply_accounts: [],
      apply_actions: Object.keys(ACTIONS),
      apply_date_start: now,
      apply_date_expired: now + WEEK,
      ...given,
      type: 'apply_asset',
      applicant: caller(x).id,
      flow: ensureFlow(x.world).id,
    };
    if (idsOf(ticket.apply_nodes).length + idsOf(ticket.apply_assets).length === 0) {
      throw new ApiError(400, { apply_nodes: [says.required], apply_assets: [says.required] });
    }
    ticket.rel_snapshot = snapshotOf(lookOf(x, 'W'), ticket);
    const row = openTicket(x.world, ticket, administrators(x.world));
    const name = `By ticket (${textOf(row.title)}-${String(row.id).slice(0, 4)})`;
    x.world.store.table('tickets').update(row.id, { apply_permission_name: name });
    return reply(
      201,
      toAnswer(
        row,
        fieldsOn(x).filter((field) => field.at.includes('W')),
        lookOf(x, 'W'),
      ),
    );
  },
};

/** Approves a ticket. */
export const approve: Action = {
  method: 'PUT PATCH',
  path: ':id/approve',
  perm: 'any',
  run: (x) => {
    const ticket = mustHandle(x, false);
    const names = APPLICATION.filter((name) => name !== 'title');
    const decided = decide(x, ticket, 'approved', readApplication(x, names, ['org_id', 'apply_accounts']));
    if (decided.type === 'apply_asset') grant(x, decided);
    return 'ok';
  },
};

/** Other kinds of ticket carry nothing to be edited. */
export const approvePlainly: Action = {
  ...approve,
  run: (x) => {
    decide(x, mustHandle(x, false), 'approved');
    return 'ok';
  },
};

/** Rejects a ticket. */
export const reject: Action = {
  method: 'PUT PATCH',
  path: ':id/reject',
  perm: 'any',
  run: (x) => {
    decide(x, mustHandle(x, false), 'rejected');
    return 'ok';
  },
};

/** Closes a ticket, as its applicant. */
export const close: Action = {
  method: 'PUT PATCH',
  path: ':id/close',
  perm: 'any',
  run: (x) => {
    decide(x, mustHandle(x, true), 'closed');
    return 'ok';
  },
};

/** `PUT bulk/?action=approve|reject {tickets}`. */
export const bulk: Action = {
  method: 'PUT',
  path: 'bulk',
  perm: 'any',
  run: (x) => {
    const action = x.query.get('action');
    const state = action === 'approve' ? 'approved' : action === 'reject' ? 'rejected' : null;
    if (state === null) throw refused('error', 'Approve or reject?');
    for (const key of idsOf(objectBody(x).tickets)) {
      x.params.id = String(key);
      const decided = decide(x, mustHandle(x, false), state);
      if (state === 'approved' && decided.type === 'apply_asset') grant(x, decided);
    }
    return 'ok';
  },
};

/** Tickets are opened, handled and closed, never written. */
export const unwritable: readonly Action[] = ['POST', 'PUT PATCH DELETE'].map((method, index) => ({
  method,
  path: index === 0 ? '' : ':id',
  perm: 'any',
  run: (x) => {
    throw wrongMethod(x.method);
  },
}));
