import { type AccessEngine, changePermissions } from '../../access/engine.ts';
import { type AccessImpact, previewChange } from '../../access/impact.ts';
import type { PermissionChange } from '../../access/inputs.ts';
import { once } from './page.ts';
import { toPairObject } from './pairs.ts';
import type { Scene } from './scene.ts';

/** What a change does to effective access, as `AccessImpact`. */
export function toImpactObject(engine: AccessEngine, change: PermissionChange, scene: Scene) {
  const impact: AccessImpact = previewChange(engine, change);
  const after = once(() => changePermissions(engine, change));
  const sample = once(() =>
    impact.sample.map((pair) => toPairObject(pair, { engine: after(), at: engine.inputs.asOf }, scene)),
  );
  return scene.mark({
    ...impact,
    get sample() {
      return sample();
    },
  });
}
