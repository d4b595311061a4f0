const DAY = 86_400_000;
const DEFAULT_OFFSET = 8 * 60;

/** Milliseconds of one day. */
export const DAY_MS = DAY;

const zones = new Map<string, Intl.DateTimeFormat | null>();

function formatterOf(zone: string): Intl.DateTimeFormat | null {
  const known = zones.get(zone);
  if (known !== undefined) return known;
  let made: Intl.DateTimeFormat | null = null;
  try {
    made = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  } catch {
    made = null;
  }
  zones.set(zone, made);
  return made;
}

/** Minutes east of UTC of a time zone at a moment; an unknown zone is the server's own, +08:00. */
export function offsetOf(zone: string | null, at: number): number {
  if (zone === null) return DEFAULT_OFFSET;
  if (zone === 'UTC') return 0;
  const formatter = formatterOf(zone);
  if (formatter === null) return DEFAULT_OFFSET;
  const name = formatter.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(name);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

/** A moment as JumpServer writes it, `2026/11/22 08:00:43 +0800`: not ISO 8601 (api.md §0.10). */
export function toServerTime(at: number, zone: string | null): string {
  const offset = offsetOf(zone, at);
  const local = new Date(at + offset * 60_000);
  const size = Math.abs(offset);
  const date = `${local.getUTCFullYear()}/${two(local.getUTCMonth() + 1)}/${two(local.getUTCDate())}`;
  const time = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`;
  return `${date} ${time} ${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}

const NATIVE =
  /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;

/** Reads a moment in JumpServer's own form or ISO 8601; null when it is neither. */
export function parseTime(text: string, zone: string | null = null): number | null {
  const match = NATIVE.exec(text.trim());
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction, suffix] = match;
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second ?? 0),
    Math.floor(Number(`0.${fraction ?? 0}`) * 1000),
  );
  if (Number.isNaN(local) || Number(month) > 12 || Number(day) > 31 || Number(hour) > 23) return null;
  return local - offsetMinutes(suffix, zone, local) * 60_000;
}

function offsetMinutes(suffix: string | undefined, zone: string | null, local: number): number {
  if (suffix === undefined) return offsetOf(zone, local);
  if (suffix === 'Z') return 0;
  const digits = suffix.replace(':', '');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return digits.startsWith('-') ? -minutes : minutes;
}
