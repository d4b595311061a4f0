import { notFound, says } from '../errors.ts';
import { type Exchange, objectBody, param } from '../exchange.ts';
import { licensedSince } from '../gates.ts';
import type { Route } from '../routes.ts';
import type { Id, Json, Row, SandboxVersion } from '../types.ts';
import { idsOf } from '../world.ts';

interface Kind {
  /** The routes' word for the automation. */
  readonly path: string;
  readonly type: string;
  readonly model: string;
  readonly since?: SandboxVersion;
  /** From when on a Community server refuses it to everyone. */
  readonly licence?: SandboxVersion;
}

const KINDS: readonly Kind[] = [
  { path: 'gather-account', type: 'gather_accounts', model: 'gatheraccountsautomation', since: '4.10.19' },
  { path: 'push-account', type: 'push_account', model: 'pushaccountautomation' },
  { path: 'change-secret', type: 'change_secret', model: 'changesecretautomation', licence: '4.9.0' },
  {
    path: 'check-account',
    type: 'check_account',
    model: 'checkaccountautomation',
    since: '4.10.19',
    licence: '4.10.19',
  },
];

function automationOf(x: Exchange, type: string): Row {
  const row = x.world.store.table('automations').get(param(x, 'id'));
  if (row?.type !== type || row.org_id !== x.org) throw notFound('Automation');
  return row;
}

/** Adds to a list of members or takes out of it. What is wrong is told with a 200. */
function change(x: Exchange, row: Row, column: 'assets' | 'nodes', isAdded: boolean): Json {
  const given = idsOf(objectBody(x)[column]);
  const wrong = given.find((id) => x.world.store.table(column).get(id) === undefined);
  if (wrong !== undefined) return { error: { [column]: [says.noObject(String(wrong))] } };
  const known = idsOf(row[column]);
  const others = known.filter((id) => !given.includes(id));
  const members: Id[] = isAdded ? [...known, ...given.filter((id) => !known.includes(id))] : others;
  x.world.store.table('automations').update(row.id, { [column]: members });
  return { msg: 'ok' };
}

function changeNodes(x: Exchange, type: string): Json {
  const action = x.query.get('action') ?? '';
  if (!['add', 'remove'].includes(action)) return { error: "The parameter 'action' must be [add,remove]" };
  return change(x, automationOf(x, type), 'nodes', action === 'add');
}

function routesOf({ path, type, model, since, licence }: Kind): Route[] {
  const base = { method: 'PATCH', ...(since === undefined ? {} : { since }) };
  const at = (rest: string): string => `/api/v1/accounts/${path}/:id/${rest}`;
  const runs: readonly (readonly [string, Route['run']])[] = [
    ['asset/add', (x) => change(x, automationOf(x, type), 'assets', true)],
    ['asset/remove', (x) => change(x, automationOf(x, type), 'assets', false)],
    ['nodes', (x) => changeNodes(x, type)],
  ];
  const gate = licence === undefined ? {} : { gate: licensedSince(licence) };
  return runs.map(
    ([rest, run]): Route => ({ ...base, ...gate, path: at(rest), perm: `accounts.change_${model}`, run }),
  );
}

/** Assets and nodes of automations, by routes of their own (api.md §5.8). */
export const automationMemberRoutes: readonly Route[] = KINDS.flatMap(routesOf);
