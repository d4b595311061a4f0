import { ApiError } from './errors.ts';
import type { Json, JsonObject, Row } from './types.ts';
import { isObject, type Look, type View, type WebSession, type World } from './world.ts';

/** How a caller proved who they are (api.md §1.1). */
export type Scheme = 'none' | 'bearer' | 'token' | 'signature' | 'session';

/** One request on its way through the sandbox. */
export interface Exchange {
  readonly world: World;
  readonly request: Request;
  readonly method: string;
  readonly url: URL;
  readonly query: URLSearchParams;
  /** Path variables. */
  params: Record<string, string>;
  /** Parsed body; undefined when none came. */
  body: Json | undefined;
  user: Row | null;
  scheme: Scheme;
  /** Organisation the request works in. */
  org: string;
  zone: string | null;
  /** The browser-like session behind the cookie. */
  session: WebSession | null;
  address: string;
  /** Headers every answer to this request gets. */
  readonly headers: Record<string, string>;
  /** What the request needed, for the latency model. */
  rows: number;
}

/** The signed-in caller of an exchange that let nobody else through. */
export function caller(x: Exchange): Row {
  if (x.user === null) throw new Error('an action without a caller');
  return x.user;
}

/** What serializers see of an exchange. */
export function lookOf(x: Exchange, view: View): Look {
  return { world: x.world, zone: x.zone, org: x.org, user: x.user, view };
}

/** The body as an object; `{}` when none came. */
export function objectBody(x: Exchange): JsonObject {
  const body = x.body ?? {};
  if (!isObject(body)) {
    throw new ApiError(400, { non_field_errors: ['An object is expected here.'] });
  }
  return body;
}

/** A path variable. */
export function param(x: Exchange, name: string): string {
  return x.params[name] ?? '';
}
