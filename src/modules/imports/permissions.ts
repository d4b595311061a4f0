import type { AccessEngine } from '../../access/engine.ts';
import { engineOf } from '../../access/engines.ts';
import type { AccessPermission } from '../../access/inputs.ts';
import type { Write } from '../../graph/write.ts';
import { type Body, type Input, toBody } from '../../graph/write-body.ts';
import { Refused } from '../../graph/write-refusal.ts';
import { tellsImpact, toImpactObject } from '../access/impact.ts';
import { inGraphWords } from '../access/scene.ts';
import { toPlanned } from '../permissions/planned.ts';
import { assertGrants } from '../permissions/rules.ts';
import { createJob, importing, type Job, rowPath } from './job.ts';
import { readLabels } from './labels.ts';
import { finishPlain, type PlainDraft } from './plain.ts';
import { normalizePath } from './references.ts';
import { type Related, type Resolved, readRelated } from './related.ts';

/** The input type of one row. */
const PERMISSION_ROW = 'ImportPermissionInput';

/** Creates permissions. Tells what all of them together do to effective access, in a dry run what the sound ones would do. */
export const importPermissions = importing(async (write) => {
  const job = await createJob(write, 'Permission', 'permission');
  const before = tellsImpact(write) ? await engineBefore(write) : undefined;
  const [resolve, labels] = await Promise.all([readRelated(job, RELATED), readLabels(job)]);
  const drafts = job.rows.flatMap(
    (input, row) => draftPermission(job, [resolve(row, input), labels(row, input)], row, input) ?? [],
  );
  const planned = before && planAll(drafts, before);
  const fresh = await finishPlain(job, drafts, {
    operation: 'POST /perms/asset-permissions/',
    type: PERMISSION_ROW,
    fields: { name: 'name' },
  });
  const outcome = job.finish();
  if (!before || !planned) return outcome;
  const written = job.isDry ? fresh : fresh.filter(({ row }) => job.ledger.hasCreated(row));
  const upserts = written.flatMap(({ id }) => planned.get(id) ?? []);
  return { ...outcome, impact: toImpactObject(before, { upserts }, write) };
});

/** Lists of the input that refer to something, and how that is named. */
const RELATED: Readonly<Record<string, Related>> = {
  users: { noun: 'User', field: 'username', property: 'username', isSmall: false, to: 'users' },
  userGroups: { noun: 'UserGroup', field: 'name', property: 'name', isSmall: false, to: 'user_groups' },
  assets: { noun: 'Asset', field: 'name', property: 'name', isSmall: false, to: 'assets' },
  nodes: {
    noun: 'AssetNode',
    field: 'path',
    property: 'full_value',
    isSmall: true,
    normalize: normalizePath,
    to: 'nodes',
  },
};

function draftPermission(job: Job, related: readonly Resolved[], row: number, input: Input): PlainDraft | undefined {
  const errors = related.flatMap((one) => one.errors);
  const leftOut = [...Object.keys(RELATED), 'labels'];
  const body: Body = Object.assign(
    toBody(job.write.catalogue, PERMISSION_ROW, input, leftOut, rowPath(row).join('.')),
    ...related.map((one) => one.body),
  );
  if (errors.length === 0) errors.push(...grantErrors(row, body));
  const name = String(input['name']).trim();
  if (name === '')
    errors.push({ field: rowPath(row, 'name'), code: 'REQUIRED' as const, message: 'It must not be empty.' });
  if (errors.length > 0) {
    job.ledger.fail(row, errors);
    return undefined;
  }
  return { row, id: job.toId('permission', job.numberOf(row)), unique: { name }, body };
}

/** The rules of `grantPermission`, told of the row. */
function grantErrors(row: number, body: Body) {
  try {
    assertGrants(body);
    return [];
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.errors.map((each) => ({ ...each, field: rowPath(row, ...each.field) }));
  }
}

function engineBefore({ context, scope }: Write): Promise<AccessEngine> {
  return inGraphWords(() => engineOf(context.home, scope.session));
}

/** The permissions as they are to be, by id; worked out before anything is sent. */
function planAll(drafts: readonly PlainDraft[], before: AccessEngine): ReadonlyMap<string, AccessPermission> {
  return new Map(drafts.map(({ id, body }) => [id, toPlanned({ ...body, id }, before)]));
}
