import { catalogue, type Noun, type ReverseField } from '../../src/generated/catalogue.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { compareVersions } from '../../src/upstream/index.ts';

/** A row as JumpServer gives it, in the newest server's words. */
export type Row = Readonly<Record<string, unknown>>;

/** What the oracle reads: plain REST, each address once. */
export interface Reading {
  /** The body of a successful answer; null otherwise. */
  get(path: string): Promise<unknown>;
  /** Whether the server has the filter of a single parent's rows. */
  has(field: ReverseField): boolean;
  /** All rows of a list; null when it is refused. */
  list(noun: Noun, params: string): Promise<readonly Row[] | null>;
  /** A row by its own address, with what only the list shows of it (a group's number of members); null when there is none. */
  detail(noun: Noun, id: string): Promise<Row | null>;
}

/** Reads an organisation of a sandbox as its administrator. */
export function createReading(sandbox: Sandbox, version: string, organization: string): Reading {
  const isOld = compareVersions(version, '4.10.0') < 0;
  const answers = new Map<string, Promise<unknown>>();
  const get = (path: string): Promise<unknown> => {
    const known =
      answers.get(path) ??
      ask(sandbox, isOld ? oldPath(path) : path, organization).then((answer) => (isOld ? renamed(answer) : answer));
    answers.set(path, known);
    return known;
  };
  const pages = async (noun: Noun, params: string, offset = 0): Promise<readonly Row[] | null> => {
    const paging = noun.paged ? `limit=1000&${offset > 0 ? `offset=${offset}&` : ''}` : '';
    const answer = (await get(`${noun.path}?${paging}${params}`)) as Row[] | { results: Row[]; count: number } | null;
    if (answer === null || Array.isArray(answer)) return answer;
    const read = offset + answer.results.length;
    return read < answer.count ? [...answer.results, ...((await pages(noun, params, read)) ?? [])] : answer.results;
  };
  const oneList = async (noun: Noun, params: string): Promise<readonly Row[] | null> => {
    const rows = await pages(noun, params);
    return noun.key === undefined ? rows : (rows?.map((row) => ({ ...row, id: row[noun.key ?? 'id'] })) ?? null);
  };
  /** A list that is kept in several places is all of them, in the list's own order. */
  const list = async (noun: Noun, params: string): Promise<readonly Row[] | null> => {
    const places = noun.spread && catalogue.nouns[noun.spread.noun];
    if (!places) return oneList(noun, params);
    const ids = ((await oneList(places, '')) ?? []).map((row) => String(row['id']));
    const lists = await Promise.all(ids.map((id) => oneList(noun, `${noun.spread?.param}=${id}&${params}`)));
    return inOrder(
      lists.flatMap((rows) => rows ?? []),
      noun.order,
    );
  };
  return {
    get,
    has: ({ singleSince }) => singleSince === undefined || compareVersions(version, singleSince) >= 0,
    list,
    detail: async (noun, id) => {
      const own = (await get(`${noun.path}${id}/`)) as Row | null;
      const listed = (await list(noun, noun.ids ? `ids=${id}` : ''))?.find((row) => String(row['id']) === id);
      return own || listed ? { ...listed, ...own } : null;
    },
  };
}

/** Sorts rows by columns of theirs, a minus in front for descending. */
function inOrder(rows: readonly Row[], order: readonly string[]): readonly Row[] {
  const compare = (left: Row, right: Row, column: string): number => {
    const [a, b] = [left, right].map((row) => row[column.replace('-', '')] as string | number);
    if (a === undefined || b === undefined || a === b) return 0;
    return (a < b ? -1 : 1) * (column.startsWith('-') ? -1 : 1);
  };
  return [...rows].sort(
    (left, right) => order.map((column) => compare(left, right, column)).find((sign) => sign !== 0) ?? 0,
  );
}

async function ask(sandbox: Sandbox, path: string, organization: string): Promise<unknown> {
  const headers = {
    authorization: 'Bearer sandbox-admin',
    'x-jms-org': organization,
    'x-tz': 'UTC',
    'content-type': 'application/json',
    'accept-language': 'en',
  };
  const response = await sandbox.fetch(new Request(`http://jumpserver.test/api/v1${path}`, { headers }));
  return response.status === 200 ? response.json() : null;
}

/** What zones were called before 4.10 (api.md §7): the oracle speaks the new names too. */
function oldPath(path: string): string {
  return path.replace('/assets/zones/', '/assets/domains/').replace('?zone=', '?domain=');
}

const OLD_NAMES: Readonly<Record<string, string>> = {
  domain: 'zone',
  domain_enabled: 'gateway_enabled',
  domains_amount: 'zones_amount',
};

function renamed(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(renamed);
  if (typeof answer !== 'object' || answer === null) return answer;
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [OLD_NAMES[name] ?? name, renamed(value)]));
}
