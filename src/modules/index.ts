import type { Resolvers } from '../graph/schema.ts';
import { assetNodes } from './asset-nodes/index.ts';

/** Every module with hand-written resolvers. */
export const modules: readonly Resolvers[] = [assetNodes];
