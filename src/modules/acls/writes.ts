import type { Resolvers } from '../../graph/served.ts';
import { create, remove, update } from '../../graph/write-plain.ts';
import { settleConditions, settleReach } from './reach.ts';

/** Writes of the rules about signing in, connecting, commands and query results. */
export const aclWrites = {
  Mutation: {
    createLoginAcl: create('LoginAcl', settleConditions),
    updateLoginAcl: update('LoginAcl', settleConditions),
    deleteLoginAcl: remove('LoginAcl'),
    createLoginAssetAcl: create('LoginAssetAcl', settleConditions),
    updateLoginAssetAcl: update('LoginAssetAcl', settleConditions),
    deleteLoginAssetAcl: remove('LoginAssetAcl'),
    createCommandFilterAcl: create('CommandFilterAcl', settleReach),
    updateCommandFilterAcl: update('CommandFilterAcl', settleReach),
    deleteCommandFilterAcl: remove('CommandFilterAcl'),
    createConnectMethodAcl: create('ConnectMethodAcl', settleReach),
    updateConnectMethodAcl: update('ConnectMethodAcl', settleReach),
    deleteConnectMethodAcl: remove('ConnectMethodAcl'),
    createDataMaskingRule: create('DataMaskingRule', settleReach),
    updateDataMaskingRule: update('DataMaskingRule', settleReach),
    deleteDataMaskingRule: remove('DataMaskingRule'),
    createClipboardAcl: create('ClipboardAcl', settleReach),
    updateClipboardAcl: update('ClipboardAcl', settleReach),
    deleteClipboardAcl: remove('ClipboardAcl'),
    createCommandGroup: create('CommandGroup'),
    updateCommandGroup: update('CommandGroup'),
    deleteCommandGroup: remove('CommandGroup'),
  },
} satisfies Resolvers;
