import { type Exchange, lookOf } from '../exchange.ts';
import { selectRows, toPage } from '../lists.ts';
import type { Action, Resource } from '../resource.ts';
import { fieldsOf, toAnswer } from '../rows.ts';
import type { Json, Row } from '../types.ts';

const MOST = 10;

/** `suggestions/`: at most ten mini rows that fit the search, throttled on its own (api.md §4). */
export function suggestions(perm: string, options: { everywhere?: boolean } = {}): Action {
  return {
    method: 'GET',
    path: 'suggestions',
    perm,
    run: (x) => answer(x, options.everywhere === true),
  };
}

function answer(x: Exchange, everywhere: boolean): Json {
  const resource = x.world.resources.find((one) => x.url.pathname === `/api/v1/${one.path}/suggestions/`);
  if (resource === undefined) return [];
  const shown: Resource = everywhere ? { ...resource, scope: 'global' } : resource;
  const rows = selectRows(shown, x).slice(0, MOST);
  const look = lookOf(x, 'L');
  const fields = fieldsOf(resource, x.world.version, 'L');
  return toPage(x, { length: rows.length, slice: (from, to) => rows.slice(from, to) }, (row: Row) =>
    toAnswer(row, fields, look),
  );
}
