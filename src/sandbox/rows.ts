import type { Exchange } from './exchange.ts';
import type { Field } from './field.ts';
import type { Resource } from './resource.ts';
import type { Json, JsonObject, Row, SandboxVersion } from './types.ts';
import { isIn } from './versions.ts';
import type { Look, View } from './world.ts';

const shapes = new WeakMap<Resource, Map<string, readonly Field[]>>();

/** The fields that one serializer of a resource has on one server version. */
export function fieldsOf(resource: Resource, version: SandboxVersion, view: View | 'all'): readonly Field[] {
  let known = shapes.get(resource);
  if (known === undefined) {
    known = new Map();
    shapes.set(resource, known);
  }
  const key = version + view;
  let fields = known.get(key);
  if (fields === undefined) {
    fields = resource.fields.filter(
      (field) => isIn(version, toSpan(field)) && (view === 'all' || field.at.includes(view)),
    );
    known.set(key, fields);
  }
  return fields;
}

/** The fields of an answer to this request. */
export function shapeOf(resource: Resource, x: Exchange, view: View): readonly Field[] {
  const fields = fieldsOf(resource, x.world.version, view);
  return resource.shape === undefined ? fields : resource.shape(fields, x, view);
}

/** The life of a thing, as `isIn` takes it. */
export function toSpan(thing: { since?: SandboxVersion | undefined; until?: SandboxVersion | undefined }): {
  since?: SandboxVersion;
  until?: SandboxVersion;
} {
  return {
    ...(thing.since === undefined ? {} : { since: thing.since }),
    ...(thing.until === undefined ? {} : { until: thing.until }),
  };
}

/** A row as its resource answers it. */
export function toAnswer(row: Row, fields: readonly Field[], look: Look): JsonObject {
  const answer: JsonObject = {};
  for (const field of fields) answer[field.name] = field.read(row, look);
  return answer;
}

/** Leaves of a resource's fields what `fields`, `fields!` and `fields_size` ask for (api.md §3.2). */
export function narrow(resource: Resource, fields: readonly Field[], x: Exchange): readonly Field[] {
  const { query } = x;
  const { projected = true } = resource;
  if (projected === false || (projected !== true && !isIn(x.world.version, { since: projected }))) return fields;
  const wanted = query.get('fields');
  if (wanted !== null && wanted !== '') {
    const names = new Set(wanted.split(',').map((name) => name.trim()));
    return fields.filter((field) => names.has(field.name));
  }
  const unwanted = query.get('fields!');
  if (unwanted !== null && unwanted !== '') {
    const names = new Set(unwanted.split(',').map((name) => name.trim()));
    return fields.filter((field) => !names.has(field.name));
  }
  const size = query.get('fields_size');
  const subset = size === 'mini' ? resource.mini : size === 'small' ? resource.small : undefined;
  if (subset === undefined) return fields;
  const names = new Set((typeof subset === 'string' ? subset : subset(x.world.version)).split(' '));
  return fields.filter((field) => names.has(field.name));
}

/** A value that may be a list, as a list. */
export function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
