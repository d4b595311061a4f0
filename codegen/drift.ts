/**
 * Compares two states of JumpServer's API document in terms of the graph. Compare what servers declare (`declaredDocument`), not repaired
 * contracts: repairs put back what recordings showed, and so would hide what a new server has changed.
 */
import {
  answerOf,
  bodyOf,
  type Document,
  findOperation,
  operationsOf,
  type Parameter,
  resolveSchema,
  rowsIn,
  rowsOf,
  type Schema,
} from './contract-document.ts';
import { compareSchemas, type Found, renamed, type Severity, type Sides } from './drift-schemas.ts';
import { normalizeDocument, type RawDocument, upgradeDocument } from './upgrade.ts';

/** Which upstream facts the graph stands on. */
export interface GraphMap {
  /** `{ coordinate: "Asset.address", path: "/assets/assets/", property: ["address"] }` */
  fields: readonly { coordinate: string; path: string; property: readonly string[] }[];
  /** `{ coordinate: "Mutation.createHost", operation: "POST /assets/hosts/" }` */
  operations: readonly { coordinate: string; operation: string }[];
}

/** One difference, at the place in the graph where it matters. */
export interface Drift extends Found {
  /** A field, a mutation, or a type where something new could be shown. */
  where: string;
}

/** A server's document as it stands, only brought into one dialect. */
export const declaredDocument = async (raw: RawDocument): Promise<Document> =>
  normalizeDocument(await upgradeDocument(raw));

/** A property of a list's rows; of its detail where the list does not bring it. */
const propertyOf = (
  document: Document,
  path: string,
  property: readonly string[],
): { owner: Schema; schema: Schema; listed: boolean } | undefined => {
  for (const route of [path, `${path}{id}/`]) {
    let owner = rowsOf(document, route)?.schema;
    for (const [index, name] of property.entries()) {
      const next = owner?.properties?.[name];
      if (owner === undefined || next === undefined) break;
      if (index === property.length - 1) return { owner, schema: next, listed: route === path };
      const inner = resolveSchema(document, next);
      owner = inner?.type === 'array' ? resolveSchema(document, inner.items) : inner;
    }
  }
  return undefined;
};

const driftOfField = (sides: Sides, { coordinate, path, property }: GraphMap['fields'][number]): Drift[] => {
  const before = propertyOf(sides.old, path, property);
  if (before === undefined) return []; // known from recordings only: no document ever declared it
  const read = `GET ${path}`;
  if (findOperation(sides.fresh, read) === undefined)
    return [{ severity: 'breaking', where: coordinate, what: `${read} is gone` }];
  const after = propertyOf(sides.fresh, path, property);
  const name = property.at(-1) ?? '';
  if (after === undefined) {
    const rows = rowsOf(sides.fresh, path)?.schema;
    const hint = rows && property.length === 1 ? renamed(sides, before.owner, rows, name) : '';
    return [
      {
        severity: 'breaking',
        where: coordinate,
        what: `"${property.join('.')}" is gone from the rows of ${read}${hint}`,
      },
    ];
  }
  if (before.listed && !after.listed) {
    const what = `"${property.join('.')}" of ${read} stands only in the detail now: name it in @rows(detail: …)`;
    return [{ severity: 'breaking', where: coordinate, what }];
  }
  return compareSchemas(sides, before.schema, after.schema).map(({ severity, what }) => ({
    severity,
    where: coordinate,
    what: `"${property.join('.')}" of ${read}: ${what}`,
  }));
};

const compareParameters = (sides: Sides, old: readonly Parameter[], fresh: readonly Parameter[]): Found[] => {
  const removed = old.flatMap((parameter): Found[] => {
    const other = fresh.find(
      ({ name, in: place }) => place === parameter.in && (name === parameter.name || place === 'path'),
    );
    if (other === undefined) return [{ severity: 'breaking', what: `parameter "${parameter.name}" is gone` }];
    return compareSchemas(sides, parameter.schema ?? {}, other.schema ?? {}).map(({ severity, what }) => ({
      severity,
      what: `parameter "${parameter.name}": ${what}`,
    }));
  });
  const added = fresh.flatMap(({ name, in: place, required }): Found[] => {
    if (place === 'path' || old.some((parameter) => parameter.name === name)) return [];
    return [
      {
        severity: required ? 'breaking' : 'additive',
        what: `parameter "${name}" is new${required ? ' and demanded' : ''}`,
      },
    ];
  });
  return [...removed, ...added];
};

