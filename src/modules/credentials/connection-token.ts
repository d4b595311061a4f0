import { fromGlobalId } from '../../graph/identity.ts';
import { isRow } from '../../graph/row.ts';
import { mutation, refuse, type Write } from '../../graph/write.ts';
import { isUpstreamError } from '../../upstream/index.ts';
import { partSecret } from './told-once.ts';

/** What JumpServer says when no permission opens that account on the asset (recorded "connection token"). */
const NO_ACCOUNT = 'perm_account_invalid';

/** Makes a token to connect with (api.md §5.13). JumpServer names accounts by id or `@…`; ours are taken too. */
export const createConnectionToken = mutation(async (write) => {
  const body = { ...write.newBody(), account: toAlias(String(write.input['account'])) };
  const query = write.input['createTicket'] === true ? { create_ticket: 1 } : {};
  const answer = await write.send('POST /authentication/connection-token/', { body, query }).catch(accountFault);
  const { row, secret } = partSecret(answer, 'value');
  return { connectionToken: row, value: secret, warnings: warningsOf(write, row['from_ticket']) };
});

function toAlias(account: string): string {
  const global = fromGlobalId(account);
  return global?.type === 'Account' ? global.id : account;
}

function accountFault(error: unknown): never {
  if (isUpstreamError(error) && isRow(error.body) && error.body['code'] === NO_ACCOUNT)
    refuse([{ field: ['account'], code: 'NOT_FOUND', message: 'No permission opens this account to the caller.' }]);
  throw error;
}

/** A token that waits for a ticket can't be used yet. */
function warningsOf({ input }: Write, ticket: unknown) {
  if (input['createTicket'] !== true || ticket === null || ticket === undefined) return [];
  return [{ code: 'REVIEW_PENDING', message: 'The token can be used once its ticket is approved.' }];
}
