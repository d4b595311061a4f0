import type { GraphWarning } from '../../graph/context.ts';
import { fetchPage } from '../../graph/fetch.ts';
import { isRow, type Row, relatedId } from '../../graph/row.ts';
import { mutation, type Write } from '../../graph/write.ts';
import type { Body } from '../../graph/write-body.ts';
import type { UserError } from '../../graph/write-errors.ts';
import { knownRows } from '../../graph/write-known.ts';
import { someReferences } from '../../graph/write-plain.ts';
import { toCode } from '../../graph/write-words.ts';

/** What JumpServer says of one asset: always with status 200 (api.md §5.8). */
interface Result {
  readonly at: number;
  readonly assetId: string;
  readonly state: string;
  readonly error: string;
}

/** One account on many assets, each with its own outcome. */
export const createAccounts = mutation(async (write) => {
  const references = someReferences(write, 'assets');
  const assets = await knownRows(write, 'Asset', 'assets', ['id', 'name', 'address']);
  const body = write.newBody();
  const answer = await write.send('POST /accounts/accounts/bulk/', { body });
  const places = references.map(({ at }) => at);
  const results = toResults(answer, assets, places);
  const told = new Set(results.map(({ at }) => at));
  return {
    accounts: await readAccounts(
      write,
      body,
      results.filter(({ state }) => state !== 'error'),
    ),
    userErrors: [
      ...results.filter(({ state }) => state === 'error').map(toError),
      ...places.filter((at) => !told.has(at)).map(toUntold),
    ],
    warnings: results.filter(({ state }) => state === 'skipped').map(toWarning),
  };
});

/** The answer names assets as `name(address)`, not by id; names are unique in the organisation. */
function toResults(answer: unknown, assets: readonly Row[], places: readonly number[]): Result[] {
  const byText = new Map(assets.map((row, index) => [`${row['name']}(${row['address']})`, index]));
  const rows = Array.isArray(answer) ? answer.filter(isRow) : [];
  return rows.flatMap((row) => {
    const index = byText.get(String(row['asset']));
    const asset = index === undefined ? undefined : assets[index];
    if (index === undefined || !asset) return [];
    const error = typeof row['error'] === 'string' ? row['error'] : '';
    return [{ at: places[index] ?? index, assetId: String(asset['id']), state: String(row['state']), error }];
  });
}

function toError({ at, error }: Result): UserError {
  const message = error === '' ? 'JumpServer refused it and did not say why.' : error.slice(0, 500);
  return { field: ['assets', String(at)], row: at, code: toCode({ message, isPlace: true, sent: at }), message };
}

/** JumpServer says something of each asset that it knows; where it does not, nobody can tell. */
function toUntold(at: number): UserError {
  const message = 'JumpServer did not say what became of this asset: look its accounts up.';
  return { field: ['assets', String(at)], row: at, code: 'OUTCOME_UNKNOWN', message };
}

function toWarning({ at }: Result): GraphWarning {
  return { code: 'ALREADY_THERE', message: 'Such an account stands there already.', path: ['assets', String(at)] };
}

/** The accounts as they are now: the answer has no ids. Each asset's accounts of that user name are read, and the kind of secret decides. */
async function readAccounts(write: Write, body: Body, results: readonly Result[]): Promise<readonly Row[]> {
  const noun = write.catalogue.nouns['Account'];
  if (!noun) return [];
  const { scope, catalogue } = write;
  const source = { session: scope.session, catalogue, capabilities: await scope.reader.capabilities() };
  const username = body['username'];
  const named = typeof username === 'string' && username !== '' ? { username } : {};
  const pages = await Promise.all(
    results.map(({ assetId }) =>
      fetchPage(source, noun, {
        params: { asset_id: assetId, ...named },
        limit: 100,
        properties: ['asset', 'name', 'secret_type'],
      }),
    ),
  );
  return pages.flatMap(({ rows }, index) => {
    const mine = rows.filter((row) => relatedId(row['asset']) === results[index]?.assetId && fits(row, body));
    return mine.slice(0, 1).map((row) => ({ id: row['id'] }));
  });
}

function fits(row: Row, body: Body): boolean {
  const type = isRow(row['secret_type']) ? row['secret_type']['value'] : row['secret_type'];
  if (body['template'] !== undefined) return body['name'] === undefined || row['name'] === body['name'];
  return type === (body['secret_type'] ?? 'password');
}
