import { catalogue } from '../../generated/catalogue.ts';
import { unsupported } from '../../graph/errors.ts';
import { hasRules } from '../../graph/question.ts';
import { createListResolver, type Resolver } from '../../graph/resolve.ts';
import { type Row, scopeOf } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { nounOf } from '../noun.ts';
import { toNarrowing } from './matching.ts';

/** The rows that a rule in a property of ours matches now. */
function matching(noun: string, property: string): Resolver {
  const target = nounOf(noun);
  return createListResolver(catalogue, target, async (row: Row, context) => {
    const narrowing = toNarrowing(row[property]);
    const capabilities = await scopeOf(row, context.scope).reader.capabilities();
    if (narrowing?.rules && !hasRules({ noun: target, capabilities })) {
      throw unsupported(
        `The connected JumpServer (${capabilities.version}) can't list ${noun} rows by a rule of attributes.`,
      );
    }
    return narrowing;
  });
}

const users = matching('User', 'users');
const assets = matching('Asset', 'assets');

/** Whom and what rules match. */
export const acls = {
  LoginAcl: { users },
  LoginAssetAcl: { users, assets },
  CommandFilterAcl: { users, assets },
  ConnectMethodAcl: { users },
  ClipboardAcl: { users, assets },
  DataMaskingRule: { users, assets },
  IntegrationApplication: { accounts: matching('Account', 'accounts') },
} satisfies Resolvers;
