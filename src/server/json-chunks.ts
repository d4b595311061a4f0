/** Values from which on an answer is written in chunks: about a quarter of a megabyte. */
const LARGE = 8_192;
/** Values that are written at once; others are served between two such pieces. */
const SMALL = 2_048;
/** Characters of a chunk. */
const CHUNK = 65_536;

/** Whether an answer is so large that it is better written in chunks. Of each list only three items are looked at. */
export const isLarge = (value: unknown): boolean => estimateValues(value) >= LARGE;

const estimateValues = (value: unknown): number => {
  if (!isContainer(value)) return 1;
  if (Array.isArray(value)) return estimateItems(value);
  return Object.values(value).reduce<number>((sum, entry) => sum + estimateValues(entry), 1);
};

const estimateItems = (items: readonly unknown[]): number => {
  const samples = new Set([0, items.length >> 1, items.length - 1]);
  let sum = 0;
  for (const at of samples) sum += estimateValues(items[at]);
  return 1 + (items.length * sum) / samples.size;
};

/** Writes what `JSON.stringify` writes, chunk by chunk, so that the text never stands in memory whole. */
export function* toJsonChunks(value: object): Generator<string, void> {
  let text = '';
  for (const piece of toPieces(value)) {
    text += piece;
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

function* toPieces(value: unknown): Generator<string, void> {
  if (!isContainer(value) || estimateValues(value) <= SMALL) yield JSON.stringify(value) ?? 'null';
  else if (Array.isArray(value)) yield* toItems(value);
  else yield* toEntries(value);
}

function* toItems(items: readonly unknown[]): Generator<string, void> {
  let separator = '[';
  for (const item of items) {
    yield separator;
    yield* toPieces(item);
    separator = ',';
  }
  yield ']';
}

function* toEntries(value: object): Generator<string, void> {
  let separator = '{';
  for (const [key, entry] of Object.entries(value)) {
    if (isLeftOut(entry)) continue;
    yield `${separator}${JSON.stringify(key)}:`;
    yield* toPieces(entry);
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

/** What has a JSON form of its own is written by that alone. */
const isContainer = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !('toJSON' in value);

const isLeftOut = (value: unknown): boolean =>
  value === undefined || typeof value === 'function' || typeof value === 'symbol';
