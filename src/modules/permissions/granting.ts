import { engineOf } from '../../access/engines.ts';
import type { PermissionChange } from '../../access/inputs.ts';
import type { Resolver } from '../../graph/resolve.ts';
import { mutation, type Outcome, type Perform, type Write } from '../../graph/write.ts';
import { Refused } from '../../graph/write-refusal.ts';
import { tellsImpact, toImpactObject } from '../access/impact.ts';
import { inGraphWords } from '../access/scene.ts';
import type { PlanChange } from './planned.ts';

/** What of a planned change was done; undefined when that was nothing, or cannot be told. */
export type FindDone = (change: PermissionChange, outcome: Outcome) => PermissionChange | undefined;

/** All of it, unless there was a refusal. */
const allOrNothing: FindDone = (change, { userErrors = [] }) => (userErrors.length > 0 ? undefined : change);

/**
 * A mutation that changes who may reach what. With `dryRun` it tells the impact and writes nothing; without, it tells the same impact when
 * that is selected. Runs as the caller, who has to be able to read the lists that effective access is worked out from.
 */
export function granting(plan: PlanChange, perform: Perform, findDone: FindDone = allOrNothing): Resolver {
  return mutation((write) => (tellsImpact(write) ? performTelling(write, plan, perform, findDone) : perform(write)));
}

function performTelling(write: Write, plan: PlanChange, perform: Perform, findDone: FindDone): Promise<Outcome> {
  return inGraphWords(async () => {
    const { engine, change } = await planOnNewest(write, plan);
    const outcome: Outcome = write.input['dryRun'] === true ? {} : await perform(write);
    const done = findDone(change, outcome);
    if (!done) return outcome;
    const impact = toImpactObject(engine, done, write);
    return { ...outcome, impact, warnings: [...(outcome.warnings ?? []), ...impact.warnings] };
  });
}

/** Plans on what is kept; where something is missing or in the way there, once more on what is read now: somebody else may have written. */
async function planOnNewest(write: Write, plan: PlanChange) {
  const { context, scope } = write;
  const notBefore = Date.now();
  const kept = await engineOf(context.home, scope.session);
  try {
    return { engine: kept, change: plan(write, kept) };
  } catch (error) {
    if (!(error instanceof Refused) || error.errors.every(({ code }) => code === 'REQUIRED')) throw error;
    const engine = await engineOf(context.home, scope.session, { notBefore });
    return { engine, change: plan(write, engine) };
  }
}
