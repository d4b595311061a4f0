import { toActionNames } from '../../access/actions.ts';
import { fromPairCursor, toPairCursor } from '../../access/cursor.ts';
import type { Reach } from '../../access/reach.ts';
import { planOf } from '../../graph/resolve.ts';
import type { Row } from '../../graph/row.ts';
import { once, type PageArguments, toPageInfo } from './page.ts';
import { rowsOf } from './related.ts';
import { toIsoText, toPathRow } from './rows.ts';
import type { Scene } from './scene.ts';

/** Which noun's rows a connection has, and how to make one of what the engine knows. */
export interface Kind<Known> {
  readonly noun: string;
  readonly toRow: (known: Known) => Row;
}

/** A page of users or assets, each with how it is reached. */
export interface ReachedPage<Known> {
  readonly items: readonly { readonly known: Known; readonly reach: () => Reach }[];
  readonly hasNextPage: boolean;
}

/** What a connection is made of; the page is read, and counted, only when that is asked for. */
export interface ReachedList<Known> {
  readonly kind: Kind<Known>;
  /** What is asked: its cursors are good for nothing else. */
  readonly question: unknown;
  /** Id of the row before the page. */
  readonly after: string | undefined;
  readonly read: () => ReachedPage<Known>;
  readonly total: () => number;
}

/** The id in a cursor of such a connection. Throws `AccessError` BAD_CURSOR for another list's. */
export function fromReachedCursor(question: unknown, { after }: PageArguments): string | undefined {
  return after ? fromPairCursor(question, after).asset : undefined;
}

/** Makes the connection. Rows that the caller cannot see any more are left out, with a warning. */
export async function toReachedConnection<Known extends { readonly id: string }>(
  list: ReachedList<Known>,
  scene: Scene,
) {
  const { question, after, total } = list;
  const page = once(list.read);
  const { parts } = planOf(scene.context, scene.info).site(scene.info);
  const edges = parts.has('nodes') || parts.has('edges') ? await toEdges(list, page(), scene) : [];
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    asOf: toIsoText(scene.engine.inputs.asOf),
    get totalCount() {
      return total();
    },
    get pageInfo() {
      return toPageInfo(page(), after, ({ known }) => toCursor(question, known));
    },
  };
}

async function toEdges<Known extends { readonly id: string }>(
  { kind, question }: ReachedList<Known>,
  { items }: ReachedPage<Known>,
  scene: Scene,
) {
  const known = items.map((item) => item.known);
  const rows = await rowsOf(kind.noun, known, kind.toRow, scene);
  const edges = items.flatMap((item, index) => {
    const node = rows[index];
    return node ? [toEdge(node, toCursor(question, item.known), once(item.reach), scene)] : [];
  });
  if (edges.length < items.length) {
    scene.context.warn({
      code: 'HIDDEN',
      message: `${scene.info.parentType.name}.${scene.info.fieldName}: some rows are not visible to the caller and are left out.`,
    });
  }
  return edges;
}

function toEdge(node: Row, cursor: string, reach: () => Reach, { mark }: Scene) {
  return mark({
    cursor,
    node,
    get actions() {
      return toActionNames(reach().actions);
    },
    get expiresAt() {
      return toIsoText(reach().expiresAt);
    },
    get paths() {
      return reach().paths.map((path) => mark(toPathRow(path)));
    },
  });
}

function toCursor(question: unknown, { id }: { readonly id: string }): string {
  return toPairCursor(question, { user: { id }, asset: { id } });
}
