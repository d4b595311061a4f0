import { isRow, type Row } from '../../graph/row.ts';
import { required } from '../../graph/write.ts';
import { type Input, toBody } from '../../graph/write-body.ts';
import type { UserError } from '../../graph/write-errors.ts';
import { isNothing } from '../../graph/write-words.ts';
import { createJob, importing, invalid, type Job, rowPath } from './job.ts';
import { readLabels } from './labels.ts';
import { finishPlain, type PlainDraft } from './plain.ts';
import { type Related, type Resolved, readRelated } from './related.ts';

/** The input type of one row. */
const USER_ROW = 'ImportUserInput';

/** Creates users. */
export const importUsers = importing(async (write) => {
  const job = await createJob(write, 'User', 'user');
  const [resolve, labels] = await Promise.all([readRelated(job, RELATED), readLabels(job)]);
  const drafts = job.rows.flatMap(
    (input, row) => draftUser(job, [resolve(row, input), labels(row, input)], row, input) ?? [],
  );
  await finishPlain(job, drafts, {
    operation: 'POST /users/users/',
    type: USER_ROW,
    fields: { username: 'username', email: 'email' },
  });
  return job.finish();
});

/** Lists of the input that refer to something, and how that is named. */
const RELATED: Readonly<Record<string, Related>> = {
  systemRoles: { ...roles('system'), to: 'system_roles' },
  orgRoles: { ...roles('org'), to: 'org_roles' },
  groups: { noun: 'UserGroup', field: 'name', property: 'name', isSmall: true, to: 'groups' },
};

/** Roles of the server and of organisations may have the same names. */
function roles(scope: 'system' | 'org') {
  const only = ({ scope: its }: Row) => (isRow(its) ? its['value'] : its) === scope;
  return { noun: 'Role', field: 'name', property: 'name', more: ['scope'], isSmall: true, only } as const;
}

function draftUser(job: Job, related: readonly Resolved[], row: number, input: Input): PlainDraft | undefined {
  const errors = [...checkTexts(row, input), ...related.flatMap((one) => one.errors)];
  if (errors.length > 0) {
    job.ledger.fail(row, errors);
    return undefined;
  }
  const unique = { username: String(input['username']).trim(), email: String(input['email']).trim() };
  return {
    row,
    id: job.toId('user', job.numberOf(row)),
    unique,
    body: Object.assign(toUserBody(job, row, input), ...related.map((one) => one.body)),
  };
}

/** A password given is meant to be used: JumpServer drops it without a word unless the strategy says so. */
function toUserBody({ write }: Job, row: number, input: Input): Record<string, unknown> {
  const leftOut = [...Object.keys(RELATED), 'labels'];
  const body = toBody(write.catalogue, USER_ROW, input, leftOut, rowPath(row).join('.'));
  const strategy = body['password_strategy'] ?? (isNothing(input['password']) ? undefined : 'custom');
  return { ...body, ...(strategy === undefined ? {} : { password_strategy: strategy }) };
}

function* checkTexts(row: number, input: Input): Generator<UserError> {
  for (const name of ['name', 'username', 'email']) {
    const text = String(input[name]).trim();
    if (text === '') yield required(rowPath(row, name), 'It must not be empty.');
    // 128 on every server; since 4.10.19 an address may be longer, which JumpServer judges itself.
    if (name !== 'email' && text.length > 128)
      yield invalid(rowPath(row, name), `Expected at most 128 characters, got ${text.length}.`);
  }
  if (!isNothing(input['email']) && !/^[^@\s]+@[^@\s]+$/.test(String(input['email']).trim()))
    yield invalid(rowPath(row, 'email'), 'Expected an e-mail address.');
  if (input['passwordStrategy'] === 'CUSTOM' && isNothing(input['password']))
    yield required(rowPath(row, 'password'), 'With passwordStrategy CUSTOM a password is needed.');
}
