import { isRow } from '../../graph/row.ts';

/** Accounts that come with an asset need a name; an account by itself is named after its user (api.md §5.3, §5.8). */
export function nameAccounts(body: Record<string, unknown>): void {
  const accounts = body['accounts'];
  if (!Array.isArray(accounts)) return;
  body['accounts'] = accounts.map((account) =>
    isRow(account) && !account['name'] && account['username'] ? { ...account, name: account['username'] } : account,
  );
}
