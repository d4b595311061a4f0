import DataLoader from 'dataloader';
import type { Noun, ReverseField } from '../generated/catalogue.ts';
import { isUpstreamError } from '../upstream/errors.ts';
import { chunksOf } from './chunk.ts';
import { cutPage, type Slice } from './connection.ts';
import { unsupported } from './errors.ts';
import { fetchAll, fetchPage, type Page, type Source } from './fetch.ts';
import {
  inheritedMatchings,
  inheritingProperties,
  type Matching,
  matchingsOf,
  readLineage,
  type Scan,
} from './lineage.ts';
import type { PageRequest } from './page.ts';
import { hasRules, type Question } from './question.ts';
import type { Row } from './row.ts';
import { batchFits, chooseStrategy, firstPageSize, type Strategy } from './strategy.ts';
import { readWindow } from './window.ts';

/** What is asked of the rows that point to a parent; the same for all its siblings at one place. */
export interface ReverseQuestion {
  readonly field: ReverseField;
  readonly question: Question;
  readonly request: PageRequest;
  /** Upstream properties that the selected fields read. */
  readonly properties: ReadonlySet<string>;
  /** The answer is widened along the tree. */
  readonly inherit: boolean;
  /** Only the number of rows is wanted. */
  readonly countOnly: boolean;
  /** Tells questions of one place apart (arguments from variables). */
  readonly key: string;
}

/** Loads the rows of one parent, together with those of its siblings. */
export interface ReverseLoader {
  load(parent: Row): Promise<Slice>;
  /** Begins to read while about so many parents are on their way, where that needs to know nothing of them. Never rejects. */
  begin(parents: number): Promise<void>;
}

interface ReverseOptions {
  readonly source: () => Promise<Source>;
  readonly received: (rows: readonly Row[]) => void;
  readonly scan: Scan;
  readonly primeCovering: (noun: string, rows: readonly Row[], properties: ReadonlySet<string>) => void;
}

/** One place, and what is asked there. */
interface Asking {
  readonly options: ReverseOptions;
  readonly noun: Noun;
  readonly asked: ReverseQuestion;
}

/** The parents that stand at a place in one turn. */
interface Batch extends Asking {
  readonly source: Source;
  readonly parents: readonly Row[];
}

/** Creates the loader of one place: all parents that stand there in one turn are answered together. */
export function createReverseLoader(options: ReverseOptions, noun: Noun, asked: ReverseQuestion): ReverseLoader {
  const asking = { options, noun, asked };
  let begun: Begun | undefined;
  const loader = new DataLoader<Row, Slice, string>((parents) => loadBatch(asking, parents, begun), {
    batchScheduleFn: setImmediate,
    cacheKeyFn: (row) => String(row['id']),
  });
  return {
    load: (parent) => loader.load(parent),
    begin: async (parents) => {
      // Lost is nothing: each parent's own load asks the same again and tells what fails.
      begun ??= await beginScan(asking, parents).catch(() => undefined);
    },
  };
}

/** The first page of a scan that so many parents would choose; undefined where they would choose another way. */
async function beginScan(asking: Asking, parents: number): Promise<Begun | undefined> {
  const { options, noun, asked } = asking;
  if (asked.question.impossible || asked.field.single in asked.question.params) return undefined;
  const batch = { ...asking, source: await options.source(), parents: [] };
  if (strategyFor(batch, parents) !== 'scan') return undefined;
  if (!batch.source.session.canSpare()) return undefined;
  const { from, query } = togetherOf(batch, 'scan');
  const page = fetchPage(from, noun, query);
  // Whoever waits for it hears of its failure; without parents nobody does.
  page.catch(() => undefined);
  return { page };
}

/** In an object, since a promise of a promise would be waited for. */
interface Begun {
  readonly page: Promise<Page>;
}

async function loadBatch(
  asking: Asking,
  parents: readonly Row[],
  begun: Begun | undefined,
): Promise<(Slice | Error)[]> {
  const { options, asked } = asking;
  if (asked.question.impossible) return parents.map(() => ({ rows: [], start: 0, total: 0 }));
  const batch = { ...asking, source: await options.source(), parents };
  if (asked.field.single in asked.question.params) return loadFiltered(batch);
  const chosen = begun ? 'scan' : strategyFor(batch, parents.length);
  if (chosen === 'single' || !(await canInherit(batch))) return loadSingles(batch);
  if (chosen === 'scan') return loadTogether(batch, chosen, begun?.page);
  const chunks = chunksOf(parents).map((chunk) => loadChunk({ ...batch, parents: chunk }, chosen));
  return (await Promise.all(chunks)).flat();
}

/** Whether the places of the parents in the tree are known, so far as they matter: who may not read the tree asks for each parent. */
async function canInherit({ options, asked, parents }: Batch): Promise<boolean> {
  const { inherit } = asked.field;
  if (!asked.inherit || !inherit) return true;
  const properties = inheritingProperties(inherit);
  if (parents.some((parent) => properties.some((property) => parent[property] === undefined))) return false;
  try {
    await readLineage(options.scan, inherit);
    return true;
  } catch (error) {
    if (isUpstreamError(error, 'FORBIDDEN')) return false;
    throw error;
  }
}

/** A filter by the very key that leads to the parent: both can't be sent, so the filter is, and its rows are matched with the parents here. */
async function loadFiltered({ options, source, noun, asked, parents }: Batch): Promise<(Slice | Error)[]> {
  const query = { ...asked.question, ...readingOf(asked), limit: Math.min(1000, source.capabilities.maxPage) };
  const first = await fetchPage(source, noun, query);
  const rows = await fetchAll(source, noun, query, first);
  options.received(rows);
  const matchings = await matchingsFor(options, asked);
  return groupRows(rows, matchings, parents).map((group) => cutPage(group, asked.request));
}

