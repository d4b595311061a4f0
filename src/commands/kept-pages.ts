import { type FileHandle, open, rm } from 'node:fs/promises';
import type { RowPage } from '../access/load.ts';
import type { SessionReader } from '../access/session-reader.ts';
import { badInput } from '../graph/errors.ts';
import { isRow, type Row } from '../graph/row.ts';

/** What a report is made of, so that pages kept for one are never taken for another: whose rights, which server, what was asked. */
export type ReportIdentity = Readonly<Record<string, string>>;

/** The pages of a report that was broken off, on disk, and those that come to them. */
export interface KeptPages {
  /** The moment at which the report was begun, in milliseconds since 1970. */
  readonly asOf: number;
  /** Pages that were kept before. */
  readonly count: number;
  /** Answers what was read before and keeps what is read now. */
  through(reader: SessionReader): SessionReader;
  /** The report is there: nothing is kept any longer. */
  remove(): Promise<void>;
  close(): Promise<void>;
}

/** Hours after which a broken report is begun anew: nobody expects an older one under today's name. */
const HOURS = 24;
const HOUR_MILLISECONDS = 3_600_000;

/**
 * Opens the file of a report's pages. Only pages of a stretch of time are kept: what was logged once stays as it was, while a list by offset
 * may have moved. Throws `BAD_USER_INPUT` when the file is another report's.
 */
export async function openKeptPages(path: string, identity: ReportIdentity, now: number): Promise<KeptPages> {
  const file = await open(path, 'a+', 0o600);
  try {
    const known = await readIndex(file);
    const isOver = known && now - known.asOf > HOURS * HOUR_MILLISECONDS;
    if (known && !isOver && JSON.stringify(known.identity) !== JSON.stringify(identity)) {
      throw badInput(`--resume: ${path} holds the pages of another report or caller; expected those of this one.`);
    }
    const isKnown = known && !isOver;
    await file.truncate(isKnown ? known.size : 0);
    if (!isKnown) await file.appendFile(toLine({ asOf: now, identity }));
    return createKeptPages(path, file, isKnown ? known : { asOf: now, places: new Map() });
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Where a page stands in the file. */
interface Place {
  readonly start: number;
  readonly length: number;
}

/** What a file holds: pages are found by what was asked, and read when they are wanted. */
interface Index {
  readonly asOf: number;
  readonly identity: unknown;
  readonly places: ReadonlyMap<string, Place>;
  /** Bytes of whole lines: the last one may have been broken off. */
  readonly size: number;
}

/** Undefined for a file that does not begin as one of pages does: an empty one, or one whose first line was broken off. */
async function readIndex(file: FileHandle): Promise<Index | undefined> {
  const places = new Map<string, Place>();
  let head: { readonly asOf: number; readonly identity: unknown } | undefined;
  let size = 0;
  for await (const line of linesOf(file)) {
    const content = parse(line);
    if (!content) break;
    head ??= { asOf: Number(content['asOf']), identity: content['identity'] };
    if (typeof content['asked'] === 'string') places.set(content['asked'], { start: size, length: line.length });
    size += line.length;
  }
  return head && { ...head, places, size };
}

/** The whole lines of a file, each with its end. */
async function* linesOf(file: FileHandle): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...begun, chunk.subarray(start, end + 1)]);
      begun = [];
      start = end + 1;
    }
    begun.push(chunk.subarray(start));
  }
}

function parse(line: Buffer): Row | undefined {
  try {
    const content: unknown = JSON.parse(line.toString('utf8'));
    return isRow(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

function createKeptPages(path: string, file: FileHandle, { asOf, places }: Pick<Index, 'asOf' | 'places'>): KeptPages {
  let written: Promise<void> = Promise.resolve();
  return {
    asOf,
    count: places.size,
    through: (reader) => ({
      ...reader,
      page: async (list, query) => {
        const asked = JSON.stringify([list, query]);
        const place = places.get(asked);
        if (place) return readPage(file, place);
        const page = await reader.page(list, query);
        if (query['date_from'] === undefined) return page;
        written = written.then(() => file.appendFile(toLine({ asked, ...page })));
        await written;
        return page;
      },
    }),
    remove: () => rm(path, { force: true }),
    close: () => file.close(),
  };
}

async function readPage(file: FileHandle, { start, length }: Place): Promise<RowPage> {
  const buffer = Buffer.alloc(length);
  await file.read(buffer, 0, length, start);
  const { rows, total } = JSON.parse(buffer.toString('utf8')) as RowPage;
  return { rows, total };
}

const toLine = (content: object): string => `${JSON.stringify(content)}\n`;
