import { createHash, timingSafeEqual } from 'node:crypto';
import { BREAK, type DocumentNode, GraphQLError, type GraphQLFormattedError, Kind, visit } from 'graphql';

/** Who may read the schema: everybody, nobody, or callers who send one of `keys` as `X-Introspection-Key`. */
export interface IntrospectionPolicy {
  readonly mode: 'on' | 'off' | 'allowed';
  readonly keys: readonly string[];
}

/** Whether this caller may read the schema. Keys are compared in constant time. */
export const mayIntrospect = (policy: IntrospectionPolicy, key: unknown): boolean =>
  policy.mode === 'on' ||
  (policy.mode === 'allowed' && typeof key === 'string' && policy.keys.some((each) => isSame(each, key)));

const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether a document asks for the schema (`__schema`, `__type`, or the federation's `_service`). */
export const isIntrospection = (document: DocumentNode): boolean => {
  const known = cache.get(document);
  if (known !== undefined) return known;
  let found = false;
  visit(document, {
    [Kind.FIELD]: (node) => {
      found = SCHEMA_FIELDS.has(node.name.value);
      return found ? BREAK : undefined;
    },
  });
  cache.set(document, found);
  return found;
};

const SCHEMA_FIELDS = new Set(['__schema', '__type', '_service']);
const cache = new WeakMap<DocumentNode, boolean>();

/**
 * What a caller who may not read the schema learns of invalid documents: that they are invalid, so that the schema
 * can't be rebuilt by guessing names.
 */
export const flatValidationError = (): GraphQLError =>
  new GraphQLError('The document is not valid for this schema.', { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });

/** What such a caller learns of variables that do not fit: which, and where in them, once each. What would fit stands in the schema. */
export const flatVariableErrors = (errors: readonly GraphQLFormattedError[]): readonly GraphQLFormattedError[] => {
  const told = new Set<string>();
  return errors.flatMap((error) => {
    const message = error.message.replace(UNFIT, '$1.');
    if (message === error.message) return [error];
    if (told.has(message)) return [];
    told.add(message);
    return [{ ...error, message }];
  });
};

/** graphql-js's words: names of types, fields and values beside what was sent. */
const UNFIT = /^(Variable "\$\w+" got invalid value(?: at "[^"]*")?); [\s\S]*$/;
