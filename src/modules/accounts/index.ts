import type { Resolvers } from '../../graph/served.ts';
import { create, removeMany, update } from '../../graph/write-plain.ts';
import { createAccounts } from './create-many.ts';
import { revealAccountSecret } from './reveal.ts';
import { clearAccountSecrets, runTask, syncAccountTemplate } from './tasks.ts';

/** Writes of accounts and their templates. */
export const accounts = {
  Mutation: {
    createAccount: create('Account'),
    updateAccount: update('Account'),
    deleteAccounts: removeMany('Account'),
    createAccounts,
    verifyAccounts: runTask('verify'),
    pushAccounts: runTask('push'),
    clearAccountSecrets,
    revealAccountSecret,
    createAccountTemplate: create('AccountTemplate'),
    updateAccountTemplate: update('AccountTemplate'),
    syncAccountTemplate,
    deleteAccountTemplates: removeMany('AccountTemplate'),
  },
} satisfies Resolvers;
