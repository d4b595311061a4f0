import { engineOf } from '../../access/engines.ts';
import { toAccessPermission } from '../../access/rows.ts';
import type { Row } from '../../graph/row.ts';
import { type Input, toBody } from '../../graph/write-body.ts';
import { Refused } from '../../graph/write-refusal.ts';
import { toImpactObject } from '../access/impact.ts';
import { inGraphWords, toScene } from '../access/scene.ts';
import { assertGrants } from '../permissions/rules.ts';
import { toLabels } from './bodies.ts';
import { createJob, importing, type Job, rowPath } from './job.ts';
import { finishPlain, type PlainDraft } from './plain.ts';
import { normalizePath } from './references.ts';
import { type Related, type Resolved, readRelated } from './related.ts';

/** The input type of one row. */
const PERMISSION_ROW = 'ImportPermissionInput';

/** Creates permissions. A dry run tells what all sound rows together would do to effective access. */
export const importPermissions = importing(async (write) => {
  const job = await createJob(write, 'Permission', 'permission');
  const resolve = await readRelated(job, RELATED);
  const drafts = job.rows.flatMap((input, row) => draftPermission(job, resolve(row, input), row, input) ?? []);
  const fresh = await finishPlain(job, drafts, {
    operation: 'POST /perms/asset-permissions/',
    type: PERMISSION_ROW,
    fields: { name: 'name' },
  });
  const impact = job.isDry ? await previewOf(job, fresh) : null;
  return { ...job.finish(), impact };
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

function draftPermission(job: Job, related: Resolved, row: number, input: Input): PlainDraft | undefined {
  const errors = [...related.errors];
  const leftOut = [...Object.keys(RELATED), 'labels'];
  const body = {
    ...toBody(job.write.catalogue, PERMISSION_ROW, input, leftOut, rowPath(row).join('.')),
    ...related.body,
    ...toLabels(input),
  };
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
function grantErrors(row: number, body: Row) {
  try {
    assertGrants(body);
    return [];
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.errors.map((each) => ({ ...each, field: rowPath(row, ...each.field) }));
  }
}

async function previewOf({ write }: Job, drafts: readonly PlainDraft[]) {
  const { context, scope, info } = write;
  return inGraphWords(async () => {
    const engine = await engineOf(context.home, scope.session);
    const upserts = drafts.map(({ id, body }) =>
      toAccessPermission({ ...defaultsAt(engine.inputs.asOf), ...body, id }),
    );
    return toImpactObject(engine, { upserts }, toScene(engine, scope, context, info));
  });
}

/** What JumpServer gives a permission that does not say it (api.md §5.9). */
function defaultsAt(now: number): Row {
  const end = new Date(now + 70 * 365.25 * 86_400_000).toISOString();
  return { protocols: ['all'], users: [], user_groups: [], assets: [], nodes: [], date_expired: end };
}
