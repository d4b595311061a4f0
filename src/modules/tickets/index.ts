import type { Resolvers } from '../../graph/served.ts';
import { done, mutation } from '../../graph/write.ts';
import { knownRow } from '../../graph/write-known.ts';
import { remove } from '../../graph/write-plain.ts';
import { approveTicket, settle } from './decide.ts';
import { createTicketFlow, ticketFlowOptions, updateTicketFlow } from './flows.ts';
import { requestAccess } from './request.ts';

const commentTicket = mutation(async (write) => {
  const body = write.body(['id']);
  await knownRow(write, 'Ticket', 'id');
  const query = { ticket_id: write.id('id') };
  return done(write, 'TicketComment', await write.send('POST /tickets/comments/', { query, body }), body);
});

/** Writes of tickets, and who would decide them. */
export const tickets = {
  Query: { ticketFlowOptions },
  Mutation: {
    requestAccess,
    approveTicket,
    rejectTicket: settle('PUT /tickets/tickets/{id}/reject/'),
    closeTicket: settle('PUT /tickets/tickets/{id}/close/'),
    commentTicket,
    createTicketFlow,
    updateTicketFlow,
    deleteTicketFlow: remove('TicketFlow'),
  },
} satisfies Resolvers;
