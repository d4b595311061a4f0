import type { GraphContext } from '../../graph/context.ts';
import { getJson, rowsIn } from '../../graph/fetch.ts';
import { toRowId } from '../../graph/identity.ts';
import { isRow, type Json, type Row } from '../../graph/row.ts';
import { send } from '../../graph/write-send.ts';
import { withoutSecrets } from '../components/settings.ts';
import { nounOf } from '../noun.ts';

interface Where {
  readonly assets?: readonly string[] | null;
  readonly nodes?: readonly string[] | null;
}

interface RunArguments extends Where {
  readonly module?: string | null;
  readonly runAs?: string | null;
  readonly runAsPolicy?: string | null;
}

function placesOf({ assets, nodes }: Where) {
  const idsOf = (noun: string, ids: readonly string[], name: string) =>
    ids.map((id, at) => toRowId(nounOf(noun), id, `${name}.${at}`));
  return { assets: idsOf('Asset', assets ?? [], 'assets'), nodes: idsOf('AssetNode', nodes ?? [], 'nodes') };
}

/** User names that accounts have where a job is to run: a question that JumpServer takes as a POST. */
export async function usernameHints(
  _source: unknown,
  args: Where & { readonly search?: string | null },
  { session }: GraphContext,
): Promise<Row[]> {
  const body = { ...placesOf(args), query: args.search ?? '' };
  return rowsIn(await send(session, 'POST /ops/username-hints/', { body }));
}

/** Where a job could run, and why not elsewhere: a question that JumpServer takes as a POST. */
export async function jobHosts(_source: unknown, args: RunArguments, { session }: GraphContext): Promise<Json> {
  const how = { module: args.module, runas: args.runAs, runas_policy: args.runAsPolicy };
  return withoutSecrets(await send(session, 'POST /ops/classified-hosts/', { body: { ...placesOf(args), ...how } }));
}

/** JumpServer gives names and texts as one object. */
export async function jobVariables(_source: unknown, _args: object, { session }: GraphContext): Promise<Row[]> {
  const answer = await getJson(session, '/ops/variables/help/', {});
  return Object.entries(isRow(answer) ? answer : {}).map(([name, description]) => ({ name, description }));
}
