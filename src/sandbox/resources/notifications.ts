import { membersOf } from '../access.ts';
import { ApiError, says } from '../errors.ts';
import { caller, type Exchange, objectBody } from '../exchange.ts';
import { bool, computed, dateCreated, id, moment } from '../fields.ts';
import { flag, uuid } from '../filters.ts';
import type { Action, Condition, Resource } from '../resource.ts';
import type { Id, Row } from '../types.ts';
import { idsOf, textOf } from '../world.ts';

const own = (x: Exchange): Condition[] => [{ column: 'user', values: new Set([caller(x).id]) }];

const ownMessages = (x: Exchange): readonly Row[] => x.world.store.table('site-messages').where('user', caller(x).id);

const unreadTotal: Action = {
  method: 'GET',
  path: 'unread-total',
  perm: 'any',
  run: (x) => ({ total: ownMessages(x).filter((message) => message.has_read !== true).length }),
};

function markAsRead(x: Exchange, wanted: (message: Row) => boolean): void {
  const messages = x.world.store.table('site-messages');
  for (const message of ownMessages(x).filter(wanted)) {
    messages.update(message.id, { has_read: true, read_at: x.world.now() });
  }
}

const markSome: Action = {
  method: 'PATCH',
  path: 'mark-as-read',
  perm: 'any',
  run: (x) => {
    const ids = new Set(idsOf(objectBody(x).ids));
    markAsRead(x, (message) => ids.has(message.id));
    return { detail: 'ok' };
  },
};

const markAll: Action = {
  method: 'PATCH',
  path: 'mark-as-read-all',
  perm: 'any',
  run: (x) => {
    markAsRead(x, (message) => message.has_read !== true);
    return { detail: 'ok' };
  },
};

function recipients(x: Exchange): Id[] {
  const body = objectBody(x);
  const { store } = x.world;
  if (body.is_broadcast === true) return [...store.table('users').all()].map((user) => user.id);
  const members = idsOf(body.group_ids).flatMap((group) => membersOf(x.world, group));
  return [...new Set([...idsOf(body.user_ids), ...members])];
}

/** `POST send/ {subject, message, user_ids, group_ids, is_broadcast}`: a copy for each recipient. */
const send: Action = {
  method: 'POST',
  path: 'send',
  perm: 'notifications.add_sitemessage',
  run: (x) => {
    const { subject, message } = objectBody(x);
    const empty = { subject, message };
    const faults = Object.entries(empty).filter(([, value]) => textOf(value).trim() === '');
    if (faults.length > 0) throw new ApiError(400, Object.fromEntries(faults.map(([name]) => [name, [says.blank]])));
    for (const user of recipients(x)) {
      x.world.store.table('site-messages').insert({
        id: x.world.chance.uuid(),
        user,
        subject: textOf(subject),
        message: textOf(message),
        sender: caller(x).id,
        has_read: false,
        read_at: null,
        date_created: x.world.now(),
      });
    }
    return { detail: 'ok' };
  },
};

/** Messages within the site, each caller's own (api.md §5.18). */
export const notifications: readonly Resource[] = [
  {
    table: 'site-messages',
    path: 'notifications/site-messages',
    noun: 'SiteMessage',
    model: 'notifications.sitemessage',
    perms: { view: 'any' },
    scope: 'global',
    projected: false,
    methods: 'LR',
    order: ['-date_created'],
    only: own,
    filters: { id: uuid('id'), has_read: flag('has_read') },
    fields: [
      id(),
      bool('has_read', { mode: 'ro' }),
      moment('read_at', { mode: 'ro' }),
      computed('content', 'nested object', (row) => ({
        id: row.id,
        subject: row.subject ?? '',
        message: row.message ?? '',
        sender: row.sender ?? null,
      })),
      dateCreated(),
    ],
    actions: [unreadTotal, markSome, markAll, send],
  },
];
