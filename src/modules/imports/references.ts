import { fromGlobalId, isUpstreamId, toUpstreamId } from '../../graph/identity.ts';
import type { Row } from '../../graph/row.ts';
import type { UserError } from '../../graph/write-errors.ts';
import type { Job } from './job.ts';

/** How a noun is found by something else than its id. */
export interface Naming {
  readonly noun: string;
  /** The graph's field, and the property of the row, that holds the name. */
  readonly field: string;
  readonly property: string;
  /** Further properties that are needed of what is found. */
  readonly more?: readonly string[];
  /** Read all rows once (few, or asked for by nearly every row), instead of looking each name up. */
  readonly isSmall: boolean;
  /** Which rows may be meant, where not all of the noun. */
  readonly only?: (row: Row) => boolean;
  /** Makes two spellings of one name equal. */
  readonly normalize?: (name: string) => string;
}

/** What a reference of the input stands for. */
export type Found = { readonly row: Row; readonly id: string } | 'missing' | 'ambiguous';

/** Looks references up that were all named beforehand. */
export type Lookup = (value: unknown) => Found;

const same = (name: string): string => name.trim();

/** The path of a tree node; JumpServer spells the root's name differently from version to version. */
export function normalizePath(path: string): string {
  const [root = '', ...steps] = path
    .trim()
    .replace(/^\/+|\/+$/g, '')
    .split('/')
    .map((step) => step.trim());
  return `/${[root.toLowerCase(), ...steps].join('/')}`;
}

/** Reads whatever the references name, in as few calls as possible; none when there are no references. */
export async function createLookup(job: Job, naming: Naming, values: readonly unknown[]): Promise<Lookup> {
  const texts = [...new Set(values.filter((value) => value !== undefined && value !== null).map(String))];
  if (texts.length === 0) return () => 'missing';
  const { normalize = same, only = () => true } = naming;
  const ids = new Map(texts.map((text) => [text, idIn(job, naming.noun, text)]));
  const rows = (naming.isSmall ? await readAll(job, naming) : await readNamed(job, naming, texts, ids)).filter(only);
  const byId = new Map(rows.map((row) => [String(row['id']).toLowerCase(), row]));
  const byName = new Map<string, Row[]>();
  for (const row of rows) {
    const name = normalize(String(row[naming.property]));
    byName.set(name, [...(byName.get(name) ?? []), row]);
  }
  return (value) => {
    const id = ids.get(String(value));
    const known = id === undefined ? undefined : byId.get(id);
    if (known && id !== undefined) return { row: known, id };
    // Without a dry run an id is taken at its word: JumpServer looks at it, and tells whose row has it.
    if (id !== undefined && !naming.isSmall && !job.isDry) return { row: { id }, id };
    const named = byName.get(normalize(String(value))) ?? [];
    const [row] = named;
    if (!row) return 'missing';
    return named.length > 1 ? 'ambiguous' : { row, id: String(row['id']) };
  };
}

/** JumpServer's id in a text, when it is one of that noun. */
function idIn(job: Job, name: string, text: string): string | undefined {
  const noun = job.write.catalogue.nouns[name];
  if (!noun) throw new Error(`the catalogue has no noun "${name}"`);
  if (isUpstreamId(noun.id, text)) return noun.id === 'INT' ? text : toUpstreamId(text);
  const global = fromGlobalId(text);
  return global?.type === name && isUpstreamId(noun.id, global.id) ? toUpstreamId(global.id) : undefined;
}

function readAll({ write }: Job, { noun, property, more = [] }: Naming): Promise<readonly Row[]> {
  return write.scope.reader.scan(noun, ['id', property, ...more]);
}

async function readNamed(
  { write, isDry }: Job,
  { noun, field }: Naming,
  texts: readonly string[],
  ids: ReadonlyMap<string, string | undefined>,
): Promise<readonly Row[]> {
  const { reader } = write.scope;
  const names = texts.filter((text) => ids.get(text) === undefined).map(same);
  const known = isDry ? texts.flatMap((text) => ids.get(text) ?? []) : [];
  const [named, byId] = await Promise.all([
    Promise.all(names.map((name) => reader.find(noun, field, name))),
    reader.loadMany(noun, known),
  ]);
  return [...named.flatMap((rows) => [...rows]), ...byId.filter((row) => row !== null)];
}

/** Why a reference can't be used. */
export function refusalOf(found: 'missing' | 'ambiguous', field: readonly string[], value: unknown): UserError {
  const name = JSON.stringify(String(value).slice(0, 200));
  if (found === 'missing')
    return { field, code: 'NOT_FOUND', message: `There is no ${name}, neither as an id nor as a name.` };
  return { field, code: 'CONFLICT', message: `Several are called ${name}; use the id.` };
}
