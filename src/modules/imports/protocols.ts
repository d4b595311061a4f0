import { chunksOf } from '../../graph/chunk.ts';
import { isRow, type Row } from '../../graph/row.ts';
import { send } from '../../graph/write-send.ts';
import { isUpstreamError } from '../../upstream/index.ts';
import { ASSET_ROW, type AssetDraft } from './asset-drafts.ts';
import { type Job, rowPath } from './job.ts';
import { hasProtocols } from './platforms.ts';

/** Assets in one array of changes: small bodies. */
const MENDED = 250;
/** Single changes under way at a time. */
const WORKERS = 4;

/**
 * Gives assets the protocols that they were created with. From an array JumpServer keeps those of the last asset alone (recorded "bulk create
 * hosts without accounts", all versions), and nobody can connect to an asset without any. What the answer to an array of changes does
 * not show is changed one by one, since that array may suffer the same.
 */
export async function mendProtocols(job: Job, drafts: readonly AssetDraft[]): Promise<void> {
  let isArrayGood = true;
  for (const chunk of chunksOf(drafts, MENDED)) {
    if (job.isStopped) return;
    const left: readonly AssetDraft[] = isArrayGood ? await mendTogether(job, chunk) : chunk;
    isArrayGood &&= left.length === 0;
    await mendSingly(job, left);
  }
}

/** Answers the assets that do not have their protocols yet. */
async function mendTogether(job: Job, drafts: readonly AssetDraft[]): Promise<readonly AssetDraft[]> {
  const body = drafts.map(({ id, protocols }) => ({ id, protocols }));
  try {
    const answer = await send(job.source.session, 'PATCH /assets/assets/', { body });
    const rows = Array.isArray(answer) ? answer.filter(isRow) : [];
    const byId = new Map(rows.map((row): [string, Row] => [String(row['id']).toLowerCase(), row]));
    return drafts.filter(({ id, protocols }) => !hasProtocols(byId.get(id), protocols));
  } catch (error) {
    if (!isUpstreamError(error)) throw error;
    return drafts;
  }
}

async function mendSingly(job: Job, drafts: readonly AssetDraft[]): Promise<void> {
  const queue = [...drafts];
  const work = async (): Promise<void> => {
    for (let draft = queue.shift(); draft && !job.isStopped; draft = queue.shift()) await mendOne(job, draft);
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  for (const { row } of queue) job.ledger.fail(row, [unmended(row, 'The import was stopped before they were set.')]);
}

async function mendOne(job: Job, { id, row, protocols }: AssetDraft): Promise<void> {
  const body = { protocols };
  try {
    await send(job.source.session, 'PATCH /assets/assets/{id}/', { path: { id }, body });
  } catch (error) {
    const told = job.write.tell(error, { field: rowPath(row), subject: rowPath(row), type: ASSET_ROW, body });
    job.ledger.fail(row, told ?? [unmended(row, 'JumpServer did not take them.')]);
    if (!told) job.stop(error);
  }
}

function unmended(row: number, why: string) {
  const message = `The asset stands without its protocols: ${why} Send the same again, with the same idempotencyKey.`;
  return { field: rowPath(row, 'protocols'), code: 'OUTCOME_UNKNOWN' as const, message };
}
