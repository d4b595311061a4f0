import { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { AccessError } from './errors.ts';
import type { AccessInputs } from './inputs.ts';

const FORMAT = 'jumpgraph-access-1';
const LISTS = ['users', 'groups', 'nodes', 'assets', 'permissions'] as const;

/** Everything that decides who reaches what, and where it is from; snapshots of older releases do not say the latter. */
export interface Snapshot {
  readonly inputs: AccessInputs;
  readonly organizationName?: string | undefined;
  /** With whose rights it was read, as `Name (user name)`. */
  readonly readBy?: string | undefined;
}

/** The first line of a snapshot. */
interface Head extends Omit<Snapshot, 'inputs'> {
  readonly format: string;
  readonly organization: string;
  readonly asOf: number;
  /** How many lines each list has, in the order in which they follow. */
  readonly counts: Readonly<Record<(typeof LISTS)[number], number>>;
}

/** Writes the inputs of an engine as one gzip stream of JSON lines: the daily file that comparing two dates reads. */
export function toSnapshot(snapshot: Snapshot): Readable {
  return Readable.from(linesOf(snapshot)).pipe(createGzip());
}

/** Reads a snapshot back. Throws `AccessError` BAD_SNAPSHOT when it is cut off, damaged or in another format; errors of the source pass. */
export async function fromSnapshot(source: Readable): Promise<Snapshot> {
  try {
    return await readLines(source);
  } catch (cause) {
    if (!isDamage(cause)) throw cause;
    throw new AccessError('BAD_SNAPSHOT', 'The snapshot is cut off or damaged', { cause });
  }
}

/** What gunzip and JSON complain of; a file that cannot be opened is another matter. */
function isDamage(cause: unknown): boolean {
  if (cause instanceof SyntaxError) return true;
  return cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_');
}

function* linesOf({ inputs, ...about }: Snapshot): Generator<string> {
  const { organization, asOf } = inputs;
  const counts = Object.fromEntries(LISTS.map((list) => [list, inputs[list].length]));
  yield `${JSON.stringify({ format: FORMAT, organization, asOf, counts, ...about })}\n`;
  for (const list of LISTS) for (const row of inputs[list]) yield `${JSON.stringify(row)}\n`;
}

async function readLines(source: Readable): Promise<Snapshot> {
  const unzipped = source.pipe(createGunzip());
  source.on('error', (error) => unzipped.destroy(error));
  const rows: unknown[] = [];
  for await (const line of linesIn(unzipped)) rows.push(JSON.parse(line));
  return toWhole(rows);
}

/** Not `readline`: in Node 20 it swallows the stream's error and looks like an early end. */
async function* linesIn(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  let rest = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest) yield rest;
}

function toWhole(lines: readonly unknown[]): Snapshot {
  // Written by `toSnapshot` under the same format name; gzip's checksum vouches for the bytes.
  const [head, ...rows] = lines as [Head | undefined, ...never[]];
  if (head?.format !== FORMAT) throw new AccessError('BAD_SNAPSHOT', `Expected a snapshot in the format ${FORMAT}`);
  const { format: _, organization, asOf, counts, ...about } = head;
  const total = LISTS.reduce((sum, list) => sum + counts[list], 0);
  if (rows.length !== total) throw new AccessError('BAD_SNAPSHOT', `Expected ${total} rows, got ${rows.length}`);
  let start = 0;
  const take = (list: (typeof LISTS)[number]) => {
    start += counts[list];
    return rows.slice(start - counts[list], start);
  };
  return {
    inputs: {
      organization,
      asOf,
      users: take('users'),
      groups: take('groups'),
      nodes: take('nodes'),
      assets: take('assets'),
      permissions: take('permissions'),
    },
    ...about,
  };
}
