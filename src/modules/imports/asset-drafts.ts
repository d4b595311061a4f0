import { isRow, type Row } from '../../graph/row.ts';
import { required } from '../../graph/write.ts';
import { type Body, type Input, inputFields, toBody } from '../../graph/write-body.ts';
import type { UserError } from '../../graph/write-errors.ts';
import { isNothing } from '../../graph/write-words.ts';
import { type AccountDraft, draftAccounts } from './account-drafts.ts';
import { invalid, type Job, rowPath } from './job.ts';
import type { Candidate } from './known.ts';
import type { Places } from './places.ts';
import { categoryOf, defaultsOf, offeredBy, operationOf, type Protocol } from './platforms.ts';
import { type Lookup, refusalOf } from './references.ts';
import type { Resolved } from './related.ts';

/** The input type of one row. */
export const ASSET_ROW = 'ImportAssetInput';

/** A row that may be written, as far as can be seen without writing. */
export interface AssetDraft extends Candidate {
  readonly row: number;
  /** Wire value. */
  readonly category: string;
  readonly protocols: readonly Protocol[];
  readonly accounts: readonly AccountDraft[];
  /** The body but for zone and nodes, which may have to be created first. */
  readonly body: Body;
  readonly input: Input;
}

/** What rows refer to. */
export interface AssetReferences {
  readonly platforms: Lookup;
  readonly templates: Lookup;
  readonly places: Places;
  readonly labels: (row: number, input: Input) => Resolved;
}

/** The parts of the input that belong to one category, by wire value. */
const PARTS: Readonly<Record<string, string>> = {
  database: 'database',
  web: 'web',
  directory: 'ds',
  custom: 'custom',
  gpt: 'gpt',
};
/** What is not written as it stands. */
const BY_HAND = ['platform', 'category', 'zone', 'nodes', 'protocols', 'accounts', 'labels'];
/** The longest texts that JumpServer keeps (recorded OPTIONS answers). */
const LONGEST: Readonly<Record<string, number>> = { name: 128, address: 767 };

/** Checks a row and makes its body; undefined when it was refused, which the ledger then knows. */
export function draftAsset(job: Job, references: AssetReferences, row: number, input: Input): AssetDraft | undefined {
  const { platforms, places } = references;
  const errors = [...checkTexts(row, input)];
  const platform = platforms(input['platform']);
  if (typeof platform === 'string') {
    errors.push(refusalOf(platform, rowPath(row, 'platform'), input['platform']));
  } else {
    errors.push(
      ...checkCategory(job, row, input, platform.row),
      ...checkProtocols(row, input, platform.row),
      ...checkParts(row, input, platform.row),
    );
  }
  const labels = references.labels(row, input);
  errors.push(...places.check(row, input), ...labels.errors);
  const { drafts, errors: accountErrors } = draftAccounts(job, references.templates, row, input);
  errors.push(...accountErrors);
  if (errors.length > 0 || typeof platform === 'string') {
    job.ledger.fail(row, errors);
    return undefined;
  }
  const protocols = (input['protocols'] as readonly Protocol[] | null | undefined) ?? defaultsOf(platform.row);
  return {
    row,
    id: job.toId('asset', job.numberOf(row)),
    unique: { name: String(input['name']).trim() },
    category: categoryOf(platform.row),
    protocols,
    accounts: drafts,
    body: {
      ...toBody(job.write.catalogue, ASSET_ROW, input, BY_HAND, rowPath(row).join('.')),
      platform: Number(platform.id),
      protocols: protocols.map(({ name, port }) => ({ name, port })),
      ...labels.body,
    },
    input,
  };
}

function* checkTexts(row: number, input: Input): Generator<UserError> {
  for (const [name, most] of Object.entries(LONGEST)) {
    const text = String(input[name]).trim();
    if (text === '') yield required(rowPath(row, name), 'It must not be empty.');
    if (text.length > most)
      yield invalid(rowPath(row, name), `Expected at most ${most} characters, got ${text.length}.`);
  }
}

function* checkCategory({ write }: Job, row: number, input: Input, platform: Row): Generator<UserError> {
  const category = categoryOf(platform);
  const wanted = input['category'];
  const wire = isNothing(wanted) ? undefined : write.catalogue.enums['AssetCategory']?.[String(wanted)];
  if (!operationOf(category)) yield invalid(rowPath(row, 'platform'), 'Assets of this platform can’t be created here.');
  if (wire !== undefined && wire !== category)
    yield invalid(rowPath(row, 'platform'), `The platform is of the category "${category}", not "${wire}".`);
  for (const name of Object.keys(inputFields(write.catalogue, ASSET_ROW))) {
    const part = PARTS[name];
    if (part !== undefined && part !== category && !isNothing(input[name]))
      yield invalid(rowPath(row, name), `The platform makes it a "${category}".`);
  }
}

/** What JumpServer demands of one category alone (recorded OPTIONS answers); an array is refused whole for one row that lacks it. */
function* checkParts(row: number, input: Input, platform: Row): Generator<UserError> {
  const { database } = input;
  if (categoryOf(platform) === 'database' && isNothing(isRow(database) ? database['name'] : undefined))
    yield required(rowPath(row, 'database', 'name'), 'A database needs its name.');
}

/** JumpServer drops a protocol that the platform lacks without a word. */
function* checkProtocols(row: number, input: Input, platform: Row): Generator<UserError> {
  const offered = offeredBy(platform);
  const given = (input['protocols'] ?? []) as readonly Protocol[];
  for (const [at, { name, port }] of given.entries()) {
    if (!offered.includes(name))
      yield invalid(
        rowPath(row, 'protocols', at, 'name'),
        `Expected a protocol of the platform (${offered.join(', ')}), got ${JSON.stringify(name)}.`,
      );
    if (port < 0 || port > 65_535)
      yield invalid(rowPath(row, 'protocols', at, 'port'), `Expected a port from 0 to 65535, got ${port}.`);
  }
  if (Array.isArray(input['protocols']) && given.length === 0)
    yield required(rowPath(row, 'protocols'), 'Name at least one protocol, or leave it out for the platform’s own.');
}
