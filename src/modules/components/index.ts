import type { GraphQLResolveInfo } from 'graphql';
import { catalogue } from '../../generated/catalogue.ts';
import type { GraphContext } from '../../graph/context.ts';
import { createListResolver, planOf } from '../../graph/resolve.ts';
import { type Row, scopeOf } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { nounOf } from '../noun.ts';
import { withoutSecrets } from './settings.ts';

/** A storage by the name that a component keeps. */
const storageOf =
  (noun: string, property: string) =>
  async (row: Row, _args: object, context: GraphContext, info: GraphQLResolveInfo): Promise<Row | null> => {
    planOf(context, info);
    const name = String(row[property] ?? '');
    return name === '' ? null : ((await scopeOf(row, context.scope).reader.find(noun, 'name', name))[0] ?? null);
  };

/** Components, where they keep what they record, and what is found there. */
export const components = {
  CommandStorage: { settings: (row: Row) => withoutSecrets(row['meta']) },
  ReplayStorage: { settings: (row: Row) => withoutSecrets(row['meta']) },
  AppletHost: { deployOptions: (row: Row) => withoutSecrets(row['deploy_options']) },
  Terminal: {
    commandStorage: storageOf('CommandStorage', 'command_storage'),
    replayStorage: storageOf('ReplayStorage', 'replay_storage'),
  },
  Asset: {
    commands: createListResolver(catalogue, nounOf('Command'), (row) => ({ params: { asset_id: String(row['id']) } })),
  },
} satisfies Resolvers;
