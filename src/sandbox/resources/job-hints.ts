import type { Exchange } from '../exchange.ts';
import { type Route, route } from '../routes.ts';
import { listOf } from '../rows.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { idsOf, textOf } from '../world.ts';

const MOST = 10;

/** Assets named in the body, and those in the nodes named there and below. */
function namedAssets(x: Exchange): Row[] {
  const { assets, nodes } = (x.body ?? {}) as JsonObject;
  const ids = new Set(listOf(assets).map(textOf));
  const tree = [...x.world.store.table('nodes').all()];
  const keys = tree.filter(({ id }) => listOf(nodes).includes(id)).map(({ key }) => textOf(key));
  const below = tree.filter(({ key }) => keys.some((top) => `${textOf(key)}:`.startsWith(`${top}:`)));
  const places = new Set(below.map(({ id }) => id));
  const all = x.world.store.table('assets').where('org_id', x.org);
  return all.filter((asset) => ids.has(textOf(asset.id)) || idsOf(asset.nodes).some((id) => places.has(id)));
}

/** How many accounts of a user name the assets have, most first. */
function usernameHints(x: Exchange): Json {
  const words = textOf(((x.body ?? {}) as JsonObject).query).toLowerCase();
  const counts = new Map<string, number>();
  for (const asset of namedAssets(x))
    for (const account of x.world.store.table('accounts').where('asset', asset.id)) {
      const name = textOf(account.username);
      if (name.toLowerCase().includes(words)) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  const found = [...counts].map(([username, total]) => ({ username, total }));
  return found.sort((a, b) => b.total - a.total || (a.username < b.username ? 1 : -1)).slice(0, MOST);
}

/** Where there is an account of the wanted name, a job can run. */
function classifiedHosts(x: Exchange): Json {
  const wanted = textOf(((x.body ?? {}) as JsonObject).runas).split(',');
  const runnable: Json[] = [];
  const error: Json[] = [];
  for (const asset of namedAssets(x)) {
    const names = x.world.store
      .table('accounts')
      .where('asset', asset.id)
      .map((row) => textOf(row.username));
    const username = wanted.find((name) => names.includes(name));
    const host = { name: textOf(asset.name), ip: textOf(asset.address) };
    if (username === undefined) error.push({ ...host, error: 'No account of this name' });
    else runnable.push({ ...host, username, ansible_password: 'told to Ansible alone' });
  }
  return { runnable, error };
}

/** What helps to write jobs (api.md §5.17). */
export const jobHints: readonly Route[] = [
  route('POST', 'ops/username-hints', 'any', usernameHints),
  route('POST', 'ops/classified-hosts', 'any', classifiedHosts, { since: '4.10.16' }),
  route('GET', 'ops/variables/help', 'any', () => ({ jms_username: 'Who runs it', 'jms_asset.name': 'Where it runs' })),
];
