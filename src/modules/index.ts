import type { Resolvers } from '../graph/schema.ts';
import { access } from './access/index.ts';
import { accounts } from './accounts/index.ts';
import { assetNodes } from './asset-nodes/index.ts';
import { assetNodeWrites } from './asset-nodes/writes.ts';
import { assets } from './assets/index.ts';
import { organizations } from './organizations/index.ts';
import { permissions } from './permissions/index.ts';
import { sessions } from './sessions/index.ts';
import { signIn } from './sign-in/index.ts';
import { userGroups } from './user-groups/index.ts';
import { users } from './users/index.ts';
import { viewer } from './viewer/index.ts';

/** Every module with hand-written resolvers. */
export const modules: readonly Resolvers[] = [
  access,
  accounts,
  assetNodes,
  assetNodeWrites,
  assets,
  organizations,
  permissions,
  sessions,
  signIn,
  userGroups,
  users,
  viewer,
];
