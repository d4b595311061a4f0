import { isNothing } from '../../graph/write-words.ts';
import { ACCOUNT_ROW, type AccountDraft } from './account-drafts.ts';
import type { AssetDraft } from './asset-drafts.ts';
import { type Job, rowPath } from './job.ts';
import { moved, readKnown } from './known.ts';
import { sendRows } from './send-rows.ts';

type Standing = ReadonlyMap<number, 'created' | 'known'>;

/** Creates the accounts of assets that stand. Only where an asset stood before can accounts of an earlier call be there. */
export async function sendAccounts(job: Job, assets: readonly AssetDraft[], standing: Standing): Promise<void> {
  const fresh: AccountDraft[] = [];
  const perhaps: AccountDraft[] = [];
  for (const { row, accounts } of assets) (standing.get(row) === 'known' ? perhaps : fresh).push(...accounts);
  if (job.isStopped) return refuseUnsent(job, [...fresh, ...perhaps]);
  const known = await readThere(job, perhaps);
  const open = [...perhaps.filter(({ id }) => !known.has(id)), ...fresh];
  const assetIds = new Map(assets.map(({ row, id }) => [row, id]));
  const done = new Set<string>();
  const note = ({ id }: { readonly id: string }) => {
    done.add(id);
  };
  const items = open.map((draft) => ({ ...draft, body: { ...draft.body, asset: assetIds.get(draft.row) } }));
  await sendRows(job, items, {
    operation: 'POST /accounts/accounts/',
    noun: 'Account',
    type: ACCOUNT_ROW,
    created: note,
    known: note,
  });
  refuseUnsent(
    job,
    open.filter(({ id, row }) => !done.has(id) && !job.ledger.hasFailed(row)),
  );
}

/**
 * Which of these accounts are there; one that is another user's makes its row fail. Assets have been written by now, so a failure ends the
 * import and is not its answer.
 */
async function readThere(job: Job, drafts: readonly AccountDraft[]): Promise<{ has(id: string): boolean }> {
  const candidates = drafts.map(({ id }) => ({ id, unique: {} }));
  try {
    const { byId } = await readKnown(job, 'Account', candidates, ['username']);
    for (const { row, id, field, body } of drafts) {
      const username = byId.get(id)?.['username'];
      if (username !== undefined && !isNothing(body['username']) && username !== String(body['username']).trim())
        job.ledger.fail(row, [moved([...field, 'username'], username)]);
    }
    return byId;
  } catch (error) {
    job.stop(error);
    return new Set();
  }
}

/** The asset stands, so its row must not look whole. */
function refuseUnsent(job: Job, drafts: readonly AccountDraft[]): void {
  const rows = new Set(drafts.map(({ row }) => row));
  for (const row of rows) {
    const message =
      'The asset stands, but not all of its accounts were sent. Send the same again, with the same idempotencyKey.';
    job.ledger.fail(row, [{ field: rowPath(row, 'accounts'), code: 'OUTCOME_UNKNOWN', message }]);
  }
}
