import type { GraphQLResolveInfo } from 'graphql';
import { catalogue } from '../../generated/catalogue.ts';
import { completeRow } from '../../graph/complete.ts';
import type { GraphContext, Scope } from '../../graph/context.ts';
import { fromGlobalId } from '../../graph/identity.ts';
import type { Resolver } from '../../graph/resolve.ts';
import { type Row, tagRow } from '../../graph/row.ts';
import { rootResolvers } from '../../graph/schema.ts';
import type { Resolvers } from '../../graph/served.ts';
import { ROOT_ORGANIZATION } from '../../upstream/index.ts';

/** The row of the organisation that a scope works in, checked to exist. */
async function organizationRow(scope: Scope, context: GraphContext, info: GraphQLResolveInfo): Promise<Row | null> {
  const { id, name, isRoot, isDefault } = await scope.session.organization();
  const row = { id, name, is_root: isRoot, is_default: isDefault };
  return isRoot ? row : completeRow('Organization', row, context.scope, context, info);
}

/** A root read inside the organisation that its source is. */
function inside(resolver: Resolver): Resolver {
  return (row, args, context, info) => {
    const scope = context.enter(String(row['id']));
    return resolver(tagRow({}, scope), args, context, info);
  };
}

const roots = Object.entries(rootResolvers(catalogue)).filter(([name]) => {
  const root = catalogue.roots[name];
  return root !== undefined && catalogue.nouns[root.noun]?.scope === 'ORGANIZATION';
});

/** Entering an organisation: by id, name, or all of them at once. */
export const organizations = {
  Query: {
    organization: (_source: unknown, { id }: { id: string }, context: GraphContext, info: GraphQLResolveInfo) => {
      const global = fromGlobalId(id);
      return organizationRow(context.enter(global?.type === 'Organization' ? global.id : id), context, info);
    },
    allOrganizations: (_source: unknown, _args: object, context: GraphContext, info: GraphQLResolveInfo) =>
      organizationRow(context.enter(ROOT_ORGANIZATION), context, info),
  },
  Organization: Object.fromEntries(roots.map(([name, resolver]) => [name, inside(resolver)])),
} satisfies Resolvers;
