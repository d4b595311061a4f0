import { isActionName } from '../../access/actions.ts';
import type { AccessEngine } from '../../access/engine.ts';
import type { MatrixFilter } from '../../access/filter.ts';
import type { Timestamp } from '../../access/inputs.ts';
import type { Catalogue } from '../../generated/catalogue.ts';
import type { AccessMatrixFilter } from '../../generated/resolvers.ts';
import { badInput } from '../../graph/errors.ts';
import { fromGlobalId, isUpstreamId, toRowId } from '../../graph/identity.ts';
import type { Scene } from './scene.ts';

/** Reads a filter: ids in either form, wire values. Throws `BAD_USER_INPUT` that names the place. */
export function readFilter(given: AccessMatrixFilter | null | undefined, scene: Scene): Promise<MatrixFilter> {
  return inWords(toMatrixFilter(scene.context.catalogue, given), scene);
}

function toMatrixFilter(catalogue: Catalogue, given: AccessMatrixFilter | null | undefined): MatrixFilter {
  const { user, userIn, userGroup, asset, assetIn, node, label, account, wildcardOnly, at } = given ?? {};
  const idOf = (noun: string, value: string | null | undefined, place: string) =>
    toIdIfGiven(catalogue, noun, value, `filter.${place}`);
  const idsOf = (noun: string, values: readonly string[] | null | undefined, place: string) =>
    values?.map((value, index) => toId(catalogue, noun, value, `filter.${place}.${index}`));
  return {
    user: idOf('User', user, 'user'),
    userIn: idsOf('User', userIn, 'userIn'),
    userGroup: idOf('UserGroup', userGroup, 'userGroup'),
    asset: idOf('Asset', asset, 'asset'),
    assetIn: idsOf('Asset', assetIn, 'assetIn'),
    node: idOf('AssetNode', node, 'node'),
    category: toCategory(catalogue, given?.category),
    label: toLabel(catalogue, label),
    action: toAction(catalogue, given?.action),
    account: toAccount(account),
    wildcardOnly: wildcardOnly ?? undefined,
    at: toTime(at),
  };
}

/** A JumpServer id from an `ID` argument. Throws `BAD_USER_INPUT` that names the place. */
export function toId(catalogue: Catalogue, name: string, value: string, place: string): string {
  const noun = catalogue.nouns[name];
  if (!noun) throw new Error(`the catalogue has no noun "${name}"`);
  return toRowId(noun, value, place);
}

/** A JumpServer id from an `ID` argument that may be left out. */
export function toIdIfGiven(
  catalogue: Catalogue,
  name: string,
  value: string | null | undefined,
  place: string,
): string | undefined {
  return value === null || value === undefined ? undefined : toId(catalogue, name, value, place);
}

/** The instant of a `DateTime` argument; undefined when it was left out. */
export function toTime(at: string | null | undefined): Timestamp | undefined {
  return at === null || at === undefined ? undefined : Date.parse(at);
}

/** What a relation adds to a client's filter: both have to hold. */
export function within(
  filter: MatrixFilter,
  side: { readonly user: string } | { readonly asset: string },
): MatrixFilter {
  const both = (one: string | undefined, among: readonly string[] | undefined) =>
    one === undefined ? among : [one].filter((id) => among === undefined || among.includes(id));
  if ('user' in side) return { ...filter, ...side, userIn: both(filter.user, filter.userIn) };
  return { ...filter, ...side, assetIn: both(filter.asset, filter.assetIn) };
}

function toCategory(catalogue: Catalogue, value: string | null | undefined): string | undefined {
  if (value === null || value === undefined) return undefined;
  return toWire(catalogue, 'AssetCategory', value, 'category');
}

function toAction(catalogue: Catalogue, value: string | null | undefined) {
  if (value === null || value === undefined) return undefined;
  const wire = toWire(catalogue, 'PermissionAction', value, 'action');
  return isActionName(wire) ? wire : undefined;
}

function toWire(catalogue: Catalogue, name: string, value: string, place: string): string {
  const wire = catalogue.enums[name]?.[value];
  if (wire === undefined) throw badInput(`filter.${place}: expected a known ${name}, got ${value}.`);
  return wire;
}

/** No account has no name; `@ALL` would open it all the same. */
function toAccount(account: string | null | undefined): string | undefined {
  if (account === '') throw badInput('filter.account: expected the user name of an account, or a mark such as @INPUT.');
  return account ?? undefined;
}

/** A label is named by its global id, by JumpServer's, or in words. */
function toLabel(catalogue: Catalogue, label: string | null | undefined): string | undefined {
  if (label === null || label === undefined) return undefined;
  const isId = isUpstreamId('UUID', label) || fromGlobalId(label) !== undefined;
  return isId ? toId(catalogue, 'Label', label, 'filter.label') : label.replace(/:\*$/, '');
}

/** JumpServer 3.10 tells the labels of assets in words alone, so one that is asked for by its id is looked up. */
async function inWords(filter: MatrixFilter, { engine, scope }: Scene): Promise<MatrixFilter> {
  const { label } = filter;
  if (label === undefined || !isUpstreamId('UUID', label) || !hasNamelessLabels(engine)) return filter;
  const row = (await scope.reader.scan('Label', ['id', 'name', 'value'])).find(({ id }) => id === label);
  return row ? { ...filter, label: `${row['name']}:${row['value']}` } : filter;
}

function hasNamelessLabels({ inputs }: AccessEngine): boolean {
  return inputs.assets.some(({ labels }) => labels.some(({ id }) => id === ''));
}
