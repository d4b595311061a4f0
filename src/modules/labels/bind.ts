import { chunksOf } from '../../graph/chunk.ts';
import { fetchPage } from '../../graph/fetch.ts';
import { isRow, type Json, type Row, relatedId } from '../../graph/row.ts';
import { mutation, notFound, refuse, required, type Write } from '../../graph/write.ts';
import { each } from '../../graph/write-each.ts';
import type { UserError } from '../../graph/write-errors.ts';
import { knownRow } from '../../graph/write-known.ts';
import { MAX_IDS } from '../../graph/write-plain.ts';
import { nounOf } from '../noun.ts';
import { type Target, targetsOf } from './targets.ts';

/** The targets that an input names. Throws a refusal when there are none or too many. */
export function someTargets(write: Write): readonly Target[] {
  const targets = targetsOf(write);
  if (targets.length === 0) refuse([required(['resources'], 'Give at least one id.')]);
  if (targets.length > MAX_IDS)
    refuse([{ field: ['resources'], code: 'INVALID', message: `Give at most ${MAX_IDS} ids, not ${targets.length}.` }]);
  return targets;
}

/**
 * Binds a label by way of what is to carry it: its labels are read, and written with this one (recorded "bind labels to a host"). Labels go as
 * `name:value`, the one form that every version takes, unless a colon in the name would make another label of it. What carries it already is
 * left alone; a label that is not in the answer is a `CONFLICT`.
 */
export const bindLabel = mutation(async (write) => {
  const targets = someTargets(write);
  const label = await knownRow(write, 'Label', 'label', ['id', 'name', 'value']);
  const own = await formOf(write, label);
  const rows = await readTargets(write, targets);
  refuse(targets.flatMap((target) => faultOf(target, rows.get(keyOf(target)))));
  const missing = targets.filter((target) => !isCarried(rows.get(keyOf(target)), own));
  const byId = new Map(missing.map((target) => [keyOf(target), target]));
  const references = missing.map((target) => ({ id: keyOf(target), at: target.at }));
  const { succeeded, userErrors } = await each(write, 'resources', references, async (key) => {
    const target = byId.get(key);
    return target ? bind(write, target, [...labelsOf(rows.get(key)), own]) : undefined;
  });
  const lost = succeeded.flatMap(({ id, result }) => (result ? [] : [conflict(byId.get(id))]));
  return { label: { id: label['id'] }, userErrors: [...userErrors, ...lost] };
});

/** A label as the rows of the connected server have it. Throws a refusal where its text would be read as another one. */
async function formOf(write: Write, label: Row): Promise<Json> {
  if ((await write.scope.session.capabilities()).has('labelObjects')) return label;
  const message = 'The connected JumpServer can’t tell a label with a colon in its name from another one.';
  if (isAmbiguous(label)) refuse([{ field: ['label'], code: 'UNSUPPORTED_BY_SERVER', message }]);
  return textOf(label);
}

/** Whether all of the labels stand in the answer. */
async function bind(write: Write, { id, operation }: Target, labels: readonly Json[]): Promise<boolean> {
  const body = { labels: labels.map((label) => (isRow(label) ? toWritten(label) : label)) };
  const row = await write.send(operation, { path: { id }, body });
  return labels.every((label) => isCarried(isRow(row) ? row : undefined, label));
}

async function readTargets(write: Write, targets: readonly Target[]): Promise<ReadonlyMap<string, Row>> {
  const names = [...new Set(targets.map(({ noun }) => noun))];
  const read = names.map(async (name) => {
    const ids = targets.filter(({ noun }) => noun === name).map(({ id }) => id);
    const rows = await readRows(write, name, ids);
    return rows.map((row) => [keyOf({ noun: name, id: String(row['id']).toLowerCase() }), row] as const);
  });
  return new Map((await Promise.all(read)).flat());
}

async function readRows({ scope, catalogue }: Write, name: string, ids: readonly string[]): Promise<readonly Row[]> {
  const source = { session: scope.session, catalogue, capabilities: await scope.reader.capabilities() };
  const properties = ['id', 'labels'];
  const pages = await Promise.all(
    chunksOf(ids).map((chunk) =>
      fetchPage(source, nounOf(name), { params: { ids: chunk }, limit: chunk.length, properties }),
    ),
  );
  return pages.flatMap(({ rows }) => rows);
}

/** A row that does not tell its labels must not be written: those it has would be lost. */
function faultOf({ noun, at }: Target, row: Row | undefined): UserError[] {
  if (!row) return [notFound(['resources', String(at)], at)];
  if (Array.isArray(row['labels'])) return [];
  const message = `The connected JumpServer does not tell the labels of a ${noun}.`;
  return [{ field: ['resources', String(at)], code: 'UNSUPPORTED_BY_SERVER', message, row: at }];
}

function conflict(target: Target | undefined): UserError {
  const at = target?.at ?? 0;
  const message = 'Its labels changed meanwhile; look at them and try again.';
  return { field: ['resources', String(at)], code: 'CONFLICT', message, row: at };
}

const keyOf = ({ noun, id }: Pick<Target, 'noun' | 'id'>): string => `${noun} ${id}`;

function labelsOf(row: Row | undefined): readonly Json[] {
  const labels = row?.['labels'];
  return Array.isArray(labels) ? labels : [];
}

function isCarried(row: Row | undefined, label: Json): boolean {
  return labelsOf(row).some((one) =>
    isRow(one) && isRow(label) ? relatedId(one) === relatedId(label) : one === label,
  );
}

function isAmbiguous({ name }: Row): boolean {
  return String(name).includes(':');
}

function toWritten(label: Row): Json {
  return isAmbiguous(label) ? label['id'] : textOf(label);
}

function textOf(label: Row): string {
  return `${label['name']}:${label['value']}`;
}
