import type { Exchange } from './exchange.ts';
import type { Resource } from './resource.ts';
import type { Row } from './types.ts';
import { textOf } from './world.ts';

/** How a user is written in logs: `Name(username)`. */
export function userText(user: Row | null): string {
  return user === null ? 'System' : `${textOf(user.name)}(${textOf(user.username)})`;
}

/** A noun in words: `UserGroup` is `User group`. */
export function inWords(noun: string): string {
  const words = noun.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const SILENT = new Set([
  'LabeledResource',
  'FavoriteAsset',
  'AccessKey',
  'TempToken',
  'ConnectionToken',
  'Session',
  'Command',
]);

/** Notes a write in the operate log, as the server does for what people administer. */
export function logOperation(x: Exchange, action: string, resource: Resource, row: Row): void {
  if (SILENT.has(resource.noun)) return;
  x.world.store.table('operate-logs').insert({
    id: x.world.chance.uuid(),
    user: userText(x.user),
    action,
    resource_type: inWords(resource.noun),
    resource: textOf(row.name ?? row.title ?? row.value ?? row.id),
    resource_id: row.id,
    remote_addr: x.address,
    org_id: textOf(row.org_id) || x.org,
    datetime: x.world.now(),
    diff: {},
  });
}
