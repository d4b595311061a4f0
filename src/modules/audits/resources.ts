import DataLoader from 'dataloader';
import type { Scope } from '../../graph/context.ts';
import { toMark, toPageRequest } from '../../graph/page.ts';
import type { Plan } from '../../graph/plan.ts';
import type { Narrowing } from '../../graph/resolve.ts';
import { isRow, nameType, type Row, relatedId } from '../../graph/row.ts';
import { type Described, toDescribed, toUsername } from './text.ts';

/** How the log's text of one kind of thing leads to its row. */
interface Way {
  readonly noun: string;
  /** The field that the text's part is the value of; `id` for JumpServer's own id. */
  readonly field: string;
  /** The part of the text that tells the thing; undefined when it does not. */
  readonly part: (text: string) => string | undefined;
}

const whole = (text: string): string => text;
const beforeParentheses = (text: string): string => toDescribed(text)?.name ?? text;
const uuid = (text: string): string | undefined => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(text)?.[0];

const byName = (noun: string): Way => ({ noun, field: 'name', part: whole });
const byNameBefore = (noun: string): Way => ({ noun, field: 'name', part: beforeParentheses });
const byId = (noun: string): Way => ({ noun, field: 'id', part: uuid });

/** The kinds of things that logs name, in English, as recorded servers wrote them; the texts differ from kind to kind. */
const WAYS: Readonly<Record<string, Way>> = {
  user: { noun: 'User', field: 'username', part: toUsername },
  'user group': byName('UserGroup'),
  asset: byNameBefore('Asset'),
  host: byNameBefore('Asset'),
  database: byNameBefore('Asset'),
  device: byNameBefore('Asset'),
  cloud: byNameBefore('Asset'),
  web: byNameBefore('Asset'),
  'directory service': byNameBefore('Asset'),
  custom: byNameBefore('Asset'),
  gateway: byNameBefore('Gateway'),
  node: { noun: 'AssetNode', field: 'path', part: whole },
  platform: byName('Platform'),
  zone: byName('Zone'),
  domain: byName('Zone'),
  'asset permission': byName('Permission'),
  'account template': byNameBefore('AccountTemplate'),
  'account backup plan': byNameBefore('AccountBackup'),
  role: byNameBefore('Role'),
  organization: byName('Organization'),
  'login acl': byName('LoginAcl'),
  'login asset acl': byName('LoginAssetAcl'),
  'command acl': byName('CommandFilterAcl'),
  'command group': byName('CommandGroup'),
  'connect method acl': byId('ConnectMethodAcl'),
  'data masking rule': byName('DataMaskingRule'),
  endpoint: byName('Endpoint'),
  'endpoint rule': byNameBefore('EndpointRule'),
  playbook: byName('Playbook'),
  'integration app': byId('IntegrationApplication'),
  'session record': byId('Session'),
  session: byId('Session'),
};

/** The thing that an entry of the operate log is about; null when it can't be found. */
export async function findResource(scope: Scope, plan: Plan, kind: string, text: string): Promise<Row | null> {
  if (kind.toLowerCase() === 'account') return findAccount(scope, plan, toDescribed(text));
  const way = WAYS[kind.toLowerCase()];
  const part = way?.part(text);
  if (!way || part === undefined || part === '') return null;
  const row =
    way.field === 'id'
      ? await scope.reader.load(way.noun, part)
      : onlyOne(await scope.reader.find(way.noun, way.field, part));
  return row && nameType(row, way.noun);
}

/** A name that several rows have tells none of them. */
function onlyOne(rows: readonly Row[]): Row | null {
  return rows.length === 1 ? (rows[0] ?? null) : null;
}

const finders = new WeakMap<Scope, DataLoader<Described, Row | null, string>>();

/** Accounts are logged as `name(asset)`: both together tell one, and all those of a page are asked for together. */
async function findAccount(scope: Scope, plan: Plan, described: Described | undefined): Promise<Row | null> {
  if (!described) return null;
  const known = finders.get(scope) ?? createFinder(scope, plan);
  finders.set(scope, known);
  const row = await known.load(described);
  return row && nameType(row, 'Account');
}

function createFinder(scope: Scope, plan: Plan): DataLoader<Described, Row | null, string> {
  return new DataLoader((wanted) => findAccounts(scope, plan, wanted), {
    batchScheduleFn: setImmediate,
    maxBatchSize: 50,
    cacheKeyFn: ({ name, inside }) => `${inside}/${name}`,
  });
}

async function findAccounts(scope: Scope, plan: Plan, wanted: readonly Described[]): Promise<(Row | null)[]> {
  const properties = new Set([...plan.union('Account'), 'name', 'asset']);
  const questions = await questionsFor(scope, wanted);
  const page = toPageRequest({ first: 1000 }, toMark('accounts'));
  const slices = await Promise.all(
    questions.map((narrowing) => {
      const question = { params: {}, rules: [], order: ['name', 'date_created'], impossible: false, ...narrowing };
      return scope.reader.list('Account', question, page, properties);
    }),
  );
  const rows = slices.flatMap((slice) => slice.rows);
  const assetName = (row: Row) => (isRow(row['asset']) ? row['asset']['name'] : undefined);
  return wanted.map(
    ({ name, inside }) =>
      rows.find((row) => row['name'] === name && assetName(row) === inside && relatedId(row) !== null) ?? null,
  );
}

/** One question by rules for all of them; older servers ignore rules on accounts and are asked for those of each asset. */
async function questionsFor({ reader }: Scope, wanted: readonly Described[]): Promise<readonly Narrowing[]> {
  const names = [...new Set(wanted.map(({ name }) => name))];
  const assets = [...new Set(wanted.map(({ inside }) => inside))];
  if (!(await reader.capabilities()).has('attrRulesOnAccounts')) {
    const found = await Promise.all(assets.map((name) => reader.find('Asset', 'name', name)));
    return found.flat().map((asset) => ({ params: { asset_id: String(asset['id']) } }));
  }
  const rules = { name: names, asset__name: assets };
  return [{ rules: Object.entries(rules).map(([name, value]) => ({ name, match: 'in', value })) }];
}
