import { completeRow } from '../../graph/complete.ts';
import type { Scope } from '../../graph/context.ts';
import { createReader } from '../../graph/read.ts';
import { planOf, type Resolver } from '../../graph/resolve.ts';
import { isRow, tagRow } from '../../graph/row.ts';

/** Who signed in. The answer holds the profile; everything else is read as that user, not as the caller, who may be nobody. */
export const signedInUser: Resolver = (success, _args, context, info) => {
  const user = success['user'];
  if (!isRow(user)) return null;
  const session = context.session.as({ authorization: `${success['keyword']} ${success['token']}` });
  const reader = createReader({
    session,
    catalogue: context.catalogue,
    plan: () => planOf(context, info),
    received: (rows) => {
      for (const row of rows) tagRow(row, scope);
    },
  });
  const scope: Scope = { session, reader };
  return completeRow('User', tagRow(user, scope), scope, context, info);
};
