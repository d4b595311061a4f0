import { isUpstreamError, type UpstreamError } from '../upstream/errors.ts';
import { isRow } from './row.ts';
import { type Sent, toUserErrors, type UserError } from './write-errors.ts';

/** A write that was refused for reasons that the caller can do something about; the runner answers them as `userErrors`. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly errors: readonly UserError[];

  constructor(errors: readonly UserError[]) {
    super(errors.map(({ code, field }) => `${code} ${field.join('.')}`).join(', '));
    this.errors = errors;
  }
}

/** What is needed to tell a failed call in terms of the input. */
export interface Telling extends Sent {
  /** Path of the input that names the object to change: what a 404 is about. */
  readonly subject: readonly string[];
  readonly row?: number;
  /** How to find out what became of a write whose answer was lost. */
  readonly lookup: string;
}

/** The refusals in a failed call; undefined when it failed for another reason, which is an error of the whole mutation. */
export function toRefusals(error: unknown, telling: Telling): readonly UserError[] | undefined {
  if (error instanceof Refused) return error.errors;
  if (!isUpstreamError(error)) return undefined;
  if (error.status === 400) return withRow(toUserErrors(error.body, telling), telling);
  const whole = { field: telling.field ?? [], ...rowOf(telling) };
  switch (error.code) {
    case 'FORBIDDEN':
      return isRule(error) ? withCode(toUserErrors(error.body, telling), 'FORBIDDEN', telling) : undefined;
    case 'NOT_FOUND':
      return [{ ...whole, field: telling.subject, code: 'NOT_FOUND', message: UNKNOWN_OBJECT }];
    case 'CONFLICT':
      return [{ ...whole, code: 'CONFLICT', message: BUSY }];
    case 'UNSUPPORTED_BY_SERVER':
      return [{ ...whole, code: 'UNSUPPORTED_BY_SERVER', message: LACKING }];
    case 'OUTCOME_UNKNOWN':
      return [{ ...whole, code: 'OUTCOME_UNKNOWN', message: `${LOST} ${telling.lookup}` }];
    default:
      return undefined;
  }
}

/** What a mutation says of an object that is not there, or not for the caller. */
export const UNKNOWN_OBJECT = 'It does not exist, or not for the caller.';
const BUSY = 'Somebody else is changing the same thing; try again.';
const LACKING = 'The connected JumpServer (or its edition) does not have this.';
const LOST = 'The write was sent and its answer was lost: it may have been done.';

/** A 403 that states a rule (`{error}`, recorded "delete node with assets") is no lack of rights (`{detail, code: permission_denied}`). */
function isRule({ body }: UpstreamError): boolean {
  return isRow(body) && (typeof body['error'] === 'string' || typeof body['msg'] === 'string');
}

function withCode(errors: readonly UserError[], code: UserError['code'], telling: Telling): UserError[] {
  return withRow(errors, telling).map((error) => ({ ...error, code }));
}

function withRow(errors: readonly UserError[], telling: Telling): UserError[] {
  return errors.map((error) => ({ ...rowOf(telling), ...error }));
}

function rowOf({ row }: Telling): { readonly row?: number } {
  return row === undefined ? {} : { row };
}
