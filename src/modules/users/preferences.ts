import { isRow } from '../../graph/row.ts';
import { mutation, type Outcome, refuse, type Write } from '../../graph/write.ts';
import { isUpstreamError } from '../../upstream/index.ts';

/** Everybody may change their own settings: a 403 can only mean that there is no such part. */
const NO_PART = {
  field: ['category'],
  code: 'INVALID',
  message: 'JumpServer keeps no settings of this part.',
} as const;

/** Changes the caller's settings of one part of the user interface. */
export const updatePreferences = mutation(async (write) => {
  const body = write.input['preferences'];
  if (!isRow(body))
    refuse([{ field: ['preferences'], code: 'INVALID', message: 'Expected an object of groups of settings.' }]);
  return change(write, 'PATCH /users/preference/', body);
});

/** Gives them up, so that the server's defaults hold again. */
export const resetPreferences = mutation((write) => change(write, 'DELETE /users/preference/'));

type Change = 'PATCH /users/preference/' | 'DELETE /users/preference/';

async function change(write: Write, operation: Change, body?: unknown): Promise<Outcome> {
  const query = { category: String(write.input['category']) };
  await write.send(operation, { query, ...(body === undefined ? {} : { body }) }).catch((error: unknown) => {
    if (isUpstreamError(error, 'FORBIDDEN')) refuse([NO_PART]);
    refuse(isUpstreamError(error) && error.status === 400 ? (write.tell(error, { field: ['preferences'] }) ?? []) : []);
    throw error;
  });
  return { preferences: await write.send('GET /users/preference/', { query }) };
}
