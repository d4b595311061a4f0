import { permissionsFor, permissionsOfAsset, usersOfPermission } from '../access.ts';
import { ApiError, notFound } from '../errors.ts';
import { type Exchange, lookOf, objectBody } from '../exchange.ts';
import { toPage } from '../lists.ts';
import { keyOf, relatedRows, toRelated } from '../related-fields.ts';
import type { Action, Answer } from '../resource.ts';
import { reply } from '../resource.ts';
import { askedResource, resourceAt } from '../resource-at.ts';
import { fieldsOf, listOf, toAnswer } from '../rows.ts';
import type { Id, Json, JsonObject, Row } from '../types.ts';
import { rowOf, textOf } from '../world.ts';
import { mustFind } from '../writes.ts';
import { isGateway } from './asset-filters.ts';
import { groups } from './groups.ts';
import { permissions } from './permissions.ts';
import { suggestions } from './suggestions.ts';
import { startTask } from './tasks.ts';
import { users } from './users.ts';

const asset = (x: Exchange): Row => mustFind(resourceAt(x, 'assets/assets'), x);

/** Users that any permission names for the asset, valid or not. */
function permUsers(x: Exchange): Json {
  const ids = [...permissionsOfAsset(x.world, asset(x).id)].flatMap((one) => [...usersOfPermission(x.world, one)]);
  const rows = relatedRows(lookOf(x, 'L'), 'users', [...new Set(ids)]);
  const fields = fieldsOf(users, x.world.version, 'L');
  return toPage(x, rows, (row) => toAnswer(row, fields, lookOf(x, 'L')));
}

function permGroups(x: Exchange): Json {
  const links = x.world.store.table('permission-user-groups');
  const ids = new Set(
    [...permissionsOfAsset(x.world, asset(x).id)].flatMap((one) =>
      links.where('assetpermission', one).map((link) => link.usergroup as Id),
    ),
  );
  const fields = fieldsOf(groups, x.world.version, 'D');
  return toPage(x, relatedRows(lookOf(x, 'D'), 'user-groups', [...ids]), (row) =>
    toAnswer(row, fields, lookOf(x, 'D')),
  );
}

function permPermissions(x: Exchange, of: 'user' | 'group'): Json {
  const key = textOf(x.params.other);
  const subject = of === 'user' ? { user: key } : { group: key };
  const rows = permissionsFor(x.world, subject, asset(x).id, x.org);
  const fields = fieldsOf(permissions, x.world.version, 'L');
  return toPage(x, rows, (row) => toAnswer(row, fields, lookOf(x, 'L')));
}

function assetTask(x: Exchange, ids: Id[]): Json {
  const { action } = objectBody(x);
  const table = x.world.store.table('assets');
  if (action === 'test') {
    for (const one of ids) {
      x.world.memory.later.push({
        at: x.world.now() + 2000,
        run: () =>
          table.update(one, {
            connectivity: table.get(one)?.is_active === false ? 'err' : 'ok',
            date_verified: x.world.now(),
          }),
      });
    }
  }
  return { task: startTask(x, `assets.tasks.${textOf(action) || 'refresh'}`, ids) };
}

/** What can be done to the assets of one category. */
export const partActions: Action[] = [
  suggestions('assets.match_asset'),
  {
    method: 'GET',
    path: ':id/platform',
    perm: 'assets.view_platform',
    run: (x) => {
      const row = mustFind(askedResource(x, 'assets/assets'), x);
      const platform = rowOf(x.world, 'platforms', row.platform);
      const resource = resourceAt(x, 'assets/platforms');
      if (platform === undefined) return null;
      return toAnswer(platform, fieldsOf(resource, x.world.version, 'D'), lookOf(x, 'D'));
    },
  },
  {
    method: 'GET',
    path: ':id/gateways',
    perm: 'assets.view_gateway',
    run: (x) => {
      const row = mustFind(askedResource(x, 'assets/assets'), x);
      const rows = x.world.store
        .table('assets')
        .where('zone', row.zone ?? '')
        .filter((one) => isGateway(one, x.world));
      const fields = fieldsOf(resourceAt(x, 'assets/gateways'), x.world.version, 'L');
      return toPage(x, [...rows], (one) => toAnswer(one, fields, lookOf(x, 'L')));
    },
  },
];

/** What can be done to assets of all categories. */
export const assetActions: Action[] = [
  ...partActions,
  {
    method: 'POST',
    path: '',
    perm: 'assets.add_asset',
    run: () => {
      throw new ApiError(400, { error: 'Create an asset through its category.' });
    },
  },
  { method: 'GET', path: ':id/perm-users', perm: 'perms.view_assetpermission', run: permUsers },
  { method: 'GET', path: ':id/perm-user-groups', perm: 'perms.view_assetpermission', run: permGroups },
  {
    method: 'GET',
    path: ':id/perm-users/:other/permissions',
    perm: 'perms.view_assetpermission',
    run: (x) => permPermissions(x, 'user'),
  },
  {
    method: 'GET',
    path: ':id/perm-user-groups/:other/permissions',
    perm: 'perms.view_assetpermission',
    run: (x) => permPermissions(x, 'group'),
  },
  {
    method: 'POST',
    path: ':id/tasks',
    perm: 'assets.test_assetconnectivity',
    run: (x) => reply(201, assetTask(x, [asset(x).id])),
  },
  {
    method: 'POST',
    path: 'tasks',
    perm: 'assets.test_assetconnectivity',
    run: (x) =>
      reply(
        201,
        assetTask(
          x,
          listOf(objectBody(x).assets).map((one) => toRelated('assets', one, lookOf(x, 'W')).id),
        ),
      ),
  },
  { method: 'POST', path: 'sync-platform-protocols', perm: 'assets.change_asset', run: (x) => syncProtocols(x) },
];

/** Adds what of the platform's protocols an asset lacks; what it has stays. */
function syncProtocols(x: Exchange): Answer {
  const platform = x.world.store.table('platforms').get(Number(keyOf(objectBody(x).platform_id ?? null)));
  if (platform === undefined) throw notFound('Platform');
  const offered = listOf(platform.protocols).map((one) => one as JsonObject);
  for (const row of x.world.store.table('assets').where('platform', platform.id)) {
    const own = listOf(row.protocols).map((one) => one as JsonObject);
    const lacking = offered.filter(({ name }) => !own.some((one) => one.name === name));
    const protocols = [...own, ...lacking.map(({ name, port }) => ({ name: name ?? '', port: port ?? 0 }))];
    if (row.org_id === x.org && lacking.length > 0) x.world.store.table('assets').update(row.id, { protocols });
  }
  return { answer: true, status: 200, text: '' };
}
