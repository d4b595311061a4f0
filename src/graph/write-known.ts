import { chunksOf } from './chunk.ts';
import { fetchPage } from './fetch.ts';
import type { Row } from './row.ts';
import { notFound, type Reference, refuse, type Write } from './write.ts';

/**
 * The rows that a list of the input refers to, as they are now, in its order. Throws a refusal with a `NOT_FOUND` for each that is not there:
 * JumpServer leaves unknown ids out of many writes without a word (api.md §3.5, §5.11).
 */
export async function knownRows(
  write: Write,
  noun: string,
  name: string,
  properties: readonly string[] = ['id'],
): Promise<readonly Row[]> {
  const references = write.references(name);
  const found = await readRows(write, noun, references, properties);
  refuse(references.flatMap(({ id, at }) => (found.has(id) ? [] : [notFound([name, String(at)], at)])));
  return references.map(({ id }) => found.get(id) ?? {});
}

/** The row that an `ID` of the input refers to. Throws a refusal when it is not there. */
export async function knownRow(
  write: Write,
  noun: string,
  name: string,
  properties: readonly string[] = ['id'],
): Promise<Row> {
  const id = write.id(name);
  const row = (await readRows(write, noun, [{ id, at: 0 }], properties)).get(id);
  if (!row) refuse([notFound([name])]);
  return row ?? {};
}

async function readRows(
  { scope, catalogue }: Write,
  name: string,
  references: readonly Reference[],
  properties: readonly string[],
): Promise<ReadonlyMap<string, Row>> {
  const noun = catalogue.nouns[name];
  if (!noun) throw new Error(`the catalogue has no noun "${name}"`);
  const source = { session: scope.session, catalogue, capabilities: await scope.reader.capabilities() };
  const chunks = chunksOf(references.map(({ id }) => id));
  const pages = await Promise.all(
    chunks.map((ids) => fetchPage(source, noun, { params: { ids }, limit: ids.length, properties })),
  );
  return new Map(pages.flatMap(({ rows }) => rows).map((row) => [String(row['id']).toLowerCase(), row]));
}
