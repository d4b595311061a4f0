import { ApiError, refused, says } from '../errors.ts';
import { caller, type Exchange, objectBody } from '../exchange.ts';
import { userText } from '../operate-log.ts';
import type { Action, Resource } from '../resource.ts';
import { reply } from '../resource.ts';
import { toServerTime } from '../time.ts';
import type { Json, Row } from '../types.ts';
import { textOf } from '../world.ts';

function mustFindTicket(x: Exchange): Row {
  const key = x.query.get('ticket_id');
  const ticket = key === null ? undefined : x.world.store.table('tickets').get(key);
  if (ticket === undefined) throw refused('error', 'Say by ticket_id which ticket it is about.');
  return ticket;
}

const commentAnswer = (row: Row, x: Exchange): Json => ({
  id: row.id,
  body: row.body ?? '',
  user_display: row.user_display ?? '',
  date_created: toServerTime(Number(row.date_created), x.zone),
  date_updated: toServerTime(Number(row.date_updated), x.zone),
  ticket: row.ticket ?? null,
  user: row.user ?? null,
});

const listComments: Action = {
  method: 'GET OPTIONS',
  path: '',
  perm: 'any',
  run: (x) => {
    const ticket = mustFindTicket(x);
    return [...x.world.store.table('ticket-comments').where('ticket', ticket.id)].map((row) => commentAnswer(row, x));
  },
};

const addComment: Action = {
  method: 'POST',
  path: '',
  perm: 'any',
  run: (x) => {
    const ticket = mustFindTicket(x);
    const body = textOf(objectBody(x).body);
    if (body === '') throw new ApiError(400, { body: [says.required] });
    const now = x.world.now();
    const row = x.world.store.table('ticket-comments').insert({
      id: x.world.chance.uuid(),
      body,
      ticket: ticket.id,
      user: caller(x).id,
      user_display: userText(caller(x)),
      date_created: now,
      date_updated: now,
    });
    return reply(201, commentAnswer(row, x));
  },
};

/** What is said about a ticket: `tickets/comments/?ticket_id=`. */
export const ticketComments: Resource = {
  table: 'ticket-comments',
  path: 'tickets/comments',
  noun: 'Comment',
  model: 'tickets.comment',
  scope: 'global',
  methods: '',
  noOptions: true,
  order: ['date_created'],
  fields: [],
  actions: [listComments, addComment],
};
