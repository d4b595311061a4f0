const HEX = '0123456789abcdef';

/** A well-mixed 32-bit hash of two numbers: the sandbox's only source of chance, so equal seeds give equal worlds. */
export function mix(a: number, b: number): number {
  let h = (Math.imul(a ^ 0x9e37_79b9, 0x85eb_ca6b) ^ Math.imul(b + 0x7f4a_7c15, 0xc2b2_ae35)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb_352d) >>> 0;
  h = Math.imul(h ^ (h >>> 15), 0x846c_a68b) >>> 0;
  return (h ^ (h >>> 16)) >>> 0;
}

const hex = (value: number): string => value.toString(16).padStart(8, '0');

/** A UUID (version 4 in form) that only depends on its four words. */
export function toUuid(a: number, b: number, c: number, d: number): string {
  const text = hex(a >>> 0) + hex(b >>> 0) + hex(c >>> 0) + hex(d >>> 0);
  const variant = HEX[8 + (Number.parseInt(text.charAt(16), 16) & 3)] ?? '8';
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-${variant}${text.slice(17, 20)}-${text.slice(20)}`;
}

/** A source of chance that can be asked for numbers, members and UUIDs, the same for equal seeds. */
export interface Chance {
  /** An integer from 0 to below `limit`. */
  below(limit: number): number;
  /** True in so many of 100 cases. */
  percent(share: number): boolean;
  pick<T>(from: readonly T[]): T;
  uuid(): string;
}

/** Makes a source of chance from a number. */
export function createChance(seed: number): Chance {
  let step = 0;
  const next = (): number => {
    step += 1;
    return mix(seed, step);
  };
  return {
    below: (limit) => Math.floor((next() / 4_294_967_296) * limit),
    percent: (share) => next() % 100 < share,
    pick: (from) => {
      const chosen = from[next() % from.length];
      if (chosen === undefined) throw new RangeError('nothing to pick from');
      return chosen;
    },
    uuid: () => toUuid(next(), next(), next(), next()),
  };
}

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** Whether a text is a UUID as JumpServer takes it: with or without hyphens. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** The stored form of a UUID: lower case with hyphens. */
export function normalUuid(text: string): string {
  const plain = text.toLowerCase().replaceAll('-', '');
  return `${plain.slice(0, 8)}-${plain.slice(8, 12)}-${plain.slice(12, 16)}-${plain.slice(16, 20)}-${plain.slice(20)}`;
}
