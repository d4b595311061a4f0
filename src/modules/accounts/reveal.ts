import { rowsIn } from '../../graph/fetch.ts';
import { isRow, type Row } from '../../graph/row.ts';
import { mutation, notFound, type Outcome, refuse, type Write } from '../../graph/write.ts';
import { cookieOf } from '../../graph/write-confirm.ts';
import { sendOnce } from '../../graph/write-send.ts';

type Place =
  | 'GET /accounts/account-secrets/{id}/'
  | 'GET /accounts/account-secrets/{history_id}/histories/'
  | 'GET /accounts/account-template-secrets/{id}/';

/**
 * Reads one secret (api.md §1.6, §5.8). JumpServer wants a confirmation first and keeps its proof in a session, whose cookie the challenge
 * carries. The call is sent once, past everything that remembers answers.
 */
export const revealAccountSecret = mutation(async (write) => {
  assertOne(write);
  const { template, version } = write.input;
  if (isGiven(template)) return revealTemplate(write);
  return isGiven(version) ? revealVersion(write, Number(version)) : revealAccount(write);
});

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

function assertOne({ input }: Write): void {
  const both = 'Give exactly one of id and template.';
  if (isGiven(input['id']) === isGiven(input['template'])) refuse([{ field: ['id'], code: 'INVALID', message: both }]);
  const none = 'JumpServer keeps no earlier secrets of templates.';
  if (isGiven(input['template']) && isGiven(input['version']))
    refuse([{ field: ['version'], code: 'INVALID', message: none }]);
}

async function revealAccount(write: Write): Promise<Outcome> {
  const id = write.id('id');
  return { account: { id }, secret: secretOf(await read(write, 'GET /accounts/account-secrets/{id}/', { id })) };
}

async function revealTemplate(write: Write): Promise<Outcome> {
  const id = write.id('template');
  const place = 'GET /accounts/account-template-secrets/{id}/';
  const answer = await read(write, place, { id }).catch((error: unknown) => {
    refuse(write.tell(error, { subject: ['template'] }) ?? []);
    throw error;
  });
  return { accountTemplate: { id }, secret: secretOf(answer) };
}

/** JumpServer keeps at most 999 versions of an account; the one in force is not among the earlier ones. */
const PAGE = '1000';

async function revealVersion(write: Write, version: number): Promise<Outcome> {
  const id = write.id('id');
  const answer = await read(
    write,
    'GET /accounts/account-secrets/{history_id}/histories/',
    { history_id: id },
    { limit: PAGE },
  );
  const found = rowsIn(answer).find((row) => row['version'] === version);
  if (!found) refuse([{ ...notFound(['version']), message: 'JumpServer keeps no such earlier version.' }]);
  return { account: { id }, secret: secretOf(found) };
}

function read(
  write: Write,
  operation: Place,
  path: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const cookie = cookieOf(write.context, write.input['challenge']);
  return sendOnce(write.scope.session, operation, { path, query, cookie });
}

function secretOf(row: unknown): string | null {
  const secret = isRow(row) ? (row as Row)['secret'] : undefined;
  return typeof secret === 'string' && secret !== '' ? secret : null;
}
