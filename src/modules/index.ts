import type { Resolvers } from '../graph/schema.ts';
import { assetNodes } from './asset-nodes/index.ts';
import { organizations } from './organizations/index.ts';
import { viewer } from './viewer/index.ts';

/** Every module with hand-written resolvers. */
export const modules: readonly Resolvers[] = [assetNodes, organizations, viewer];
