/** What recorded servers showed, condensed to facts that repairs can use: see `codegen/evidence.ts`, which writes them. */
import { readFileSync } from 'node:fs';
import { type Schema, toRoute } from '../contract-document.ts';
import { mergeShapes } from './shape.ts';

/** One field as JumpServer's own metadata (`OPTIONS`) describes it (api.md §3.2). */
export interface FieldEvidence {
  /** JumpServer's word for the kind of field: `labeled_choice`, `object_related_field`, … */
  kind: string;
  /** Demanded by POST. */
  required?: true;
  readOnly?: true;
  writeOnly?: true;
  /** The wire values of a choice. */
  values?: (string | number | boolean)[];
  /** The fields of an object, or of the objects of a list. */
  fields?: Record<string, FieldEvidence>;
}

/** How the rows of one method came back. */
export interface AnswerEvidence {
  status: string;
  /** `page`, `array`, `object`, `value` (a bare string), `empty`: all that were seen. */
  envelopes: string[];
  /** The shape of one row; absent when every list was empty. */
  shape?: Schema;
}

/** What was seen of one route. */
export interface RouteEvidence {
  /** The methods that the server says it allows (header `Allow`). */
  allow?: string[];
  answers?: Record<string, AnswerEvidence>;
  /** The shape of a list's rows under `format=json`, where it was asked for. */
  detailed?: Schema;
  /** The shape of the bodies that a method accepted, its `required` being what every one of them had; arrays give that of an item. */
  bodies?: Record<string, Schema>;
  /** The methods that accepted an array as body. */
  arrays?: string[];
  fields?: Record<string, FieldEvidence>;
  /** Filters of a list, as 4.10.19 and later name them, with the lookups each obeys. */
  filters?: Record<string, { kind: string; lookups: string[] }>;
}

/** All that is known of one server. */
export interface Evidence {
  version: string;
  /** By path without `/api/v1`, `{id}` in place of values. */
  routes: Record<string, RouteEvidence>;
}

/** The versions that were recorded, oldest first. */
export const recordedVersions = ['3.10.23', '4.9.0', '4.10.16', '4.10.19'] as const;

const cache = new Map<string, Evidence>();

/** The committed evidence of one recorded version. Shared: do not change it. */
export const loadEvidence = (version: string): Evidence => {
  const found = cache.get(version);
  if (found !== undefined) return found;
  const text = readFileSync(new URL(`../evidence/${version}.json`, import.meta.url), 'utf8');
  const evidence: Evidence = JSON.parse(text);
  cache.set(version, evidence);
  return evidence;
};

const toNumbers = (version: string): number[] => version.split('.').map(Number);

/** Orders versions by their numbers: negative when the first is older. */
export const compareVersions = (left: string, right: string): number => {
  const [one, other] = [toNumbers(left), toNumbers(right)];
  const position = [0, 1, 2].find((index) => one[index] !== other[index]) ?? 0;
  return (one[position] ?? 0) - (other[position] ?? 0);
};

/** Versions other than this one, nearest first; of two equally near ones the newer comes first. */
export const nearestVersions = (version: string, versions: readonly string[]): string[] => {
  const ordered = [...new Set([...versions, version])].sort(compareVersions);
  const place = ordered.indexOf(version);
  return ordered
    .filter((other) => other !== version)
    .sort((left, right) => {
      const [one, other] = [ordered.indexOf(left), ordered.indexOf(right)];
      return Math.abs(one - place) - Math.abs(other - place) || other - one;
    });
};

const indexes = new WeakMap<Evidence, Map<string, RouteEvidence>>();

const indexOf = (evidence: Evidence): Map<string, RouteEvidence> => {
  const found = indexes.get(evidence);
  if (found !== undefined) return found;
  const index = new Map(Object.entries(evidence.routes).map(([path, route]) => [toRoute(path), route]));
  indexes.set(evidence, index);
  return index;
};

/** What is known of a route in one version's evidence, whatever its parameters are called. */
export const findRoute = (evidence: Evidence, path: string): RouteEvidence | undefined =>
  indexOf(evidence).get(toRoute(path));

/** Takes from `foreign` only the types that `own` does not show (nothing but nulls, empty arrays), and its nulls. */
export const completeShape = (own: Schema, foreign: Schema | undefined): Schema => {
  if (foreign === undefined) return own;
  const nullable = own.nullable === true || foreign.nullable === true;
  const { nullable: _, ...known } = own.type === undefined && own.anyOf === undefined ? foreign : own;
  const completed: Schema = nullable ? { ...known, nullable } : { ...known };
  if (own.type === 'array' && foreign.type === 'array') {
    const items = own.items === undefined ? foreign.items : completeShape(own.items, foreign.items);
    if (items !== undefined) completed.items = items;
  }
  if (own.properties !== undefined) completed.properties = completeProperties(own.properties, foreign.properties);
  return completed;
};

const completeProperties = (
  own: Record<string, Schema>,
  foreign: Record<string, Schema> | undefined,
): Record<string, Schema> =>
  Object.fromEntries(Object.entries(own).map(([name, shape]) => [name, completeShape(shape, foreign?.[name])]));

/** The shapes of one method of a route in several versions, merged. */
export const shapeElsewhere = (evidences: readonly Evidence[], path: string, method: string): Schema | undefined => {
  const shapes = evidences.flatMap((evidence) => findRoute(evidence, path)?.answers?.[method]?.shape ?? []);
  return shapes.length === 0 ? undefined : shapes.reduce(mergeShapes);
};
