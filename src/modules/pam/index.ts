import type { GraphContext } from '../../graph/context.ts';
import { getJson } from '../../graph/fetch.ts';
import type { Resolvers } from '../../graph/served.ts';
import { globalId, mutation, refuse } from '../../graph/write.ts';
import { cookieOf } from '../../graph/write-confirm.ts';
import { knownRows } from '../../graph/write-known.ts';
import { create, remove, removeMany, removeRows, someReferences, update } from '../../graph/write-plain.ts';
import { sendOnce } from '../../graph/write-send.ts';
import { settleReach } from '../acls/reach.ts';
import { licensed } from '../licensed.ts';

/** Older servers would take the route's last word for the id of a row. */
const NO_STATUS = {
  field: [],
  code: 'UNSUPPORTED_BY_SERVER',
  message: 'The connected JumpServer keeps no status of found accounts.',
} as const;

/** JumpServer leaves unknown ids out without a word, and compares the status as a text (`"1"`), never as a number. */
const setGatheredAccountsStatus = mutation(async (write) => {
  const ids = someReferences(write, 'ids').map(({ id }) => id);
  if (!(await write.scope.session.capabilities()).has('pam')) refuse([NO_STATUS]);
  await knownRows(write, 'GatheredAccount', 'ids');
  const { status } = write.body();
  await write.send('PUT /accounts/gathered-accounts/status/', { body: { ids, status: String(status) } });
  return { gatheredAccounts: ids.map((id) => ({ id })) };
});

/** JumpServer answers what it did in its own words, or the account; neither says more than that it was done. */
const handleAccountRisk = mutation(
  licensed(async (write) => {
    await write.send('POST /accounts/account-risks/handle/', { body: write.body() });
    return { asset: { id: write.id('asset') } };
  }),
);

const deleteChangeSecretProgress = mutation(
  licensed(async (write) => {
    const id = write.id('id');
    await write.send(write.operation('DELETE'), { path: { id } });
    return { deletedIds: [globalId('ChangeSecretProgress', id)] };
  }),
);

/** JumpServer renews the secret on a GET, and answers it: the answer is left aside (graph.md §1). */
const refreshIntegrationApplicationSecret = mutation(async (write) => {
  const id = write.id('id');
  const cookie = cookieOf(write.context, write.input['challenge']);
  const operation = 'GET /accounts/integration-applications/{id}/refresh-secret/';
  await sendOnce(write.scope.session, operation, { path: { id }, cookie });
  return { integrationApplication: { id } };
});

/** What watches over accounts: what was found, what is wrong, and which programs may read secrets. */
export const pam = {
  Query: {
    integrationSdk: (_source: unknown, { language }: { language: string }, context: GraphContext) =>
      getJson(context.session, '/accounts/integration-applications/sdks/', { language }),
  },
  Mutation: {
    setGatheredAccountsStatus,
    deleteGatheredAccounts: removeMany('GatheredAccount'),
    handleAccountRisk,
    deleteAccountRisks: mutation(licensed(removeRows('AccountRisk'))),
    deleteChangeSecretProgress,
    createIntegrationApplication: create('IntegrationApplication', settleReach),
    updateIntegrationApplication: update('IntegrationApplication', settleReach),
    deleteIntegrationApplication: remove('IntegrationApplication'),
    refreshIntegrationApplicationSecret,
    updateVirtualAccount: update('VirtualAccount'),
  },
} satisfies Resolvers;
