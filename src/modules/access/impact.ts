import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import { type AccessEngine, changePermissions } from '../../access/engine.ts';
import { type AccessImpact, previewChange } from '../../access/impact.ts';
import type { PermissionChange } from '../../access/inputs.ts';
import type { Write } from '../../graph/write.ts';
import { once } from './page.ts';
import { toPairObject } from './pairs.ts';
import { toScene } from './scene.ts';

/** What a change does to the effective access that an engine knows, as `AccessImpact`. */
export function toImpactObject(engine: AccessEngine, change: PermissionChange, { context, scope, info }: Write) {
  const scene = toScene(engine, scope, context, info);
  // What begins this very moment counts, though what is kept was read before.
  const at = Math.max(engine.inputs.asOf, Date.now());
  const impact: AccessImpact = previewChange(engine, change, { at });
  const after = once(() => changePermissions(engine, change));
  const sample = once(() => impact.sample.map((pair) => toPairObject(pair, { engine: after(), at }, scene)));
  return scene.mark({
    ...impact,
    get sample() {
      return sample();
    },
  });
}

/** Whether a mutation is to tell its impact: `dryRun` does nothing else, and a real run tells it when `impact` is selected. */
export function tellsImpact({ input, info }: Write): boolean {
  return input['dryRun'] === true || isSelected(info, 'impact');
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
