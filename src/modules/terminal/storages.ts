import { isRow } from '../../graph/row.ts';
import { done, mutation, type Perform, payloadField } from '../../graph/write.ts';
import { kept } from '../../graph/write-kept.ts';
import { type Operation, sendOnce } from '../../graph/write-send.ts';
import { withoutSecrets } from '../components/settings.ts';

/** Creates a storage. Its type stands in the address too: JumpServer reads the settings by it there, and drops them without. */
export const createStorage = (noun: string) => mutation(kept(noun, createRow(noun)));

function createRow(noun: string): Perform {
  return async (write) => {
    const body: Record<string, unknown> = { meta: {}, ...write.newBody() };
    const query = { type: String(body['type']) };
    return done(write, noun, await write.send(write.operation('POST'), { query, body }), body);
  };
}

/** Tries a storage: a GET that reaches out from JumpServer. What it says can quote the address, with what stands in it. */
export const testStorage = (noun: string, operation: Operation & `GET ${string}`) =>
  mutation(async (write) => {
    const id = write.id('id');
    const answer = await sendOnce(write.scope.session, operation, { path: { id } });
    const { is_valid: isValid, msg } = isRow(answer) ? answer : {};
    return { [payloadField(write.info, noun)]: { id }, isValid, message: withoutSecrets(msg) };
  });
