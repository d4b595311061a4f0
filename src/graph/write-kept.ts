import { isRow, type Row } from './row.ts';
import { type Outcome, type Perform, payloadField, type Write } from './write.ts';
import { inputFields } from './write-body.ts';
import type { UserError } from './write-errors.ts';
import { absent } from './write-lacking.ts';

/**
 * A write that tells of every plain value that did not come back as it was sent: JumpServer drops names that its version does not know, and
 * some values that it does not want, without a word (api.md §5.0). The rest of the write stands, so the object is answered too.
 */
export function kept(noun: string, perform: Perform): Perform {
  return async (write) => {
    const outcome: Outcome = await perform(write);
    const row = outcome[payloadField(write.info, noun)];
    if (!isRow(row)) return outcome;
    const told = outcome.userErrors ?? [];
    const isTold = ({ field }: UserError) => told.some((one) => one.field.join('.') === field.join('.'));
    return { ...outcome, userErrors: [...told, ...findUnkept(write, row).filter((error) => !isTold(error))] };
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
  if (!(property in row)) return [absent(name)];
  if (toComparable(row[property]) === toComparable(sent)) return [];
  return [{ field: [name], code: 'INVALID', message: OTHER }];
}

const OTHER = 'JumpServer does not take this here, and has kept another value.';

/** Choices come back as objects, and texts without the blanks around them. */
function toComparable(value: unknown): string {
  return String((isRow(value) ? value['value'] : value) ?? '').trim();
}
