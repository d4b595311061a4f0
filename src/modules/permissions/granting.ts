import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql';
import { Kind } from 'graphql';
import { engineOf } from '../../access/engines.ts';
import type { Resolver } from '../../graph/resolve.ts';
import { mutation, type Outcome, type Perform, type Write } from '../../graph/write.ts';
import { toImpactObject } from '../access/impact.ts';
import { inGraphWords, toScene } from '../access/scene.ts';
import type { PlanChange } from './planned.ts';

/**
 * A mutation that changes who may reach what. With `dryRun` it tells the impact and writes nothing; without, it tells the same impact when
 * that is selected. Runs as the caller, who has to be able to read the lists that effective access is worked out from.
 */
export function granting(plan: PlanChange, perform: Perform): Resolver {
  return mutation(async (write) => {
    const isDry = write.input['dryRun'] === true;
    if (!isDry && !isSelected(write.info, 'impact')) return perform(write);
    const impact = await previewOf(write, plan);
    if (isDry) return { impact, warnings: impact.warnings };
    const outcome = await perform(write);
    return isRefused(outcome)
      ? outcome
      : { ...outcome, impact, warnings: [...(outcome.warnings ?? []), ...impact.warnings] };
  });
}

async function previewOf(write: Write, plan: PlanChange) {
  const { context, scope, info } = write;
  return inGraphWords(async () => {
    const engine = await engineOf(context.home, scope.session);
    return toImpactObject(engine, plan(write, engine), toScene(engine, scope, context, info));
  });
}

function isRefused({ userErrors = [] }: Outcome): boolean {
  return userErrors.length > 0;
}

/** Whether a field of the payload is selected, directly or in a fragment. */
function isSelected({ fieldNodes, fragments }: GraphQLResolveInfo, name: string): boolean {
  const isIn = (set: SelectionSetNode | undefined): boolean =>
    set?.selections.some((selection) => {
      if (selection.kind === Kind.FIELD) return selection.name.value === name;
      const inner = selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection;
      return isIn(inner?.selectionSet);
    }) ?? false;
  return fieldNodes.some((node) => isIn(node.selectionSet));
}
