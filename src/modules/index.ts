import type { Resolvers } from '../graph/schema.ts';
import { assetNodes } from './asset-nodes/index.ts';
import { organizations } from './organizations/index.ts';
import { permissions } from './permissions/index.ts';
import { userGroups } from './user-groups/index.ts';
import { users } from './users/index.ts';
import { viewer } from './viewer/index.ts';

/** Every module with hand-written resolvers. */
export const modules: readonly Resolvers[] = [assetNodes, organizations, permissions, userGroups, users, viewer];
