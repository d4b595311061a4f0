import { parseLoosely } from './answer.ts';
import { fillPath } from './client.ts';
import type { RawAnswer, Session } from './session.ts';
import type { Place } from './session-place.ts';
import { assertAllowed, spend } from './session-send.ts';
import { transmit } from './transmit.ts';

/** Makes the raw exchanges of a session: sent once, nearly any status is an answer. */
export const createExchange =
  ({ parts, family, asked }: Place): Session['exchange'] =>
  async (method, path, body, { cookie, parameters, query } = {}): Promise<RawAnswer> => {
    const name = { method, path };
    assertAllowed(parts, name);
    spend(family, name);
    const answer = await transmit(parts, family, {
      name,
      url: fillPath(path, parameters ?? {}) + (query ? `?${new URLSearchParams(query)}` : ''),
      body: body === undefined ? undefined : JSON.stringify(body),
      organization: asked?.value,
      accept: undefined,
      cookie,
      accepts: (status) => !NO_ANSWER.has(status) && (status < 300 || status >= 400),
    });
    family.repeats.forget();
    const { status } = answer;
    const setCookie = answer.setCookie();
    return { status, setCookie, body: parseLoosely(answer), cookie: toSessionCookie(setCookie, parts.cookiePrefix) };
  };

/** Statuses that a raw exchange does not answer either: throttled, or nobody there. */
const NO_ANSWER = new Set([429, 502, 503, 504]);

const toSessionCookie = (setCookie: readonly string[], prefix: string): string | undefined => {
  const name = `${prefix}sessionid=`;
  const [value] = setCookie.flatMap((line) =>
    line.startsWith(name) ? [line.slice(name.length).split(';')[0] ?? ''] : [],
  );
  return value && value !== '""' ? name + value : undefined;
};
