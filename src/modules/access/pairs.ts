import { toActionNames } from '../../access/actions.ts';
import { type AccessPair, explainPair } from '../../access/check.ts';
import { fromPairCursor, toPairCursor } from '../../access/cursor.ts';
import type { AccessChange } from '../../access/diff.ts';
import type { AccessEngine } from '../../access/engine.ts';
import type { Timestamp } from '../../access/inputs.ts';
import type { Sequence } from '../../access/sequence.ts';
import { once, type PageArguments, toPageInfo, toSize } from './page.ts';
import { toIsoText, toPathRow } from './rows.ts';
import type { Scene } from './scene.ts';

/** Where pairs come from: the engine that explains them, and the instant. */
export interface PairSource {
  readonly engine: AccessEngine;
  readonly at: Timestamp;
  readonly permission?: string | undefined;
}

/** A pair as `AccessPair`; its ways are worked out when they are asked for. */
export function toPairObject(pair: AccessPair, { engine, at, permission }: PairSource, { mark }: Scene) {
  const paths = once(() =>
    explainPair(engine, pair.user.id, pair.asset.id, at)
      .filter((path) => permission === undefined || path.permission.id === permission)
      .map((path) => mark(toPathRow(path))),
  );
  return mark({
    user: pair.user,
    asset: pair.asset,
    actions: toActionNames(pair.actions),
    expiresAt: toIsoText(pair.expiresAt),
    get paths() {
      return paths();
    },
  });
}

/** A pair of both sides of a comparison as `AccessChange`. */
export function toChangeObject({ before, after }: AccessChange, left: PairSource, right: PairSource, scene: Scene) {
  return { before: toPairObject(before, left, scene), after: toPairObject(after, right, scene) };
}

/** What a page of pairs, or of changes of pairs, is made of. */
export interface PairList<Item, Shown> {
  readonly sequence: Sequence<Item>;
  /** What is asked: its cursors are good for nothing else. */
  readonly question: unknown;
  readonly pairOf: (item: Item) => Pick<AccessPair, 'user' | 'asset'>;
  readonly toObject: (item: Item) => Shown;
}

/** One page as a connection. Pairs are made, and counted, only when they are asked for. */
export function toPairConnection<Item, Shown>(list: PairList<Item, Shown>, args: PageArguments, { engine }: Scene) {
  const { sequence, question, pairOf, toObject } = list;
  const size = toSize(args);
  const after = args.after ? fromPairCursor(question, args.after) : undefined;
  const page = once(() => sequence.page(size, after));
  const nodes = once(() => page().items.map(toObject));
  const cursorOf = (item: Item) => toPairCursor(question, pairOf(item));
  return {
    asOf: toIsoText(engine.inputs.asOf),
    get totalCount() {
      return sequence.total();
    },
    get nodes() {
      return nodes();
    },
    get edges() {
      return page().items.map((item, index) => ({ cursor: cursorOf(item), node: nodes()[index] }));
    },
    get pageInfo() {
      return toPageInfo(page(), after, cursorOf);
    },
  };
}