const compareBodies = (sides: Sides, old: Schema | undefined, fresh: Schema | undefined): Found[] => {
  if (old === undefined && fresh === undefined) return [];
  const before = rowsIn(sides.old, old)?.schema;
  const after = rowsIn(sides.fresh, fresh)?.schema;
  if (before === undefined || after === undefined)
    return [{ severity: 'breaking', what: before ? 'takes no body now' : 'takes a body now' }];
  const isInput = (schema: Schema, name: string): boolean => schema.properties?.[name]?.readOnly !== true;
  const demanded = (after.required ?? []).filter(
    (name) => before.required?.includes(name) !== true && isInput(after, name) && isInput(before, name),
  );
  const fresher = Object.keys(after.properties ?? {}).filter(
    (name) => before.properties?.[name] === undefined && isInput(after, name),
  );
  return [
    ...compareSchemas(sides, before, after),
    ...demanded.map((name): Found => ({ severity: 'breaking', what: `"${name}" is demanded now` })),
    ...fresher
      .filter((name) => !demanded.includes(name))
      .map((name): Found => ({ severity: 'additive', what: `takes "${name}" now` })),
  ];
};

const driftOfOperation = (sides: Sides, { coordinate, operation }: GraphMap['operations'][number]): Drift[] => {
  const before = findOperation(sides.old, operation)?.operation;
  const after = findOperation(sides.fresh, operation)?.operation;
  if (before === undefined) return [];
  if (after === undefined) return [{ severity: 'breaking', where: coordinate, what: `${operation} is gone` }];
  const found = [
    ...compareParameters(sides, before.parameters ?? [], after.parameters ?? []),
    ...compareBodies(sides, bodyOf(before), bodyOf(after)),
    ...(operation.startsWith('GET ') ? [] : compareAnswers(sides, answerOf(before), answerOf(after))),
  ];
  return found.map(({ severity, what }) => ({ severity, where: coordinate, what: `${operation}: ${what}` }));
};

const compareAnswers = (sides: Sides, old: Schema | undefined, fresh: Schema | undefined): Found[] => {
  const [before, after] = [rowsIn(sides.old, old)?.schema, rowsIn(sides.fresh, fresh)?.schema];
  if (before === undefined || after === undefined) return [];
  return compareSchemas(sides, before, after).map(({ severity, what }) => ({ severity, what: `answers: ${what}` }));
};

/** What rows bring that the graph could show: reported at the type whose fields come from there. */
const driftOfRows = (sides: Sides, path: string, type: string): Drift[] => {
  const old = rowsOf(sides.old, path)?.schema.properties;
  const fresh = rowsOf(sides.fresh, path)?.schema.properties;
  if (old === undefined || fresh === undefined) return [];
  return Object.keys(fresh)
    .filter((name) => old[name] === undefined)
    .map((name) => ({ severity: 'additive', where: type, what: `"${name}" is new in the rows of GET ${path}` }));
};

const severities: readonly Severity[] = ['breaking', 'additive', 'cosmetic'];

const order = (left: Drift, right: Drift): number =>
  severities.indexOf(left.severity) - severities.indexOf(right.severity) ||
  (left.where === right.where ? compareText(left.what, right.what) : compareText(left.where, right.where));

const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Every difference between a known document and a fresh one that touches the graph: breaking ones first, each once. */
export const driftBetween = (committed: Document, fresh: Document, graphMap: GraphMap): Drift[] => {
  const sides: Sides = { old: committed, fresh };
  const types = new Map(
    graphMap.fields.map(({ coordinate, path }) => [
      `${path} ${typeOf(coordinate)}`,
      { path, type: typeOf(coordinate) },
    ]),
  );
  const found = [
    ...graphMap.fields.flatMap((field) => driftOfField(sides, field)),
    ...graphMap.operations.flatMap((operation) => driftOfOperation(sides, operation)),
    ...[...types.values()].flatMap(({ path, type }) => driftOfRows(sides, path, type)),
  ];
  const unique = new Map(found.map((drift) => [JSON.stringify([drift.severity, drift.where, drift.what]), drift]));
  return [...unique.values()].sort(order);
};

const typeOf = (coordinate: string): string => coordinate.split('.')[0] ?? coordinate;

/** The known version whose document a fresh one resembles most (documents do not tell their version): the one that shares most operations. */
export const closestVersion = (known: Readonly<Record<string, Document>>, fresh: Document): string | undefined => {
  const names = (document: Document): Set<string> =>
    new Set(
      operationsOf(document).map(
        ({ method, path, operation }) => `${method} ${path} ${operation.parameters?.length ?? 0}`,
      ),
    );
  const wanted = names(fresh);
  const scores = Object.entries(known).map(([version, document]) => {
    const own = names(document);
    const shared = [...own].filter((name) => wanted.has(name)).length;
    return { version, score: shared / (own.size + wanted.size - shared) };
  });
  return scores.sort((left, right) => right.score - left.score)[0]?.version;
};
