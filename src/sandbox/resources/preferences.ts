import { ApiError, forbidden, says } from '../errors.ts';
import { caller, type Exchange, objectBody } from '../exchange.ts';
import { reply } from '../resource.ts';
import type { Route } from '../routes.ts';
import type { Json, JsonObject, Row } from '../types.ts';
import { isObject } from '../world.ts';

/** The settings of each part of the user interface, in groups, with their defaults. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, JsonObject>>>> = {
  lina: { file: { has_secret_key: false } },
  luna: {
    basic: { is_async_asset_tree: true, connect_default_open_method: 'current' },
    graphics: { rdp_resolution: 'auto', keyboard_layout: 'en-us-qwerty', applet_connection_method: 'web' },
    command_line: { character_terminal_font_size: 14, is_backspace_as_ctrl_h: false },
  },
  koko: { basic: { file_name_conflict_resolution: 'replace', terminal_theme_name: 'Default' } },
};

function partOf(x: Exchange): { category: string; groups: Readonly<Record<string, JsonObject>> } {
  const category = x.query.get('category') ?? '';
  const groups = DEFAULTS[category];
  if (groups === undefined) throw forbidden();
  return { category, groups };
}

const kept = (x: Exchange, category: string): readonly Row[] =>
  x.world.store
    .table('preferences')
    .where('user', caller(x).id)
    .filter((row) => row.category === category);

function read(x: Exchange): JsonObject {
  const { category, groups } = partOf(x);
  const values = Object.fromEntries(kept(x, category).map((row) => [String(row.name), row.value ?? null]));
  return Object.fromEntries(
    Object.entries(groups).map(([group, settings]) => [
      group,
      Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, values[name] ?? value])),
    ]),
  );
}

/** Stores known settings one by one; a value of another kind than the default's is refused, unknown names are dropped. */
function write(x: Exchange): Json {
  const { category, groups } = partOf(x);
  const given = Object.entries(objectBody(x)).flatMap(([group, settings]) =>
    Object.entries(isObject(settings) ? settings : {})
      .filter(([name]) => groups[group]?.[name] !== undefined)
      .map(([name, value]) => ({ group, name, value })),
  );
  for (const { group, name, value } of given) {
    if (typeof value !== typeof groups[group]?.[name]) throw new ApiError(400, { [group]: { [name]: [says.text] } });
  }
  const table = x.world.store.table('preferences');
  for (const { name, value } of given) {
    const row = kept(x, category).find((one) => one.name === name);
    if (row) table.update(row.id, { value });
    else table.insert({ id: x.world.chance.uuid(), user: caller(x).id, category, name, value });
  }
  return read(x);
}

const path = '/api/v1/users/preference';

/** The caller's settings of a part of the user interface (api.md §1.5). */
export const preferenceRoutes: Route[] = [
  { method: 'GET', path, perm: 'any', run: read, since: '4.9.0' },
  { method: 'PUT PATCH', path, perm: 'any', run: write, since: '4.9.0' },
  {
    method: 'DELETE',
    path,
    perm: 'any',
    since: '4.10.19',
    run: (x) => {
      const { category } = partOf(x);
      for (const row of kept(x, category)) x.world.store.table('preferences').remove(row.id);
      return reply(204);
    },
  },
];
