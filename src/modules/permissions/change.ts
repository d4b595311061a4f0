import { isRow, type Row } from '../../graph/row.ts';
import { type Outcome, type Perform, refuse, required, type Write } from '../../graph/write.ts';
import { knownRow, knownRows } from '../../graph/write-known.ts';
import { addRelated, type Relation, removeRelated } from '../../graph/write-relations.ts';
import { assertStillGrants } from './rules.ts';

const mine = 'assetpermission';
const RELATIONS: readonly (Relation & { readonly noun: string })[] = [
  { name: 'users', noun: 'User', route: '/perms/asset-permissions-users-relations/', mine, theirs: 'user' },
  {
    name: 'userGroups',
    noun: 'UserGroup',
    route: '/perms/asset-permissions-user-groups-relations/',
    mine,
    theirs: 'usergroup',
  },
  { name: 'assets', noun: 'Asset', route: '/perms/asset-permissions-assets-relations/', mine, theirs: 'asset' },
  { name: 'nodes', noun: 'AssetNode', route: '/perms/asset-permissions-nodes-relations/', mine, theirs: 'node' },
];

/** Lists that stand in the permission's row itself. */
const LISTS = ['accounts', 'actions'] as const;

type Lists = Partial<Record<(typeof LISTS)[number], readonly string[]>>;

/** Adds what the input names to a permission. */
export const addToPermission: Perform = async (write) => {
  await prepare(write);
  return change(write, addRelated, (now, given) => [...new Set([...now, ...given])]);
};

/** Takes what the input names out of a permission. */
export const removeFromPermission: Perform = async (write) => {
  assertSomething(write);
  return change(write, removeRelated, (now, given) => now.filter((item) => !given.includes(item)));
};

/** Everything that is to be added exists: a part of it done and a part refused would be worse than nothing done. */
async function prepare(write: Write): Promise<void> {
  assertSomething(write);
  await Promise.all([
    knownRow(write, 'Permission', 'id'),
    ...RELATIONS.filter(({ name }) => write.references(name).length > 0).map(({ noun, name }) =>
      knownRows(write, noun, name),
    ),
  ]);
}

function assertSomething(write: Write): void {
  const { id: _, ...rest } = write.input;
  const isEmpty = Object.values(rest).every((value) => !Array.isArray(value) || value.length === 0);
  if (isEmpty) refuse([required([], 'Name something: users, userGroups, assets, nodes, accounts or actions.')]);
}

async function change(write: Write, relate: typeof addRelated, merge: Merge): Promise<Outcome> {
  const id = write.id('id');
  assertStillGrants((await mergedLists(write, merge)) ?? {});
  const warnings = [];
  for (const relation of RELATIONS) warnings.push(...(await relate(write, relation)));
  const wanted = await mergedLists(write, merge);
  if (wanted) await writeLists(write, wanted);
  return { permission: { id }, warnings };
}

type Merge = (now: readonly string[], given: readonly string[]) => readonly string[];

/** The accounts and actions as they are to be; undefined when none are named. Read as late as can be: they have no rows of their own. */
async function mergedLists(write: Write, merge: Merge): Promise<Lists | undefined> {
  const body = write.body();
  const named = LISTS.filter((name) => Array.isArray(body[name]) && (body[name] as unknown[]).length > 0);
  if (named.length === 0) return undefined;
  const row = await readPermission(write);
  return Object.fromEntries(named.map((name) => [name, merge(textsOf(row, name), body[name] as string[])]));
}

/** Writes the lists and looks whether they stand; somebody who wrote at the same time makes it a conflict. */
async function writeLists(write: Write, wanted: Lists): Promise<void> {
  await write.send('PATCH /perms/asset-permissions/{id}/', { path: { id: write.id('id') }, body: wanted });
  const row = await readPermission(write);
  const differing = LISTS.filter((name) => wanted[name] && !isSame(wanted[name], textsOf(row, name)));
  refuse(
    differing.map((name) => ({
      field: [name],
      code: 'CONFLICT',
      message: 'Somebody else changed the permission at the same time; look at it and try again.',
    })),
  );
}

async function readPermission(write: Write): Promise<Row> {
  const row = await write.send('GET /perms/asset-permissions/{id}/', { path: { id: write.id('id') } });
  return isRow(row) ? row : {};
}

function textsOf(row: Row, name: string): readonly string[] {
  const items = Array.isArray(row[name]) ? row[name] : [];
  return items.map((item) => String(isRow(item) ? item['value'] : item));
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return [...left].sort().join('\n') === [...right].sort().join('\n');
}
