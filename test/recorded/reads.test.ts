import { describe, expect, it } from 'vitest';
import { catalogue, type Field, type Noun } from '../../src/generated/catalogue.ts';
import { expectedValue } from '../support/expected.ts';
import { queryRecorded } from '../support/recorded-graph.ts';
import {
  detailAnswers,
  isObject,
  type Json,
  type JsonObject,
  listAnswers,
  type Version,
  versions,
} from '../support/recordings.ts';

/** Paths that older servers call otherwise. */
const OLD_PATHS: Readonly<Record<string, string>> = { '/assets/zones/': '/assets/domains/' };

/** Properties that older servers call otherwise (api.md §7). */
const OLD_NAMES: Readonly<Record<string, string>> = { zone: 'domain', gateway_enabled: 'domain_enabled' };

const isOld = (version: Version) => version === '3.10.23' || version === '4.9.0';

function pathOf(version: Version, path: string): string {
  return isOld(version) ? (OLD_PATHS[path] ?? path) : path;
}

/** The recorded rows of a noun that came whole (not projected), lists before details. */
function recordedRows(version: Version, path: string): JsonObject[] {
  const own = pathOf(version, path);
  const reads = [...listAnswers(version, own), ...detailAnswers(version, `${own}{id}/`)];
  const whole = reads.filter(({ query }) => !('fields' in query) && !('fields_size' in query));
  return whole.flatMap(({ rows }) => [...rows]).filter((row) => row['id'] !== undefined && row['id'] !== null);
}

/** Rows whose properties are named as in 4.10, which is what the catalogue speaks. */
function renamed(version: Version, row: JsonObject): JsonObject {
  if (!isOld(version)) return row;
  const names = Object.entries(OLD_NAMES).filter(([, old]) => old in row);
  return { ...row, ...Object.fromEntries(names.map(([now, old]) => [now, row[old] ?? null])) };
}

function selectionOf(name: string, field: Field): string {
  if (field.kind === 'value') return field.value === 'Choice' ? `${name} { value label }` : name;
  if (field.kind === 'ref') return `${name} { uid: id }`;
  if (field.kind === 'members') return `${name}(first: 1000) { nodes { id } totalCount }`;
  return '';
}

/** Fields that can be compared with what stands in the row: plain ones, and references by their ids. */
function comparable(noun: Noun, row: JsonObject): [string, Field][] {
  return Object.entries(noun.fields).filter(([, field]) => {
    if (field.kind !== 'value' && field.kind !== 'ref' && field.kind !== 'members') return false;
    return row[field.from[0] ?? ''] !== undefined;
  });
}

function idsIn(value: Json): string[] {
  const items = Array.isArray(value) ? value : [value];
  return items.flatMap((item) =>
    isObject(item) ? [String(item['id'])] : item === null || item === '' ? [] : [String(item)],
  );
}

function check(noun: Noun, row: JsonObject, answer: Record<string, unknown>, place: string): void {
  for (const [name, field] of comparable(noun, row)) {
    if (field.kind === 'value') {
      expect(answer[name], `${place} ${noun.name}.${name}`).toEqual(
        expectedValue(field, row[field.from[0] ?? ''] ?? null),
      );
    }
    if (field.kind === 'members') {
      const connection = answer[name] as { nodes: { id: string }[]; totalCount: number };
      expect(connection.totalCount, `${place} ${noun.name}.${name}`).toBe(
        idsIn(row[field.from[0] ?? ''] ?? null).length,
      );
    }
  }
}

const nouns = Object.values(catalogue.nouns);

describe.each(versions)('the rows recorded on %s', (version) => {
  const witnessed = nouns.filter((noun) => recordedRows(version, noun.path).length > 0 && !noun.needs);

  it.each(
    witnessed.map((noun) => [noun.name, noun] as const),
  )('read back as %s with the same values', async (_name, noun) => {
    const many = Object.entries(catalogue.roots).find(([, root]) => root.noun === noun.name && root.list)?.[0];
    expect(many).toBeDefined();
    for (const row of recordedRows(version, noun.path)) {
      const known = renamed(version, row);
      const fields = comparable(noun, known).filter(([, field]) => field.kind !== 'ref' || field.idOnly === false);
      const selection = fields
        .filter(([, field]) => field.kind !== 'ref')
        .map(([name, field]) => selectionOf(name, field));
      const rows = { [`/api/v1${pathOf(version, noun.path)}`]: [row] };
      const result = await queryRecorded(
        { version, rows },
        `{ ${many} { nodes { id ${selection.join(' ')} } totalCount } }`,
      );
      expect(result.errors, `${version} ${noun.name} ${String(row['id'])}`).toBeUndefined();
      const answer = (result.data as Record<string, { nodes: Record<string, unknown>[]; totalCount: number }>)[
        String(many)
      ];
      expect(answer?.totalCount).toBe(1);
      check(noun, known, answer?.nodes[0] ?? {}, `${version} ${String(row['id'])}`);
      expect(result.extensions?.['warnings'], `${version} ${noun.name}`).toEqual([]);
    }
  });
});
