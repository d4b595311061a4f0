import { sendAccounts } from './accounts.ts';
import { ASSET_ROW, type AssetDraft, type AssetReferences, draftAsset } from './asset-drafts.ts';
import { createJob, importing, type Job, rowPath } from './job.ts';
import { type Known, readKnown, sortOut } from './known.ts';
import { readLabels } from './labels.ts';
import { createPlaces, type Places } from './places.ts';
import { hasProtocols, operationOf } from './platforms.ts';
import { mendProtocols } from './protocols.ts';
import { createLookup } from './references.ts';
import { sendRows } from './send-rows.ts';
import { refuseTwins } from './twins.ts';

/** Creates assets of any categories, each at the address of its own, and their accounts after them: JumpServer refuses both in one array. */
export const importAssets = importing(async (write) => {
  const job = await createJob(write, 'Asset', 'asset');
  const references = await readReferences(job);
  const drafts = job.rows.flatMap((input, row) => draftAsset(job, references, row, input) ?? []);
  refuseTwins(job, drafts);
  const known = await readKnown(job, 'Asset', left(job, drafts), ['protocols'], { name: 'name' });
  const fresh = sortOut(job, left(job, drafts), known);
  if (job.mayWrite()) await writeAssets(job, references.places, left(job, drafts), fresh, known);
  return job.finish();
});

async function readReferences(job: Job): Promise<AssetReferences> {
  const accounts = job.rows.flatMap((row) => (row['accounts'] ?? []) as readonly Readonly<Record<string, unknown>>[]);
  const [platforms, templates, places, labels] = await Promise.all([
    createLookup(
      job,
      PLATFORMS,
      job.rows.map((row) => row['platform']),
    ),
    createLookup(
      job,
      TEMPLATES,
      accounts.map((account) => account['template']),
    ),
    createPlaces(job),
    readLabels(job),
  ]);
  return { platforms, templates, places, labels };
}

const PLATFORMS = {
  noun: 'Platform',
  field: 'name',
  property: 'name',
  more: ['category', 'protocols'],
  isSmall: true,
} as const;
const TEMPLATES = { noun: 'AccountTemplate', field: 'name', property: 'name', isSmall: true } as const;

function left(job: Job, drafts: readonly AssetDraft[]): readonly AssetDraft[] {
  return drafts.filter(({ row }) => !job.ledger.hasFailed(row));
}

async function writeAssets(
  job: Job,
  places: Places,
  drafts: readonly AssetDraft[],
  fresh: readonly AssetDraft[],
  known: Known,
): Promise<void> {
  await places.createMissing(fresh);
  const standing = new Map<number, 'created' | 'known'>();
  const bare: AssetDraft[] = [];
  for (const draft of drafts) {
    const row = known.byId.get(draft.id);
    if (!row) continue;
    standing.set(draft.row, 'known');
    // Left behind by a call that ended between the two steps.
    if (draft.protocols.length > 0 && hasProtocols(row, [])) bare.push(draft);
  }
  for (const [category, group] of groupBy(left(job, fresh), ({ category }) => category))
    await sendCategory(job, places, category, group, standing, bare);
  await mendProtocols(job, bare);
  const accounts = drafts.filter(({ row }) => standing.has(row));
  await sendAccounts(job, accounts, standing);
}

async function sendCategory(
  job: Job,
  places: Places,
  category: string,
  drafts: readonly AssetDraft[],
  standing: Map<number, 'created' | 'known'>,
  bare: AssetDraft[],
): Promise<void> {
  const operation = operationOf(category);
  if (!operation) return;
  const byRow = new Map(drafts.map((draft) => [draft.row, draft]));
  const items = drafts.map(({ row, id, body, input }) => ({
    row,
    id,
    body: { ...body, ...places.toBody(input) },
    field: rowPath(row),
  }));
  await sendRows(job, items, {
    operation,
    noun: 'Asset',
    type: ASSET_ROW,
    created: ({ row, id }, answer) => {
      job.ledger.create(row, id);
      standing.set(row, 'created');
      const draft = byRow.get(row);
      if (draft && !hasProtocols(answer, draft.protocols)) bare.push(draft);
    },
    known: ({ row, id }) => {
      job.ledger.skip(row, id);
      standing.set(row, 'known');
    },
  });
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
