import type { AccessPair } from '../../access/check.ts';
import { type AccessChange, type DiffSide, diffAccess } from '../../access/diff.ts';
import type { AccessDiffArgs, AccessSubject } from '../../generated/resolvers.ts';
import { badInput } from '../../graph/errors.ts';
import type { Resolver } from '../../graph/resolve.ts';
import { toIdIfGiven, toTime } from './filter.ts';
import type { PageArguments } from './page.ts';
import { type PairSource, toChangeObject, toPairConnection, toPairObject } from './pairs.ts';
import { inGraphWords, type Scene, type Telling, withEngine } from './scene.ts';

/** What the three lists of a comparison are cut from. */
interface Comparison {
  readonly found: ReturnType<typeof diffAccess>;
  readonly question: unknown;
  readonly left: PairSource;
  readonly right: PairSource;
  readonly scene: Scene;
}

/** `Access.diff`. */
export const diff = withEngine((_source, args: AccessDiffArgs, scene) => {
  const left = toSide(args.left, 'left', scene);
  const right = toSide(args.right, 'right', scene);
  const comparison: Comparison = {
    found: diffAccess(left, right),
    question: ['diff', scene.engine.inputs.organization, args.left, args.right],
    left: toSource(left),
    right: toSource(right),
    scene,
  };
  return { comparison: () => comparison };
});

/** `AccessDiff.gained`, `AccessDiff.lost`. */
export function pairsOf(kind: 'gained' | 'lost') {
  return ofComparison(({ found, question, left, right, scene }, args) =>
    toPairConnection(
      {
        sequence: found[kind],
        question: [kind, question],
        pairOf: (pair: AccessPair) => pair,
        toObject: (pair) => toPairObject(pair, kind === 'gained' ? right : left, scene),
      },
      args,
      scene,
    ),
  );
}

/** `AccessDiff.changed`. */
export const changes = ofComparison(({ found, question, left, right, scene }, args) =>
  toPairConnection(
    {
      sequence: found.changed,
      question: ['changed', question],
      pairOf: ({ after }: AccessChange) => after,
      toObject: (change) => toChangeObject(change, left, right, scene),
    },
    args,
    scene,
  ),
);

function ofComparison<T>(
  resolve: (comparison: Comparison, args: PageArguments) => Telling<T>,
): Resolver<T, { readonly comparison: () => Comparison }, PageArguments> {
  return ({ comparison }, args) => inGraphWords(async () => resolve(comparison(), args));
}

function toSide({ user, permission, at }: AccessSubject, place: string, { engine, context }: Scene): DiffSide {
  const idOf = (noun: string, id: string | null | undefined, name: string) =>
    toIdIfGiven(context.catalogue, noun, id, `${place}.${name}`);
  const side = {
    engine,
    user: idOf('User', user, 'user'),
    permission: idOf('Permission', permission, 'permission'),
    at: toTime(at),
  };
  const isNothing = side.user === undefined && side.permission === undefined && side.at === undefined;
  if (isNothing) throw badInput(`${place}: expected user, permission or at, got none of them.`);
  return side;
}

function toSource({ engine, at = engine.inputs.asOf, permission }: DiffSide): PairSource {
  return { engine, at, permission };
}
