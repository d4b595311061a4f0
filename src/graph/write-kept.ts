import { isRow, type Row } from './row.ts';
import { type Outcome, type Perform, payloadField, type Write } from './write.ts';
import { inputFields } from './write-body.ts';
import type { UserError } from './write-errors.ts';

/**
 * A write that tells of every plain value that did not come back as it was sent: JumpServer drops names that its version does not know, and
 * some values that it does not want, without a word (api.md §5.0). The rest of the write stands, so the object is answered too.
 */
export function kept(noun: string, perform: Perform): Perform {
  return async (write) => {
    const outcome: Outcome = await perform(write);
    const row = outcome[payloadField(write.info, noun)];
    if (!isRow(row)) return outcome;
    return { ...outcome, userErrors: [...(outcome.userErrors ?? []), ...findUnkept(write, row)] };
  };
}

function findUnkept(write: Write, row: Row): UserError[] {
  const body = write.body(['id']);
  return Object.entries(inputFields(write.catalogue, write.type)).flatMap(([name, field]) => {
    const isPlain = field.noun === undefined && field.value !== 'Secret';
    return isPlain ? faultOf(name, body[field.to], row, field.to) : [];
  });
}

function faultOf(name: string, sent: unknown, row: Row, property: string): UserError[] {
  if (!['string', 'number', 'boolean'].includes(typeof sent)) return [];
  if (!(property in row)) return [{ field: [name], code: 'UNSUPPORTED_BY_SERVER', message: ABSENT }];
  if (toComparable(row[property]) === toComparable(sent)) return [];
  return [{ field: [name], code: 'INVALID', message: OTHER }];
}

const ABSENT = 'The connected JumpServer does not have this, and has left it out.';
const OTHER = 'JumpServer does not take this here, and has kept another value.';

/** Choices come back as objects, and texts without the blanks around them. */
function toComparable(value: unknown): string {
  return String((isRow(value) ? value['value'] : value) ?? '').trim();
}
