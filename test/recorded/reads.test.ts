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

/** The property that a field reads, inside objects too. */
function valueAt(row: JsonObject, path: readonly string[]): Json {
  return path.reduce<Json>((here, name) => (isObject(here) ? (here[name] ?? null) : null), row);
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
      expect(answer[name], `${place} ${noun.name}.${name}`).toEqual(expectedValue(field, valueAt(row, field.from)));
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

/** The root that lists a noun's rows. */
function rootOf(noun: Noun): string | undefined {
  const name = noun.variantOf ?? noun.name;
  return Object.entries(catalogue.roots).find(([, root]) => root.noun === name && root.list)?.[0];
}

/** A recorded row, and what stands of it in the list of all types where it has a type of its own. */
interface Recorded {
  readonly row: JsonObject;
  readonly rows: Readonly<Record<string, readonly JsonObject[]>>;
}

function recordedOf(version: Version, noun: Noun): Recorded[] {
  const rows = recordedRows(version, noun.path).map((row) => ({
    row,
    rows: { [`/api/v1${pathOf(version, noun.path)}`]: [row] },
  }));
  const base = noun.variantOf ? catalogue.nouns[noun.variantOf] : undefined;
  if (!base) return rows;
  const common = recordedRows(version, base.path);
  return rows.flatMap(({ row, rows: own }) => {
    const shared = common.find(({ id }) => id === row['id']);
    return shared ? [{ row: { ...row, ...shared }, rows: { ...own, [`/api/v1${base.path}`]: [shared] } }] : [];
  });
}

/** Nouns with recorded rows of their own: those of a parent, and those of no known type, have none. */
function isWitnessed(version: Version, noun: Noun): boolean {
  const isRest = nouns.some(({ variants }) => variants?.other === noun.name);
  return !noun.needs && !isRest && recordedOf(version, noun).length > 0;
}

describe.each(versions)('the rows recorded on %s', (version) => {
  const witnessed = nouns.filter((noun) => isWitnessed(version, noun));

  it.each(
    witnessed.map((noun) => [noun.name, noun] as const),
  )('read back as %s with the same values', async (_name, noun) => {
    const many = rootOf(noun);
    expect(many).toBeDefined();
    for (const { row, rows } of recordedOf(version, noun)) {
      const known = renamed(version, row);
      const fields = comparable(noun, known).filter(([, field]) => field.kind !== 'ref' || field.idOnly === false);
      const selection = fields
        .filter(([, field]) => field.kind !== 'ref')
        .map(([name, field]) => selectionOf(name, field))
        .join(' ');
      const result = await queryRecorded(
        { version, rows },
        `{ ${many} { nodes { id ... on ${noun.name} { ${selection} } } totalCount } }`,
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