/** How rows are given to their parents: as JumpServer itself does for one parent. */
async function matchingsFor(options: ReverseOptions, { field, inherit }: ReverseQuestion): Promise<Matching[]> {
  if (!inherit || !field.inherit) return matchingsOf(field);
  return [...matchingsOf(field), ...inheritedMatchings(field.inherit, await readLineage(options.scan, field.inherit))];
}

/** The properties to read when rows are matched with their parents here. */
function readingOf({ field, inherit, properties }: ReverseQuestion): { properties: Set<string> } {
  const { above, below } = (inherit && field.inherit) || {};
  const matches = [...field.by, above, below].filter((match) => match !== undefined);
  return { properties: new Set([...properties, ...matches.map(({ theirs }) => theirs)]) };
}

/** A failed chunk fails only its own parents. */
async function loadChunk(batch: Batch, strategy: Together): Promise<(Slice | Error)[]> {
  return loadTogether(batch, strategy).catch((error: Error) => batch.parents.map(() => error));
}

function strategyFor({ source, noun, asked }: Batch, parents: number): Strategy {
  if (!hasSingle(source, asked.field)) {
    if (noun.scan) return 'scan';
    throw unsupported(
      `The connected JumpServer (${source.capabilities.version}) can't list ${noun.name} rows by ${asked.field.single}.`,
    );
  }
  const can = {
    rule: asked.field.rule !== undefined && hasRules({ noun, capabilities: source.capabilities }),
    lookup: asked.field.lookup !== undefined && source.capabilities.has('lookupIn'),
    scan: noun.scan,
  };
  const perParent = asked.countOnly ? 1 : asked.request.size;
  const measured = (way: Strategy) => source.pace?.of(noun.name, way);
  return chooseStrategy({ parents, perParent, can, measured, canSpare: source.session.canSpare() });
}

/** Whether the server has the filter that leads to one parent's rows: an older one would ignore it and answer everything. */
function hasSingle({ capabilities }: Source, { singleSince }: ReverseField): boolean {
  return singleSince === undefined || capabilities.since(singleSince);
}

async function loadSingles(batch: Batch): Promise<(Slice | Error)[]> {
  return Promise.all(batch.parents.map((parent) => loadSingle(batch, parent).catch((error: Error) => error)));
}

async function loadSingle({ options, source, noun, asked }: Batch, parent: Row): Promise<Slice> {
  const { field, question, properties } = asked;
  const params = { ...question.params, ...(asked.inherit ? {} : field.also), [field.single]: String(parent['id']) };
  const request = asked.countOnly ? { ...asked.request, size: 0 } : asked.request;
  const slice = await readWindow(source, noun, { ...question, params, properties }, request);
  options.received(slice.rows);
  options.primeCovering(noun.name, slice.rows, properties);
  return slice;
}

/** One question for many parents, its rows regrouped by the property that names the parent. */
async function loadTogether(batch: Batch, strategy: Together, begun?: Promise<Page>): Promise<(Slice | Error)[]> {
  const { options, source, noun, asked, parents } = batch;
  const { from, query, maxPage } = togetherOf(batch, strategy);
  const first = await (begun ?? fetchPage(from, noun, query));
  if (hasSingle(source, asked.field) && !batchFits(first.count, first.rows.length, parents.length, maxPage)) {
    return loadSingles(batch);
  }
  const rows = await fetchAll(from, noun, query, first);
  options.received(rows);
  options.primeCovering(noun.name, rows, query.properties);
  const groups = groupRows(rows, await matchingsFor(options, asked), parents);
  return parents.map((_, index) => cutPage(groups[index] ?? [], asked.request));
}

type Together = Exclude<Strategy, 'single'>;

/** What is asked for many parents at once, and how large its pages are. */
function togetherOf({ source, asked, parents }: Batch, strategy: Together) {
  const maxPage = Math.min(1000, source.capabilities.maxPage);
  const limit = strategy === 'scan' ? maxPage : firstPageSize(parents.length, asked.request.size, maxPage);
  const query = { ...asked.question, ...keysOf(asked, strategy, parents), ...readingOf(asked), limit };
  return { from: { ...source, way: strategy }, query, maxPage };
}

function keysOf(asked: ReverseQuestion, strategy: Strategy, parents: readonly Row[]): object {
  const { field, question } = asked;
  const keys = parents.map((parent) => parent['id']);
  const params = { ...question.params };
  if (strategy === 'rule' && field.rule) return { params, rules: [...question.rules, { ...field.rule, value: keys }] };
  if (strategy === 'lookup' && field.lookup) return { params: { ...params, [field.lookup]: keys.map(String) } };
  return { params };
}

/** Gives each parent the rows that name it, in the list's own order. */
function groupRows(rows: readonly Row[], matchings: readonly Matching[], parents: readonly Row[]): Row[][] {
  const groups = parents.map((): Row[] => []);
  const indexes = matchings.map(({ theirs, mine }) => ({ theirs, index: indexParents(parents, mine) }));
  for (const row of rows) {
    for (const { theirs, index } of indexes) {
      for (const parent of theirs(row).flatMap((key) => index.get(key) ?? [])) addOnce(groups[parent] ?? [], row);
    }
  }
  return groups;
}

/** Rows come one after the other: one that is there already is the last. */
function addOnce(group: Row[], row: Row): void {
  if (group[group.length - 1] !== row) group.push(row);
}

function indexParents(parents: readonly Row[], mine: Matching['mine']): Map<string, number[]> {
  const index = new Map<string, number[]>();
  for (const [at, parent] of parents.entries()) {
    for (const key of mine(parent)) {
      const known = index.get(key);
      if (known) known.push(at);
      else index.set(key, [at]);
    }
  }
  return index;
}
