import { subtreeOf } from '../access.ts';
import { confirmed } from '../confirm.ts';
import { ApiError, says } from '../errors.ts';
import { type Exchange, lookOf, objectBody } from '../exchange.ts';
import { toRelatedIds } from '../related-fields.ts';
import type { Action, Resource } from '../resource.ts';
import { reply } from '../resource.ts';
import { resourceAt } from '../resource-at.ts';
import { fieldsOf, listOf, toAnswer } from '../rows.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { isIn } from '../versions.ts';
import { idsOf, ROOT_ORG, rowOf, textOf } from '../world.ts';
import { mustFind, readInput, storeNew } from '../writes.ts';
import { hasSecret } from './account-fields.ts';
import { startTask } from './tasks.ts';

const accountsAt = (x: Exchange): Resource => resourceAt(x, 'accounts/accounts');

/** Secret types that the protocols of an asset take. */
function secretTypesOf(x: Exchange, asset: Row): Set<string> {
  const platform = rowOf(x.world, 'platforms', asset.platform);
  const names = new Set(listOf(asset.protocols).map((one) => textOf((one as JsonObject).name)));
  const offered = listOf(platform?.protocols).map((one) => one as JsonObject);
  return new Set(
    offered.filter((one) => names.has(textOf(one.name))).flatMap((one) => listOf(one.secret_types).map(textOf)),
  );
}

/** Makes an account of a nested input of an asset; a template fills what is not given. */
export function createAccount(x: Exchange, asset: Row, item: JsonObject): Row {
  return makeAccount(x, asset, item, (faults) => ({ accounts: [faults] }));
}

function makeAccount(x: Exchange, asset: Row, item: JsonObject, toBody: (faults: JsonObject) => JsonObject): Row {
  const body: JsonObject = { ...item, asset: asset.id };
  const input = readInput(accountsAt(x), x, body, null, { partial: false, bulk: false });
  if (Object.keys(input.faults).length > 0) throw new ApiError(400, toBody(input.faults));
  return storeNew(accountsAt(x), input);
}

const chosenAccounts = (x: Exchange, value: Json | undefined): Row[] =>
  idsOf(value)
    .flatMap((key) => x.world.store.table('accounts').where('id', key))
    .filter((row) => x.org === ROOT_ORG || row.org_id === x.org);

function runAccountTask(x: Exchange): Json {
  const body = objectBody(x);
  const action = textOf(body.action);
  if (!['verify', 'push', 'remove'].includes(action)) throw new ApiError(400, { action: [says.noChoice(action)] });
  if (action === 'remove') confirmed(x, 2);
  const chosen = chosenAccounts(x, body.accounts);
  const table = x.world.store.table('accounts');
  if (action === 'verify') {
    x.world.memory.later.push({
      at: x.world.now() + 2000,
      run: () => {
        for (const account of chosen) {
          table.update(account.id, { connectivity: hasSecret(account) ? 'ok' : 'err', date_verified: x.world.now() });
        }
      },
    });
  }
  if (action === 'remove') for (const account of chosen) table.remove(account.id);
  return {
    task: startTask(
      x,
      `accounts.tasks.${action}_accounts`,
      chosen.map((account) => account.id),
    ),
  };
}

function spread(x: Exchange): Json {
  const body = objectBody(x);
  const assets = toRelatedIds('assets', body.assets ?? [], lookOf(x, 'W'));
  const nodes = Array.isArray(body.nodes) ? body.nodes.flatMap((node) => [...subtreeOf(x.world, textOf(node))]) : [];
  const table = x.world.store.table('assets');
  const under = nodes.flatMap((node) => table.where('nodes', node).map((asset) => asset.id));
  const mode = textOf(body.on_invalid) || 'error';
  return [...new Set([...assets, ...under])].map((key) => spreadOne(x, table.get(key), body, mode));
}

