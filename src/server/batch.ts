import { badRequest } from './parameters.ts';

/**
 * The requests of a body that is a batch (a JSON array), undefined for any other body.
 * @throws GraphQLError `BAD_REQUEST` when it is empty or longer than `most`, which is 0 where batches are off
 */
export const toBatch = (body: unknown, most: number): readonly unknown[] | undefined => {
  if (!Array.isArray(body)) return undefined;
  if (most === 0) throw badRequest('Batches are off: send one operation per request.');
  if (body.length === 0 || body.length > most)
    throw badRequest(`Expected a batch of 1 to ${most} operations, got ${body.length}.`);
  return body;
};
