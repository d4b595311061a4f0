import { badInput } from './errors.ts';

const OWN = /^(\d{4})\/(\d{2})\/(\d{2}) (\d{2}:\d{2}:\d{2})(\.\d+)? ([+-])(\d{2})(\d{2})$/;
const EPOCH = /^\d{9,11}(\.\d+)?$/;
const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * JumpServer's `2026/01/31 08:00:00 +0000` as ISO 8601 in UTC. It is asked with `X-TZ: UTC`, so the usual case is a rearrangement of text;
 * ISO text and epoch seconds (commands; a text in some storages) are understood too. Null when it is no instant at all.
 */
export function toIso(value: unknown): string | null {
  if (typeof value === 'number') return epochToIso(value);
  if (typeof value !== 'string') return null;
  if (value.length === 25 && value.endsWith('+0000')) {
    return `${value.slice(0, 4)}-${value.slice(5, 7)}-${value.slice(8, 10)}T${value.slice(11, 19)}Z`;
  }
  if (EPOCH.test(value)) return epochToIso(Number(value));
  const own = OWN.exec(value);
  if (!own && !ISO.test(value)) return null;
  const [, year, month, day, time, fraction = '', sign, hours, minutes] = own ?? [];
  return dateToIso(own ? `${year}-${month}-${day}T${time}${fraction}${sign}${hours}:${minutes}` : value);
}

function epochToIso(seconds: number): string | null {
  return Number.isFinite(seconds) ? dateToIso(seconds * 1000) : null;
}

function dateToIso(value: string | number): string | null {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return null;
  const text = date.toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, 19)}Z` : text;
}

/** Reads a `DateTime` from a client. Throws `BAD_USER_INPUT` for what is no instant. A time without a zone is taken as UTC. */
export function fromInput(value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : '';
  const zoned = ISO.test(text) && text.length > 10 && !/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? `${text}Z` : text;
  const iso = text === '' || EPOCH.test(text) ? null : toIso(zoned);
  if (iso === null) throw badInput(`expected a DateTime such as 2026-01-31T08:00:00Z, got ${JSON.stringify(value)}.`);
  return iso;
}

/** The last microsecond before an instant: upstream's `date_to` is inclusive, ours is not (api.md, Corrections). */
export function justBefore(iso: string): string {
  return new Date(new Date(iso).getTime() - 1).toISOString().replace('Z', '999Z');
}

/** `1:31:00`, `2 03:04:05`, `1 day, 2:03:04` or a number as whole seconds; null for anything else. */
export function toSeconds(value: unknown): number | null {
  if (typeof value === 'number') return Math.round(value);
  if (typeof value !== 'string') return null;
  const found = /^(?:(\d+)(?: days?,)? )?(\d+):(\d{2}):(\d{2})(?:\.\d+)?$/.exec(value);
  if (!found) return null;
  const [, days = '0', hours, minutes, seconds] = found;
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
}
