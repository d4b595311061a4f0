import { catalogue } from '../../generated/catalogue.ts';
import { createListResolver } from '../../graph/resolve.ts';
import type { Resolvers } from '../../graph/served.ts';
import { nounOf } from '../noun.ts';

/** Accounts, and templates of accounts, from which a session could switch to one. */
export const accountCandidates = {
  Account: {
    suFromCandidates: createListResolver(catalogue, nounOf('Account'), (row) => ({
      params: { account: String(row['id']) },
      route: { path: '/accounts/accounts/su-from-accounts/' },
    })),
  },
  AccountTemplate: {
    suFromCandidates: createListResolver(catalogue, nounOf('AccountTemplate'), (row) => ({
      params: { template_id: String(row['id']) },
      route: { path: '/accounts/account-templates/su-from-account-templates/' },
    })),
  },
} satisfies Resolvers;
