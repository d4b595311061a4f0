import { isUpstreamError } from '../upstream/errors.ts';
import type { GraphWarning } from './context.ts';
import { brokenContract } from './errors.ts';
import { getAll } from './fetch-all.ts';
import { isRow, relatedId } from './row.ts';
import { notFound, type Reference, refuse, type Write } from './write.ts';
import { toUserErrors, type UserError } from './write-errors.ts';
import type { Operation } from './write-send.ts';

/** A route whose rows join two nouns: adding and removing some of many without touching the others. */
export interface Relation {
  /** The list of the input that names the others. */
  readonly name: string;
  readonly route: RelationPath;
  /** The property of a joining row that holds the changed object's id. */
  readonly mine: string;
  /** The property that holds the other's id. */
  readonly theirs: string;
}

type Joined = Extract<Operation, `DELETE ${string}-relations/`>;

/** The path of a joining route that the contract has with GET, POST and DELETE. */
export type RelationPath = Joined extends `DELETE ${infer Path}` ? Path : never;

/**
 * Adds references of the input. Those that are there already are no error: they are told as warnings. Anything else that JumpServer refuses
 * is refused whole, with the place of each.
 */
export async function addRelated(write: Write, relation: Relation): Promise<readonly GraphWarning[]> {
  const references = write.references(relation.name);
  if (references.length === 0) return [];
  const errors = await post(write, relation, references);
  if (errors.length === 0) return [];
  refuse(errors.filter(({ code }) => code !== 'DUPLICATE'));
  const there = new Set(errors.map(({ row }) => row));
  const rest = references.filter(({ at }) => !there.has(at));
  if (rest.length > 0) refuse(await post(write, relation, rest));
  return references.filter(({ at }) => there.has(at)).map(({ at }) => warning('ALREADY_THERE', relation, at));
}

/** Posts all or nothing; answers what was refused (api.md §4: an aligned array). */
async function post(write: Write, { name, route, mine, theirs }: Relation, references: readonly Reference[]) {
  const id = write.id('id');
  const body = references.map((reference) => ({ [mine]: id, [theirs]: reference.id }));
  try {
    await write.send(`POST ${route}`, { body });
    return [];
  } catch (error) {
    if (!isUpstreamError(error) || error.status !== 400) throw error;
    if (blames(error.body, mine)) refuse([notFound(['id'])]);
    const rows = references.map(({ at }) => ({ field: [name, String(at)], row: at }));
    const sent = { catalogue: write.catalogue, type: write.type, rows, isReference: true };
    return toUserErrors(error.body, { ...sent, body: references.map((reference) => reference.id) });
  }
}

/** Whether every row is refused for the object itself: it does not exist. */
function blames(body: unknown, property: string): boolean {
  return Array.isArray(body) && body.length > 0 && body.every((item) => isRow(item) && property in item);
}

/** Takes references of the input out, each by both keys, after reading which are there. Those that are not are told as warnings. */
export async function removeRelated(write: Write, relation: Relation): Promise<readonly GraphWarning[]> {
  const references = write.references(relation.name);
  if (references.length === 0) return [];
  const { route, mine, theirs } = relation;
  const id = write.id('id');
  const there = await readRelated(write, relation, id);
  const present = references.filter((reference) => there.has(reference.id));
  for (const reference of present)
    await write.send(`DELETE ${route}`, { query: { [mine]: id, [theirs]: reference.id } });
  return references.filter((reference) => !there.has(reference.id)).map(({ at }) => warning('NOT_THERE', relation, at));
}

/** The filter by an object that does not exist is refused. */
function unknownObject(error: unknown): never {
  if (isUpstreamError(error) && error.status === 400) refuse([notFound(['id'])]);
  throw error;
}

/** Ids of the others that are joined now. A row that was not asked for means that the filter was ignored. */
async function readRelated(write: Write, { route, mine, theirs }: Relation, id: string): Promise<ReadonlySet<string>> {
  const rows = await getAll(write.scope.session, route, { [mine]: id }).catch(unknownObject);
  if (rows.some((row) => relatedId(row[mine]) !== id))
    throw brokenContract('JumpServer answered relations that were not asked for.');
  return new Set(rows.map((row) => relatedId(row[theirs]) ?? ''));
}

function warning(code: 'ALREADY_THERE' | 'NOT_THERE', { name }: Relation, at: number): GraphWarning {
  const message = code === 'ALREADY_THERE' ? 'It was there already.' : 'It was not there.';
  return { code, message, path: [name, String(at)] };
}

export type { UserError };