function spreadOne(x: Exchange, asset: Row | undefined, body: JsonObject, mode: string): JsonObject {
  if (asset === undefined) return { asset: '', account: '', state: 'error', error: 'gone' };
  const kind = textOf(body.secret_type) || 'password';
  const username = textOf(body.username);
  const told: JsonObject = {
    asset: `${textOf(asset.name)}(${textOf(asset.address)})`,
    ...(isIn(x.world.version, { since: '4.10.16' }) ? { account: textOf(body.name) || username } : {}),
  };
  if (!secretTypesOf(x, asset).has(kind)) {
    return { ...told, state: 'error', error: `This asset takes no secret of this kind: ${kind}` };
  }
  const known = x.world.store
    .table('accounts')
    .where('asset', asset.id)
    .find((one) => one.username === username && one.secret_type === kind);
  if (known === undefined) {
    const { assets: _assets, nodes: _nodes, ...item } = body;
    makeAccount(x, asset, item, (faults) => faults);
    return { ...told, state: 'created', changed: true };
  }
  if (mode === 'skip') return { ...told, state: 'skipped', changed: false };
  if (mode === 'update') {
    x.world.store
      .table('accounts')
      .update(known.id, { secret: body.secret ?? null, version: Number(known.version ?? 0) + 1 });
    return { ...told, state: 'updated', changed: true };
  }
  return { ...told, state: 'error', error: 'The account is on the asset already.' };
}

function copyTo(x: Exchange, isMove: boolean): Json {
  const source = mustFind(accountsAt(x), x);
  const targets = toRelatedIds('assets', objectBody(x).assets ?? [], lookOf(x, 'W'));
  const { id: _id, ...copy } = source;
  const results = targets.map((key): JsonObject => {
    const asset = x.world.store.table('assets').get(key);
    const told = `${textOf(asset?.name)}(${textOf(asset?.address)})`;
    const clash = x.world.store
      .table('accounts')
      .where('asset', key)
      .some(
        (one) =>
          one.name === source.name || (one.username === source.username && one.secret_type === source.secret_type),
      );
    if (asset === undefined || clash)
      return { asset: told, state: 'error', error: 'The account is on the asset already.' };
    x.world.store.table('accounts').insert({ ...copy, id: x.world.chance.uuid(), asset: key });
    return { asset: told, state: 'created' };
  });
  if (isMove && results.every((one) => one.state === 'created')) x.world.store.table('accounts').remove(source.id);
  return results;
}

/** Answered whole, whatever page is asked for. */
function suFrom(x: Exchange): Json {
  const account = rowOf(x.world, 'accounts', x.query.get('account'));
  const asset = account?.asset ?? x.query.get('asset') ?? '';
  const rows = x.world.store
    .table('accounts')
    .where('asset', asset)
    .filter((row) => row.id !== account?.id);
  const fields = fieldsOf(accountsAt(x), x.world.version, 'L');
  return rows.map((row) => toAnswer(row, fields, lookOf(x, 'L')));
}

/** What can be done to accounts beside reading and writing them. */
export const accountActions: Action[] = [
  { method: 'GET', path: 'su-from-accounts', perm: 'accounts.view_account', run: suFrom },
  {
    method: 'POST',
    path: 'username-suggestions',
    perm: 'accounts.view_account',
    run: (x) => {
      const wanted = textOf(objectBody(x).username).toLowerCase();
      const names = new Set<string>();
      for (const row of x.world.store.table('accounts').all()) {
        if (textOf(row.username).toLowerCase().includes(wanted)) names.add(textOf(row.username));
        if (names.size === 10) break;
      }
      return [...names];
    },
  },
  {
    method: 'PATCH',
    path: 'clear-secret',
    perm: 'accounts.change_account',
    run: (x) => {
      for (const row of chosenAccounts(x, objectBody(x).account_ids))
        x.world.store.table('accounts').update(row.id, { secret: null });
      return { answer: true as const, status: 200, text: '' };
    },
  },
  { method: 'POST', path: 'bulk', perm: 'accounts.add_account', run: spread },
  { method: 'POST', path: 'tasks', perm: 'accounts.verify_account', run: (x) => reply(201, runAccountTask(x)) },
  { method: 'POST', path: ':id/copy-to-assets', perm: 'accounts.add_account', run: (x) => copyTo(x, false) },
  { method: 'POST', path: ':id/move-to-assets', perm: 'accounts.add_account', run: (x) => copyTo(x, true) },
];
