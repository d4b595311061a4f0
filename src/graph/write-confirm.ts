import { isUpstreamError } from '../upstream/errors.ts';
import type { GraphContext } from './context.ts';
import { badInput, GraphError } from './errors.ts';
import { isRow } from './row.ts';

/** Seconds that a proof (and so a handle) holds: JumpServer keeps it for 300 (api.md §1.6). */
const CONFIRMATION_SECONDS = 300;

/** What a challenge handle holds: whose it is, what is asked, and the sign-in session that carries the proof. */
export interface Challenge {
  readonly purpose: 'confirm' | 'sign-in';
  readonly principal: string;
  /** `relogin`, `password` or `mfa`; empty for a sign-in. */
  readonly level: string;
  /** `jms_sessionid=…`, as soon as JumpServer has set one. */
  readonly cookie?: string | undefined;
}

/** Seals a challenge into the handle that clients carry. */
export function toHandle(context: GraphContext, challenge: Challenge, seconds = CONFIRMATION_SECONDS): string {
  return context.seal.close({ ...challenge }, seconds);
}

/** Opens a handle. Throws `BAD_USER_INPUT` for one that is expired, changed, somebody else's or meant for something else. */
export function fromHandle(context: GraphContext, handle: string, purpose: Challenge['purpose']): Challenge {
  const value = context.seal.open(handle);
  if (value?.['purpose'] !== purpose || value['principal'] !== context.session.principal) {
    throw badInput('challenge: expected a challenge that was given to this caller and has not expired.');
  }
  const { cookie } = value;
  return {
    purpose,
    principal: context.session.principal,
    level: String(value['level'] ?? ''),
    ...(typeof cookie === 'string' ? { cookie } : {}),
  };
}

/** The cookie in the challenge that an input carries, undefined without one. Throws `BAD_USER_INPUT` like {@link fromHandle}. */
export function cookieOf(context: GraphContext, challenge: unknown): string | undefined {
  return typeof challenge === 'string' ? fromHandle(context, challenge, 'confirm').cookie : undefined;
}

/**
 * For a 412 the error that asks for a confirmation, with a challenge and the methods that JumpServer offers; any other error as it is.
 * A mutation that takes a `challenge` is sent again with it after `confirm`.
 */
export async function confirmationOf(error: unknown, context: GraphContext): Promise<unknown> {
  if (!isUpstreamError(error, 'CONFIRMATION_REQUIRED')) return error;
  return toConfirmation(context, levelOf(error.body));
}

/** The level that a 412 demands. */
export function levelOf(body: unknown): string {
  return isRow(body) && typeof body['code'] === 'string' ? body['code'] : 'mfa';
}

/** Makes the error `CONFIRMATION_REQUIRED`, asking JumpServer which methods this caller has. */
export async function toConfirmation(context: GraphContext, level: string): Promise<GraphError> {
  const answer = await context.session.exchange('GET', '/authentication/confirm/', undefined, {
    query: { confirm_type: level },
  });
  const body = isRow(answer.body) ? answer.body : {};
  const given = typeof body['confirm_type'] === 'string' ? body['confirm_type'] : level;
  const challenge: Challenge = {
    purpose: 'confirm',
    principal: context.session.principal,
    level: given,
    cookie: answer.cookie,
  };
  return new GraphError('CONFIRMATION_REQUIRED', 'JumpServer wants the caller to confirm who they are first.', {
    confirmation: {
      challenge: toHandle(context, challenge),
      methods: answer.status === 200 ? toMethods(body['content'], given) : [],
    },
  });
}

/** The names of the methods; a level without a choice is its own method. A caller who has none can't confirm at all. */
function toMethods(content: unknown, level: string): string[] {
  if (!Array.isArray(content)) return [level];
  const names = content.flatMap((item) => (isRow(item) ? (item['disabled'] === true ? [] : [item['name']]) : [item]));
  const known = names.filter((name) => typeof name === 'string');
  return known.length > 0 ? known : [level];
}
