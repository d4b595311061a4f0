import type { GraphQLResolveInfo } from 'graphql';
import type { GraphContext, Scope } from '../../graph/context.ts';
import { badInput } from '../../graph/errors.ts';
import { planOf } from '../../graph/resolve.ts';
import { type Row, scopeOf } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { countAssets } from './count-assets.ts';
import { createTree, depthOf, type Tree } from './tree.ts';

const trees = new WeakMap<readonly Row[], Tree>();

/** The whole tree, read once per operation. */
async function treeOf(scope: Scope, context: GraphContext, info: GraphQLResolveInfo): Promise<Tree> {
  planOf(context, info);
  const rows = await scope.reader.scan('AssetNode', ['id', 'key', 'name']);
  const tree = trees.get(rows) ?? createTree(rows);
  trees.set(rows, tree);
  return tree;
}

function keyOf(row: Row): string {
  return String(row['key']);
}

/** Resolvers of the asset tree: what follows from a node's key. */
export const assetNodes = {
  AssetNode: {
    depth: (row: Row) => depthOf(keyOf(row)),
    parent: async (row: Row, _args: object, context: GraphContext, info: GraphQLResolveInfo) =>
      (await treeOf(scopeOf(row, context.scope), context, info)).parent(keyOf(row)),
    ancestors: async (row: Row, _args: object, context: GraphContext, info: GraphQLResolveInfo) =>
      (await treeOf(scopeOf(row, context.scope), context, info)).ancestors(keyOf(row)),
    children: async (row: Row, _args: object, context: GraphContext, info: GraphQLResolveInfo) =>
      (await treeOf(scopeOf(row, context.scope), context, info)).children(keyOf(row)),
    descendants: async (row: Row, args: { depth?: number | null }, context: GraphContext, info: GraphQLResolveInfo) => {
      const depth = args.depth ?? Number.POSITIVE_INFINITY;
      if (depth < 0) throw badInput(`depth: expected 0 or more, got ${depth}.`);
      return (await treeOf(scopeOf(row, context.scope), context, info)).descendants(keyOf(row), depth);
    },
    assetsCount: (row: Row, _args: object, context: GraphContext, info: GraphQLResolveInfo) => {
      planOf(context, info);
      return countAssets(scopeOf(row, context.scope), context.catalogue, row);
    },
  },
} satisfies Resolvers;
