/** The table of every operation that the newest servers document → the field of the graph that serves it, or why none does. */
import { buildASTSchema, type GraphQLSchema, isInterfaceType, isObjectType, parse } from 'graphql';
import type { Catalogue, Field } from './catalogue-type.ts';
import type { GeneratedFile } from './check.ts';
import { type Document, methods } from './contract-document.ts';
import { ELSEWHERE, LEFT_OUT, type Noted, OPEN } from './coverage-places.ts';
import { toOldPath } from './old-names.ts';
import { loadEvidence } from './repairs/evidence.ts';
import { evidenceVersion } from './repairs.ts';

/** One operation of the documents. PUT is counted as PATCH. */
export interface CoveredOperation {
  readonly verb: string;
  readonly path: string;
  /** The versions whose documents have it. */
  readonly versions: readonly string[];
  /** Coordinates of the public schema that serve it. */
  readonly fields: readonly string[];
  /** Why it is left out of the count. */
  readonly reason?: string;
  /** Why it is open, where that is more than that nobody has done it. */
  readonly obstacle?: string;
}

/** How much of what counts is served. */
export interface Counts {
  readonly all: number;
  readonly leftOut: number;
  readonly served: number;
  readonly open: number;
}

/** The newest documents: those that the count is made over. */
const COUNTED = ['4.10.19', '4.10.16'];

/** Finds for every operation of the documents the fields that serve it. */
export function coverageOf(
  documents: Readonly<Record<string, Document>>,
  catalogue: Catalogue,
  sdl: string,
): CoveredOperation[] {
  const schema = buildASTSchema(parse(sdl));
  const served = servedBy(catalogue);
  assertKnown(schema);
  const versions = new Map<string, string[]>();
  const shown = new Map<string, string>();
  for (const version of COUNTED) {
    for (const { verb, path } of operationsIn(documents[version])) {
      const key = `${verb} ${toKey(path)}`;
      if (!shown.has(key)) shown.set(key, path);
      const known = versions.get(key) ?? [];
      if (!known.includes(version)) versions.set(key, [...known, version]);
    }
  }
  return [...shown].map(([key, path]) => toCovered(key, path, versions.get(key) ?? [], served)).sort(byPath);
}

function operationsIn(document: Document | undefined): { verb: string; path: string }[] {
  return Object.entries(document?.paths ?? {}).flatMap(([path, item]) =>
    methods.filter((method) => item[method]).map((method) => ({ verb: toVerb(method.toUpperCase()), path })),
  );
}

function toVerb(verb: string): string {
  return verb === 'PUT' ? 'PATCH' : verb;
}

/** Path parameters are called differently from place to place. */
function toKey(path: string): string {
  return path.replace(/\{[^}]*\}/g, '{}');
}

function byPath(left: CoveredOperation, right: CoveredOperation): number {
  return `${left.path} ${left.verb}` < `${right.path} ${right.verb}` ? -1 : 1;
}

function toCovered(
  key: string,
  path: string,
  versions: readonly string[],
  served: ReadonlyMap<string, ReadonlySet<string>>,
): CoveredOperation {
  const [verb = ''] = key.split(' ');
  const own = [...(served.get(key) ?? [])];
  const elsewhere = ELSEWHERE.filter(({ operations }) => operations.test(key)).flatMap(({ fields }) => fields);
  const fields = own.length > 0 ? own : [...new Set(elsewhere)];
  const said = (notes: readonly Noted[]) => notes.find(({ operations }) => operations.test(key))?.reason;
  const reason = fields.length > 0 ? undefined : said(LEFT_OUT);
  if (reason !== undefined) return { verb, path, versions, fields, reason };
  const obstacle = fields.length > 0 ? undefined : said(OPEN);
  return { verb, path, versions, fields, ...(obstacle === undefined ? {} : { obstacle }) };
}

/** Operation → the coordinates that the catalogue serves with it. */
function servedBy(catalogue: Catalogue): ReadonlyMap<string, ReadonlySet<string>> {
  const served = new Map<string, Set<string>>();
  const add = (operation: string, coordinates: readonly string[]) => {
    const [verb = '', path = ''] = operation.split(' ');
    const key = `${toVerb(verb)} ${toKey(path)}`;
    served.set(key, new Set([...(served.get(key) ?? []), ...coordinates]));
  };
  for (const noun of Object.values(catalogue.nouns)) {
    add(`GET ${noun.path}`, listsOf(catalogue, noun.name));
    add(`GET ${noun.path}{}/`, [oneOf(catalogue, noun.name)]);
    for (const [name, field] of Object.entries(noun.fields)) {
      if (field.kind !== 'part') continue;
      add(`GET ${field.path}`, [`${noun.name}.${name}`]);
      add(`GET ${field.path}{}/`, [`${noun.name}.${name}`]);
    }
  }
  for (const [coordinate, operations] of Object.entries(catalogue.calls))
    for (const operation of operations) add(operation, [coordinate]);
  return served;
}

