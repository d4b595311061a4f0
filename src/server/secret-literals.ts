import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  Kind,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { LRUCache } from 'lru-cache';

const judged = new WeakMap<DocumentNode, boolean>();

/** Whether a secret stands in the text of a document, in place of a variable: then nothing made of the text may be kept or told. */
export const holdsSecret = (schema: GraphQLSchema, document: DocumentNode): boolean => {
  const known = judged.get(document);
  if (known !== undefined) return known;
  let found = false;
  const types = new TypeInfo(schema);
  const look = () => {
    found ||= getNamedType(types.getInputType())?.name === 'Secret';
  };
  visit(document, visitWithTypeInfo(types, { [Kind.STRING]: look, [Kind.INT]: look, [Kind.FLOAT]: look }));
  judged.set(document, found);
  return found;
};

/** Characters of persisted queries kept at a time. */
const MOST = 30 * 1024 ** 2;

/** Where persisted queries are kept: those with a secret in their text are not, so their clients send them whole each time. */
export const createPersistedQueries = (schema: GraphQLSchema) => {
  const kept = new LRUCache<string, string>({ maxSize: MOST, sizeCalculation: ({ length }) => Math.max(1, length) });
  return {
    get: async (hash: string) => kept.get(hash),
    set: async (hash: string, text: string) => {
      if (!holdsSecret(schema, parse(text))) kept.set(hash, text);
    },
    delete: async (hash: string) => kept.delete(hash),
  };
};
