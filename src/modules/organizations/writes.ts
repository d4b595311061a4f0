import type { Resolvers } from '../../graph/served.ts';
import { remove } from '../../graph/write-plain.ts';
import { licensedWrites } from '../licensed.ts';

/** Without a licence 4.10.16 creates organisations, 4.10.19 does not (recorded "create org"). */
const { create, update } = licensedWrites('Organization', { since: '4.10.17' });

/** Writes of organisations. */
export const organizationWrites = {
  Mutation: {
    createOrganization: create,
    updateOrganization: update,
    deleteOrganization: remove('Organization'),
  },
} satisfies Resolvers;
