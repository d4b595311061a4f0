import { randomUUID } from 'node:crypto';
import { v5 } from 'uuid';

/** Under which the ids of imported rows are made (RFC 9562 §5.5); must never change, or a resumed import would double its rows. */
const NAMESPACE = 'a2f6c7b4-64c1-4d0c-9a53-7f2f6f0a1d6e';

/** What a row is: rows of different kinds with the same number have different ids. */
export type RowKind = 'asset' | 'account' | 'user' | 'permission';

/** Makes the ids of one import's rows: the same key, organisation and number give the same id, whenever it is asked. */
export type ToId = (kind: RowKind, ...numbers: readonly number[]) => string;

/** @param key the caller's name for the import; without one the ids are new each time */
export function createToId(organization: string, key: string | undefined): ToId {
  const own = JSON.stringify([organization, key ?? randomUUID()]);
  return (kind, ...numbers) => v5(`${own}:${kind}:${numbers.join('.')}`, NAMESPACE);
}
