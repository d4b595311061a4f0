import { UpstreamError } from './errors.ts';

/** One condition of `attr_rules` (api.md §3.4). `m2m` matches any of the related ids. */
export interface AttrRule {
  readonly name: string;
  readonly match:
    | 'exact'
    | 'not'
    | 'in'
    | 'contains'
    | 'startswith'
    | 'endswith'
    | 'regex'
    | 'gte'
    | 'lte'
    | 'gt'
    | 'lt'
    | 'ip_in'
    | 'm2m'
    | 'm2m_all';
  readonly value: unknown;
}

/** The value of the query parameter `attr_rules`: base64 of the rules, which JumpServer joins by AND. */
export const toAttrRules = (attrs: readonly AttrRule[]): string =>
  Buffer.from(JSON.stringify({ type: 'attrs', attrs })).toString('base64');

/**
 * A query string as JumpServer reads it: a list is one comma-separated value, `id!` is encoded, undefined and null are left out.
 * An empty list is left out too, so whoever means "none" must not ask at all (api.md §3.2).
 */
export const serializeQuery = (query: Readonly<Record<string, unknown>>): string => {
  let text = '';
  for (const name in query) {
    const value = query[name];
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) continue;
    text += `${text === '' ? '' : '&'}${encodeName(name)}=${encodeValue(value)}`;
  }
  return text;
};

const encodeName = (name: string): string => encodeURIComponent(name).replaceAll('!', '%21');

/** Half of a character (a lone surrogate) can't be sent: no text in JumpServer holds one. */
const encodeText = (text: string): string => {
  try {
    return encodeURIComponent(text);
  } catch (cause) {
    const hint = 'a text holds half of a character';
    throw new UpstreamError('BAD_USER_INPUT', { method: 'GET', path: 'query' }, { reason: 'not sent', hint, cause });
  }
};

/** Commas stay: a list of a hundred ids would grow by a twentieth. */
const encodeValue = (value: unknown): string =>
  Array.isArray(value) ? value.map((item) => encodeText(String(item))).join(',') : encodeText(String(value));
