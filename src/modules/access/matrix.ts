import { createMatrix } from '../../access/matrix.ts';
import type { AccessMatrixArgs } from '../../generated/resolvers.ts';
import { readFilter } from './filter.ts';
import { toPairConnection, toPairObject } from './pairs.ts';
import { withEngine } from './scene.ts';

/** `Access.matrix`. */
export const matrix = withEngine(async (_source, args: AccessMatrixArgs, scene) => {
  const filter = await readFilter(args.filter, scene);
  const sequence = createMatrix(scene.engine, filter);
  const source = { engine: scene.engine, at: sequence.at };
  return toPairConnection(
    {
      sequence,
      question: ['matrix', scene.engine.inputs.organization, filter],
      pairOf: (pair) => pair,
      toObject: (pair) => toPairObject(pair, source, scene),
    },
    args,
    scene,
  );
});