/** The root that lists a noun's rows; for one without a root the relations that do. */
function listsOf(catalogue: Catalogue, noun: string): string[] {
  const root = Object.entries(catalogue.roots).find(([, known]) => known.noun === noun && known.list);
  if (root) return [`Query.${root[0]}`];
  const base = catalogue.nouns[noun]?.variantOf;
  if (base !== undefined) return listsOf(catalogue, base);
  const owners = Object.values(catalogue.nouns).filter(({ variantOf }) => variantOf === undefined);
  return owners.flatMap((owner) =>
    Object.entries(owner.fields).flatMap(([name, field]) => (leadsTo(field, noun) ? [`${owner.name}.${name}`] : [])),
  );
}

function leadsTo(field: Field, noun: string): boolean {
  return field.kind === 'reverse' ? field.noun === noun : field.kind === 'custom' && field.lists === noun;
}

function oneOf(catalogue: Catalogue, noun: string): string {
  const root = Object.entries(catalogue.roots).find(([, known]) => known.noun === noun && !known.list);
  return root ? `Query.${root[0]}` : 'Query.node';
}

/** A field that the places name and the schema lacks would make the table lie. */
function assertKnown(schema: GraphQLSchema): void {
  const wrong = ELSEWHERE.flatMap(({ fields }) => fields).filter((coordinate) => {
    const [type = '', field = ''] = coordinate.split('.');
    const found = schema.getType(type);
    return !((isObjectType(found) || isInterfaceType(found)) && field in found.getFields());
  });
  if (wrong.length > 0)
    throw new Error(`codegen/coverage-places.ts names fields that do not exist: ${wrong.join(', ')}`);
}

/** Counts: what graph.md §8 leaves out does not count, everything else does. */
export function countsOf(covered: readonly CoveredOperation[]): Counts {
  const leftOut = covered.filter(({ reason }) => reason !== undefined).length;
  const served = covered.filter(({ fields }) => fields.length > 0).length;
  return { all: covered.length, leftOut, served, open: covered.length - leftOut - served };
}

/** The nouns whose rows no recording shows: their fields stand on the documents and on api.md alone. */
export function unwitnessedNouns(catalogue: Catalogue, versions: readonly string[]): string[] {
  const evidence = versions.map((version) => loadEvidence(evidenceVersion(version)));
  const isShown = (path: string) =>
    [path, toOldPath(path)].some((place) =>
      evidence.some(({ routes }) => routes[place]?.answers?.['GET']?.shape ?? routes[place]?.detailed),
    );
  return Object.values(catalogue.nouns)
    .filter(({ path }) => !isShown(path))
    .map(({ name }) => name)
    .sort();
}

/** Prints the table as a page, a section for each part of JumpServer. */
export function toCoveragePage(covered: readonly CoveredOperation[], unwitnessed: readonly string[]): GeneratedFile {
  const { all, leftOut, served, open } = countsOf(covered);
  const parts = [...new Set(covered.map(partOf))];
  const sections = parts.map((part) => {
    const own = covered.filter((operation) => partOf(operation) === part);
    const rows = own.map(toRow).join('\n');
    const { served: done, open: rest } = countsOf(own);
    return `## ${part}\n\n${done} served, ${rest} open.\n\n| operation | served by |\n| --- | --- |\n${rows}\n`;
  });
  const share = ((100 * served) / Math.max(1, served + open)).toFixed(1);
  const text = `<!-- Generated by \`npm run codegen\` from the servers' documents and schema/graph: do not edit. -->

# What of JumpServer's REST API the graph serves

Every operation (path and verb, PUT counted as PATCH) that the documents of ${COUNTED.join(' and ')} name, and the field of the graph that serves it.

| | operations |
| --- | --- |
| in the documents | ${all} |
| left out: not for people | ${leftOut} |
| served | ${served} |
| open | ${open} |
| **served of what counts** | **${share} %** |

Operations that only one of the two versions documents carry its number. Operations that JumpServer has and does not document (runs of automations, the dashboard, arrays) are served too, but not counted.

${toReasons(covered)}

## Types that are not witnessed

No recording of a real server shows rows of these types: their fields stand on the servers' documents and on what is known of the API. Their own fields are nullable, and their choices stay open unless the servers' own metadata closes them.

${unwitnessed.map((name) => `\`${name}\``).join(' · ')}

${sections.join('\n')}`;
  return { path: 'docs/coverage.md', text };
}

/** Why what is open is open, the most frequent reason first. */
function toReasons(covered: readonly CoveredOperation[]): string {
  const open = covered.filter(({ fields, reason }) => fields.length === 0 && reason === undefined);
  const counts = new Map<string, number>();
  for (const { obstacle = 'nobody has done it' } of open) counts.set(obstacle, (counts.get(obstacle) ?? 0) + 1);
  const rows = [...counts].sort(([, left], [, right]) => right - left).map(([why, count]) => `| ${why} | ${count} |`);
  return `Why the rest is open; all of it counts:\n\n| reason | operations |\n| --- | --- |\n${rows.join('\n')}`;
}

function partOf({ path }: CoveredOperation): string {
  return path.split('/')[1] ?? '';
}

function toRow({ verb, path, versions, fields, reason, obstacle }: CoveredOperation): string {
  const only = versions.length < COUNTED.length ? ` (${versions.join()})` : '';
  const open = obstacle === undefined ? '**open**' : `**open**: ${obstacle}`;
  const how = fields.length > 0 ? fields.map((field) => `\`${field}\``).join(', ') : (reason ?? open);
  return `| ${verb} \`${path}\`${only} | ${how} |`;
}
