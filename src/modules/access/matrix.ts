import { createMatrix } from '../../access/matrix.ts';
import { type FilterInput, readFilter } from './filter.ts';
import type { PairPageArguments } from './page.ts';
import { toPairConnection, toPairObject } from './pairs.ts';
import { withEngine } from './scene.ts';

/** `Access.matrix`. */
export const matrix = withEngine(async (_source, args, scene) => {
  const filter = await readFilter(args['filter'] as FilterInput | null, scene);
  const sequence = createMatrix(scene.engine, filter);
  const source = { engine: scene.engine, at: sequence.at };
  return toPairConnection(
    {
      sequence,
      question: ['matrix', scene.engine.inputs.organization, filter],
      pairOf: (pair) => pair,
      toObject: (pair) => toPairObject(pair, source, scene),
    },
    args as PairPageArguments,
    scene,
  );
});
