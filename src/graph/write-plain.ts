import type { Resolver } from './resolve.ts';
import {
  done,
  globalId,
  mutation,
  type Outcome,
  type Perform,
  payloadField,
  type Reference,
  refuse,
  required,
  type Write,
} from './write.ts';
import { each } from './write-each.ts';

/** The most ids that one mutation takes. */
export const MAX_IDS = 1000;

/** What a create does besides: looks at the body before it is sent, and may refuse or complete it. */
export type Prepare = (body: Record<string, unknown>, write: Write) => void | Promise<void>;

/** A mutation that creates one row: POST of the input. */
export function create(noun: string, prepare?: Prepare): Resolver {
  return mutation(createRow(noun, prepare));
}

/** The same as a step of a larger mutation. */
export function createRow(noun: string, prepare?: Prepare): Perform {
  return async (write) => {
    const body = write.newBody();
    await prepare?.(body, write);
    return done(write, noun, await write.send(write.operation('POST'), { body }), body);
  };
}

/** A mutation that changes what is given of the row `id`: PATCH. */
export function update(noun: string, prepare?: Prepare): Resolver {
  return mutation(changeRow(noun, prepare));
}

/** The same as a step of a larger mutation. */
export function changeRow(noun: string, prepare?: Prepare): Perform {
  return async (write) => {
    const body = write.body(['id']);
    await prepare?.(body, write);
    return updateRow(write, noun, body);
  };
}

/** Sends a PATCH of the row `id`. */
export async function updateRow(write: Write, noun: string, body: Record<string, unknown>): Promise<Outcome> {
  const id = write.id('id');
  return done(write, noun, await write.send(write.operation('PATCH'), { path: { id }, body }), body);
}

/** A mutation that asks JumpServer to do something with the row `id`; the row is read again for the payload. */
export function act(noun: string, verb: 'POST' | 'PUT' | 'PATCH'): Resolver {
  return mutation(async (write) => {
    const id = write.id('id');
    await write.send(write.operation(verb), { path: { id }, body: {} });
    return { [payloadField(write.info, noun)]: { id } };
  });
}

/** A mutation that deletes the row `id`. */
export function remove(noun: string): Resolver {
  return mutation(removeRow(noun));
}

/** The same as a step of a larger mutation. */
export function removeRow(noun: string): Perform {
  return async (write) => {
    const id = write.id('id');
    await write.send(write.operation('DELETE'), { path: { id } });
    return { deletedIds: [globalId(noun, id)] };
  };
}

/** A mutation that deletes the rows `ids`, each by its own address: a list is never deleted by a filter (api.md §0.6, §4). */
export function removeMany(noun: string): Resolver {
  return mutation(removeRows(noun));
}

/** The same as a step of a larger mutation. */
export function removeRows(noun: string): Perform {
  return async (write) => {
    const ids = someReferences(write, 'ids');
    const operation = write.operation('DELETE');
    const { succeeded, userErrors } = await each(write, 'ids', ids, (id) => write.send(operation, { path: { id } }));
    return { deletedIds: succeeded.map(({ id }) => globalId(noun, id)), userErrors };
  };
}

/** What an input list refers to, each once. Throws a refusal when it is empty or too long. */
export function someReferences(write: Write, name: string): readonly Reference[] {
  const ids = write.references(name);
  if (ids.length === 0) refuse([required([name], 'Give at least one id.')]);
  if (ids.length > MAX_IDS)
    refuse([{ field: [name], code: 'INVALID', message: `Give at most ${MAX_IDS} ids, not ${ids.length}.` }]);
  return ids;
}
