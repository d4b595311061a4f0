import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Characters of parsed documents kept at a time: of their trees as JSON, and of the texts that the trees hold on to. */
const MOST = 30 * 1024 ** 2;

/** Where parsed documents are kept. Apollo's own store weighs the tree alone: a field under megabytes of comments would cost next to nothing. */
export const createDocumentStore = () => {
  const kept = new LRUCache<string, DocumentNode>({ maxSize: MOST, sizeCalculation: weigh });
  return {
    get: async (key: string) => kept.get(key),
    set: async (key: string, document: DocumentNode) => {
      kept.set(key, document);
    },
    delete: async (key: string) => kept.delete(key),
  };
};

const weigh = (document: DocumentNode): number =>
  JSON.stringify(document).length + (document.loc?.source.body.length ?? 0);
