import type { Exchange } from './exchange.ts';
import { lookOf } from './exchange.ts';
import type { Field } from './field.ts';
import { selectRows } from './lists.ts';
import { inWords, logOperation } from './operate-log.ts';
import type { Answer, Resource } from './resource.ts';
import { narrow, shapeOf } from './rows.ts';
import type { Json } from './types.ts';

/** Most rows of an export (api.md §3.2). */
const MOST = 10_000;

/** Whether a list is asked for as a table: `format=csv`, or by `Accept` alone. */
export function wantsCsv(x: Exchange): boolean {
  if (x.query.get('format') === 'csv') return true;
  return (x.request.headers.get('accept') ?? '').startsWith('text/csv');
}

function cellOf(value: Json): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (Array.isArray(value)) return JSON.stringify(value.map(cellOf));
  if (typeof value !== 'object') return String(value);
  if ('value' in value && 'label' in value) return `${String(value.label)}(${String(value.value)})`;
  if ('name' in value && 'id' in value) return `${String(value.name)}(${String(value.id)})`;
  return JSON.stringify(value);
}

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const titleOf = (field: Field): string =>
  `${field.required ? '*' : ''}${inWords(field.name.replaceAll('_', ' '))}(${field.name})`;

/** A list as comma-separated values, titles with the property's name in parentheses; the export is logged. */
export function csvAnswer(resource: Resource, x: Exchange): Answer {
  const fields = narrow(resource, shapeOf(resource, x, 'L'), x);
  const look = lookOf(x, 'L');
  const isTemplate = x.query.get('template') === 'import';
  const rows = isTemplate ? [] : selectRows(resource, x).slice(0, MOST);
  const lines = [fields.map(titleOf), ...rows.map((row) => fields.map((field) => cellOf(field.read(row, look))))];
  x.rows += rows.length;
  logOperation(x, 'export', resource, { id: '', name: `${resource.noun} list` });
  return {
    answer: true,
    status: 200,
    text: `\ufeff${lines.map((line) => line.map(quoted).join(',')).join('\r\n')}\r\n`,
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${resource.noun.toLowerCase()}.csv"`,
    },
  };
}
