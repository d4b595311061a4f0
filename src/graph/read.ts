import type { Catalogue, Noun, PartField } from '../generated/catalogue.ts';
import type { Capabilities, Session } from '../upstream/index.ts';
import type { Slice } from './connection.ts';
import { unsupported } from './errors.ts';
import type { Source } from './fetch.ts';
import { createFinders } from './finders.ts';
import { createLoaders, type ReadContext } from './loaders.ts';
import type { Pace } from './pace.ts';
import type { PageRequest } from './page.ts';
import type { Plan } from './plan.ts';
import type { Question } from './question.ts';
import { createReverseLoader, type ReverseLoader, type ReverseQuestion } from './reverse.ts';
import type { Row } from './row.ts';
import { createScans } from './scans.ts';
import { type Place, readSpread } from './spread.ts';
import type { TracedRead } from './trace.ts';
import { settleVariants } from './variants.ts';
import { type ListQuery, readWindow } from './window.ts';

/** Reads rows for one operation, principal, organisation and language. Nothing in it outlives the operation. */
export interface Reader {
  /** The row with this id, projected to what the whole operation wants; null when the caller has no such row. */
  load(noun: string, id: string): Promise<Row | null>;
  /** Rows by their ids, in the order asked. */
  loadMany(noun: string, ids: readonly string[]): Promise<(Row | null)[]>;
  /** Rows by the value of a plain field that tells them (a user name, an asset's name), batched; none when nobody has it. */
  find(noun: string, field: string, value: string): Promise<readonly Row[]>;
  /** The properties that only one kind of rows has. */
  loadPart(part: PartField, noun: string, id: string): Promise<Row | null>;
  /** One page of a list. */
  list(noun: string, question: Question, request: PageRequest, properties: ReadonlySet<string>): Promise<Slice>;
  /** Rows that point to a parent, batched with its siblings at the same place. */
  reverse(site: object, question: ReverseQuestion, parent: Row): Promise<Slice>;
  /** Tells that about so many parents will be asked for at this place: what does not depend on them is read meanwhile. */
  expect(site: object, question: ReverseQuestion, parents: number): void;
  /** Every row of a noun in the organisation, read once per operation. */
  scan(noun: string, properties: Iterable<string>): Promise<readonly Row[]>;
  /** What the connected server can do. */
  capabilities(): Promise<Capabilities>;
  /** Puts a row that is known already into the loader. */
  prime(noun: string, row: Row): void;
  /** Forgets every row read so far: after a write they may be stale. */
  forget(): void;
}

/** What a reader needs; the plan is asked for late, since it is made by the first resolver. */
export interface ReaderOptions {
  readonly session: Session;
  readonly catalogue: Catalogue;
  readonly plan: () => Plan;
  /** Where reads are noted for `explain`. */
  readonly trace?: TracedRead[] | undefined;
  /** What reads take on this JumpServer. */
  readonly pace?: Pace | undefined;
  /** Called with every row read, so that rows of another organisation are marked. */
  readonly received: (rows: readonly Row[]) => void;
}

/** Creates the reader of one scope. */
export function createReader(options: ReaderOptions): Reader {
  const { catalogue, session, plan, received } = options;
  const context = createReadContext(options);
  const { nounOf, source } = context;
  const loaders = createLoaders(context);
  const scans = createScans(context);
  const finders = createFinders(context, scans.scan);
  const reverses = new Map<object, Map<string, ReverseLoader>>();
  const { scan } = scans;
  const settle = async (noun: Noun, rows: readonly Row[]): Promise<readonly Row[]> => {
    if (!noun.variants) return rows;
    const settled = await settleVariants(catalogue, noun, rows, plan(), loaders.load);
    received(settled);
    return settled;
  };
  const load = async (name: string, id: string): Promise<Row | null> => {
    const noun = nounOf(nounOf(name).variantOf ?? name);
    const row = await loaders.load(noun.name, id);
    return row && noun.variants ? ((await settle(noun, [row]))[0] ?? null) : row;
  };
  const placesOf = async ({ spread }: Noun): Promise<readonly Place[] | undefined> =>
    spread && (await scan(spread.noun, ['id'])).map((row) => ({ [spread.param]: String(row['id']) }));
  const reverseOf = (site: object, question: ReverseQuestion): ReverseLoader => {
    const atSite = reverses.get(site) ?? new Map<string, ReverseLoader>();
    reverses.set(site, atSite);
    const from = { received, source: () => source('single'), scan, primeCovering: loaders.primeCovering };
    const loader = atSite.get(question.key) ?? createReverseLoader(from, nounOf(question.field.noun), question);
    atSite.set(question.key, loader);
    return loader;
  };
  return {
    load,
    loadMany: (name, ids) => Promise.all(ids.map((id) => load(name, id))),
    find: finders.find,
    loadPart: loaders.loadPart,
    list: async (name, question, request, properties) => {
      const noun = nounOf(name);
      const places = isPlaced(noun, question) ? undefined : await placesOf(noun);
      const slice = await readList(await source('list'), noun, { ...question, properties }, request, places);
      received(slice.rows);
      if (!question.route) loaders.primeCovering(name, slice.rows, properties);
      return { ...slice, rows: await settle(noun, slice.rows) };
    },
    reverse: (site, question, parent) => reverseOf(site, question).load(parent),
    expect: (site, question, parents) => void reverseOf(site, question).begin(parents),
    scan,
    capabilities: () => session.capabilities(),
    prime: (name, row) => loaders.prime(name, [row]),
    forget: () => {
      for (const part of [loaders, scans, finders]) part.forget();
      reverses.clear();
    },
  };
}

function createReadContext({ session, catalogue, plan, received, trace, pace }: ReaderOptions): ReadContext {
  return {
    catalogue,
    plan,
    received,
    nounOf: (name) => {
      const noun = catalogue.nouns[name];
      if (!noun) throw new Error(`the catalogue has no noun "${name}"`);
      return noun;
    },
    source: async (way) => ({ session, catalogue, capabilities: await session.capabilities(), way, trace, pace }),
  };
}

/** Reads a page of a root list. */
async function readList(
  source: Source,
  noun: Noun,
  query: Question & ListQuery,
  request: PageRequest,
  places: readonly Place[] | undefined,
): Promise<Slice> {
  if (query.impossible) return { rows: [], start: 0, total: 0 };
  if (query.places) return readSpread(source, noun, query, request, query.places);
  if (isPlaced(noun, query)) return readWindow(source, noun, query, request);
  if (!places) throw unsupported(`JumpServer lists ${noun.name} rows only for a parent.`);
  return readSpread(source, noun, query, request, places);
}

/** Whether the question names what the list needs (a session's commands): then it is in one place. */
function isPlaced(noun: Noun, { params }: Question): boolean {
  return noun.needs === undefined || noun.needs in params;
}
