import type { Row } from '../../graph/row.ts';
import type { Input } from '../../graph/write-body.ts';
import type { UserError } from '../../graph/write-errors.ts';
import { type Job, rowPath } from './job.ts';
import { createLookup, type Lookup } from './references.ts';
import type { Resolved } from './related.ts';

/** Whatever is found is found by its id: the name alone does not make a label. */
const LABELS = { noun: 'Label', field: 'name', property: 'id', more: ['name', 'value'], isSmall: true } as const;

/**
 * Reads the labels that rows name by their ids; answers how those of one row are resolved. JumpServer takes an id or `name:value`, which it
 * creates where it is missing (api.md §5.0), the older ones the text alone; on anything else it crashes or leaves it out without a word.
 */
export async function readLabels(job: Job): Promise<(row: number, input: Input) => Resolved> {
  const ids = job.rows.flatMap(textsOf).filter((text) => !text.includes(':'));
  const find = await createLookup(job, LABELS, ids);
  const toSent = job.source.capabilities.has('labelObjects')
    ? ({ id }: Row) => String(id)
    : ({ name, value }: Row) => `${name}:${value}`;
  return (row, input) => {
    if (!Array.isArray(input['labels'])) return { body: {}, errors: [] };
    const found = textsOf(input).map((text) => resolve(find, text, toSent));
    const errors = found.flatMap((label, at) => (label === undefined ? [missing(row, at, textsOf(input)[at])] : []));
    return { body: { labels: found.flatMap((label) => label ?? []) }, errors };
  };
}

function textsOf(input: Input): readonly string[] {
  const labels = input['labels'];
  return Array.isArray(labels) ? labels.map((label) => String(label).trim()) : [];
}

function resolve(find: Lookup, text: string, toSent: (row: Row) => string): string | undefined {
  if (!text.includes(':')) {
    const found = find(text);
    return typeof found === 'object' ? toSent(found.row) : undefined;
  }
  const [name = '', ...rest] = text.split(':');
  const value = rest.join(':').trim();
  return name.trim() === '' || value === '' ? undefined : `${name.trim()}:${value}`;
}

function missing(row: number, at: number, text: string | undefined): UserError {
  const message = `There is no label ${JSON.stringify(text?.slice(0, 200))}: expected an id, or name:value.`;
  return { field: rowPath(row, 'labels', at), code: 'NOT_FOUND', message };
}
