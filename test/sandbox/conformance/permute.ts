/** The same recording of another company: other ids, other names, independent writes in another order. */
import type { Exchange, JsonObject, Snapshot } from '../../support/recordings.ts';
import type { Recording } from './replay.ts';

type Random = () => number;

/** A small generator of equally spread numbers from 0 to 1 (mulberry32): the same seed, the same numbers. */
const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const digits = (random: Random, alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Ids with a meaning of their own (built-in roles, organisations), and those that the recorder made up as unknown. */
const isFixed = (id: string): boolean => id.startsWith('00000000-0000-0000-0000-') || id.startsWith('11111111-');

const createIdMap = (random: Random): ((id: string) => string) => {
  const others = new Map<string, string>();
  return (id) => {
    if (isFixed(id)) return id;
    const hex = (length: number): string => digits(random, '0123456789abcdef', length);
    const other = others.get(id) ?? `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
    others.set(id, other);
    return other;
  };
};

/** Names that are also words of the API, so that they cannot be told apart by their text. */
const reserved = new Set([
  'admin',
  'administrator',
  'default',
  'web',
  'db',
  'root',
  'cloud',
  'audit',
  'all',
  'internal',
]);

const namesOf = (rows: readonly JsonObject[] | undefined, ...keys: string[]): string[] =>
  (rows ?? []).flatMap((row) => keys.flatMap((key) => (typeof row[key] === 'string' ? [row[key]] : [])));

const findNames = (snapshot: Snapshot): string[] =>
  [
    ...namesOf(snapshot.users, 'name', 'username'),
    ...namesOf(snapshot['user-groups'], 'name'),
    ...namesOf(snapshot.assets, 'name'),
    ...namesOf(snapshot.nodes, 'value'),
    ...namesOf(snapshot.zones, 'name'),
    ...namesOf(snapshot['asset-permissions'], 'name'),
    ...namesOf(snapshot.labels, 'name'),
  ].filter((name) => !reserved.has(name.toLowerCase()));

/** Letters put in after the first one: other names, in the same order as before. */
const createRename = (names: readonly string[], random: Random): ((text: string) => string) => {
  const infix = `z${digits(random, 'bcdfghjklmnpqrstvwxz', 3)}`;
  const escaped = [...new Set(names)]
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[^A-Za-z0-9]/g, '\\$&'));
  const pattern = new RegExp(`(?<![A-Za-z0-9_-])(?:${escaped.join('|')})(?![A-Za-z0-9_-]|":)`, 'g');
  return (text) => text.replace(pattern, (name) => `${name.slice(0, 1)}${infix}${name.slice(1)}`);
};

const inRules = (text: string, change: (text: string) => string): string =>
  text.replace(/"attr_rules":"([A-Za-z0-9+/=]{8,})"/g, (_whole, encoded: string) => {
    const changed = change(Buffer.from(encoded, 'base64').toString('utf8'));
    return `"attr_rules":"${Buffer.from(changed).toString('base64')}"`;
  });

const shuffle = <T>(items: readonly T[], random: Random): T[] => {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const [a, b] = [result[last], result[other]];
    if (a !== undefined && b !== undefined) [result[last], result[other]] = [b, a];
  }
  return result;
};

/** The runs of `create X … read X deleted`: each leaves nothing behind, so none depends on another. */
const findBlocks = (exchanges: readonly Exchange[]): { start: number; end: number }[] =>
  exchanges.flatMap(({ name }, start) => {
    const noun = /^create ([a-z ]+?)$/.exec(name)?.[1];
    const end = noun === undefined ? -1 : exchanges.findIndex((other) => other.name === `read ${noun} deleted`);
    return end > start && end - start < 12 ? [{ start, end: end + 1 }] : [];
  });

const reorder = (exchanges: readonly Exchange[], random: Random): Exchange[] => {
  const blocks = findBlocks(exchanges);
  const shuffled = shuffle(blocks, random);
  const places = new Map(blocks.map(({ start }, index) => [start, shuffled[index]]));
  const moved = new Set(blocks.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i)));
  return exchanges.flatMap((exchange, index) => {
    const block = places.get(index);
    if (block) return exchanges.slice(block.start, block.end);
    return moved.has(index) ? [] : [exchange];
  });
};

/** The recording with every id and name replaced, and its independent writes shuffled; the same for the same seed. */
export const permute = (recording: Recording, seed: number): Recording => {
  const random = createRandom(seed);
  const otherId = createIdMap(random);
  const rename = createRename(findNames(recording.snapshot), random);
  const change = (text: string): string => rename(text.replace(uuids, otherId));
  const changeAll = (text: string): string => inRules(change(text), change);
  return {
    version: recording.version,
    snapshot: JSON.parse(changeAll(JSON.stringify(recording.snapshot))),
    exchanges: reorder(JSON.parse(changeAll(JSON.stringify(recording.exchanges))), random),
  };
};
