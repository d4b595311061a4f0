import { toActionNames } from '../../access/actions.ts';
import { type AccessDecision, checkAccess } from '../../access/check.ts';
import type { AccessCheckArgs } from '../../generated/resolvers.ts';
import { badInput, GraphError } from '../../graph/errors.ts';
import { getJson } from '../../graph/fetch.ts';
import { isRow, relatedId } from '../../graph/row.ts';
import { isUpstreamError } from '../../upstream/index.ts';
import { toId, toTime } from './filter.ts';
import { toIsoText, toPathRow } from './rows.ts';
import { type Scene, withEngine } from './scene.ts';

/** `Access.check`. */
export const check = withEngine(async (_source, args: AccessCheckArgs, scene) => {
  const { catalogue } = scene.context;
  const user = toId(catalogue, 'User', args.user, 'user');
  const asset = toId(catalogue, 'Asset', args.asset, 'asset');
  const at = toTime(args.at);
  if (args.verify === true && at !== undefined) {
    throw badInput('verify: expected without at, since JumpServer knows only what holds now.');
  }
  const decision = checkAccess(scene.engine, user, asset, at);
  if (!decision) throw unknown(scene, user);
  if (args.verify === true) await verify(scene, decision);
  return toDecisionObject(decision, scene);
});

function unknown({ engine }: Scene, user: string): GraphError {
  const what = engine.context.userAt.has(user) ? 'asset' : 'user';
  return new GraphError('NOT_FOUND', `${what}: this organisation has none with that id.`);
}

function toDecisionObject(decision: AccessDecision, { mark }: Scene) {
  const { user, asset, allowed, actions, accounts, protocols, expiresAt, blockedBy, paths, asOf } = decision;
  return mark({
    user,
    asset,
    allowed,
    actions: toActionNames(actions),
    accounts,
    protocols,
    expiresAt: toIsoText(expiresAt),
    blockedBy,
    paths: paths.map((path) => mark(toPathRow(path))),
    asOf: toIsoText(asOf),
  });
}

/** Asks JumpServer whether the asset is in the user's own tree, which may lag behind the permissions (api.md §5.10). */
async function verify({ scope, context }: Scene, { user, asset, allowed }: AccessDecision): Promise<void> {
  const answer = await getJson(
    scope.session,
    '/perms/users/{user}/assets/',
    { ids: [asset.id], fields: ['id'], limit: 1 },
    { user: user.id },
  ).catch((error: unknown) => {
    if (isUpstreamError(error, 'NOT_FOUND')) return [];
    throw error;
  });
  const rows = Array.isArray(answer) ? answer : isRow(answer) ? answer['results'] : [];
  const isListed = Array.isArray(rows) && rows.some((row) => relatedId(row) === asset.id);
  if (isListed === allowed) return;
  const [says, grants] = [isListed ? 'lists' : 'does not list', allowed ? 'grant' : 'do not grant'];
  context.warn({
    code: 'ACCESS_DIFFERS',
    message: `JumpServer's own tree ${says} "${asset.name}" for "${user.name}", and the permissions ${grants} it; the tree may lag behind.`,
    path: ['access', 'check'],
  });
}
