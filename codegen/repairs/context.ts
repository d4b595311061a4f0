/** What a repair is, what it may know, and how it goes through everything that recordings witness. */
import {
  answerOf,
  type Document,
  jsonType,
  type Located,
  operationsOf,
  refName,
  rowsIn,
  type Schema,
  successStatuses,
  toRoute,
} from '../contract-document.ts';
import {
  completeShape,
  type Evidence,
  type FieldEvidence,
  findRoute,
  type RouteEvidence,
  shapeElsewhere,
} from './evidence.ts';
import { mergeShapes } from './shape.ts';

/** What a repair may know besides the document. */
export interface RepairContext {
  version: string;
  /** What was seen of this version, or of the recorded version that speaks for it. */
  evidence: Evidence;
  /** Whether `evidence` is of this very version. Of another one it shows types and routes, never what rows carry and lack. */
  isExact: boolean;
  /** What was seen of the others, nearest first: used for types that this version's rows don't show, never for presence. */
  others: readonly Evidence[];
}

/** One named repair of the contract. */
export interface Repair {
  name: string;
  /** What is wrong with the document. */
  reason: string;
  /** Where the truth was seen: a section of api.md or a recorded exchange. */
  proof: string;
  /** Changes the document in place and says how often. */
  apply(document: Document, context: RepairContext): number;
}

/** What was seen of one component. */
export interface Witness {
  /** Everything seen, with the types of other versions where this one shows none. */
  shape: Schema;
  /** Whether this version's own rows were seen, so that presence counts. */
  own: boolean;
  /** As rows of a list, without `format=json`. */
  listed?: Schema;
  /** The routes that answer with it. */
  paths: string[];
}

/** True for the path of a list: no parameter at its end. */
export const isCollection = (path: string): boolean => !path.endsWith('}/');

/** The route's evidence in this version. */
export const seen = (context: RepairContext, path: string): RouteEvidence | undefined =>
  findRoute(context.evidence, path);

/** JumpServer's metadata of a route's fields: this version's own, else the nearest version's. */
export const fieldsOf = (context: RepairContext, path: string): Record<string, FieldEvidence> | undefined => {
  const route = path.replace(/\{[^}]*\}\/$/, '');
  return [context.evidence, ...context.others]
    .map((evidence) => findRoute(evidence, route)?.fields)
    .find((fields) => fields);
};

const addWitness = (witnesses: Map<string, Witness>, name: string, { shape, own, listed, paths }: Witness): void => {
  const known = witnesses.get(name);
  if (known === undefined) {
    witnesses.set(name, listed === undefined ? { shape, own, paths } : { shape, own, listed, paths });
    return;
  }
  known.paths.push(...paths);
  if (known.own && !own) return;
  const fresh = own && !known.own;
  known.shape = fresh ? completeShape(shape, known.shape) : mergeShapes(known.shape, shape);
  known.own = known.own || own;
  if (listed !== undefined) known.listed = known.listed === undefined ? listed : mergeShapes(known.listed, listed);
};

/** What was seen of one method under one status. */
const answerSeen = (route: RouteEvidence | undefined, verb: string, status: string): Schema | undefined =>
  Object.entries(route?.answers ?? {}).find(([key, answer]) => key.startsWith(verb) && answer.status === status)?.[1]
    .shape;

const addOperation = (
  document: Document,
  context: RepairContext,
  witnesses: Map<string, Witness>,
  { method, path, operation }: Located,
): void => {
  const verb = method.toUpperCase();
  const route = seen(context, path);
  for (const status of successStatuses(operation)) {
    const rows = rowsIn(document, operation.responses[status]?.content?.[jsonType]?.schema);
    if (rows?.component === undefined) continue;
    const own = answerSeen(route, verb, status);
    const foreign = shapeElsewhere([context.evidence, ...context.others], path, verb);
    const shape = own === undefined ? foreign : completeShape(own, foreign);
    const isList = verb === 'GET' && !rows.envelopes.includes('object');
    if (shape !== undefined) {
      const listed = isList && own !== undefined && context.isExact ? { listed: shape } : {};
      addWitness(witnesses, rows.component, {
        shape,
        own: own !== undefined && context.isExact,
        paths: [path],
        ...listed,
      });
    }
    if (isList && route?.detailed !== undefined) {
      const detail = rowsIn(document, answerOf(detailOf(document, path)?.operation ?? operation));
      addWitness(witnesses, detail?.component ?? rows.component, {
        shape: route.detailed,
        own: context.isExact,
        paths: [path],
      });
    }
  }
};

/** `GET <path>{id}/` of a list. */
export const detailOf = (document: Document, path: string): Located | undefined => {
  const detail = Object.keys(document.paths).find(
    (candidate) => candidate.startsWith(path) && toRoute(candidate) === `${toRoute(path)}{}/`,
  );
  const operation = detail === undefined ? undefined : document.paths[detail]?.get;
  return detail === undefined || operation === undefined ? undefined : { method: 'get', path: detail, operation };
};

/** The component that a property holds, alone or in an array. */
const heldComponent = (schema: Schema | undefined): string | undefined => refName(schema) ?? refName(schema?.items);

const addHeld = (document: Document, witnesses: Map<string, Witness>, name: string, done: Set<string>): void => {
  const witness = witnesses.get(name);
  const schema = document.components.schemas[name];
  if (witness === undefined || done.has(name)) return;
  done.add(name);
  for (const [property, shape] of Object.entries(witness.shape.properties ?? {})) {
    const held = heldComponent(schema?.properties?.[property]);
    const inner = shape.type === 'array' ? shape.items : shape;
    if (held === undefined || held === name || inner?.properties === undefined) continue;
    addWitness(witnesses, held, { shape: inner, own: witness.own, paths: [] });
    addHeld(document, witnesses, held, done);
  }
};

/** What was seen of each component, through all operations that answer with it. */
export const findWitnesses = (document: Document, context: RepairContext): Map<string, Witness> => {
  const witnesses = new Map<string, Witness>();
  for (const located of operationsOf(document)) addOperation(document, context, witnesses, located);
  const done = new Set<string>();
  for (const name of [...witnesses.keys()]) addHeld(document, witnesses, name, done);
  return witnesses;
};

/** A place in a component where a schema stands beside the shape that was seen there. */
export interface Pair {
  component: string;
  /** The property that it stands in; empty at the top. */
  property: string;
  schema: Schema;
  shape: Schema;
  replace(schema: Schema): void;
}

const visitProperties = (component: string, schema: Schema, shape: Schema, visit: (pair: Pair) => void): void => {
  const properties = schema.properties;
  if (properties === undefined) return;
  for (const [property, inner] of Object.entries(shape.properties ?? {})) {
    const current = properties[property];
    if (current === undefined) continue;
    visit({
      component,
      property,
      schema: current,
      shape: inner,
      replace: (next) => Object.assign(properties, { [property]: next }),
    });
    visitInside(component, property, properties[property] ?? current, inner, visit);
  }
};

const visitInside = (
  component: string,
  property: string,
  schema: Schema,
  shape: Schema,
  visit: (pair: Pair) => void,
): void => {
  if (refName(schema) !== undefined) return;
  visitProperties(component, schema, shape, visit);
  if (schema.items === undefined || shape.items === undefined) return;
  visit({
    component,
    property,
    schema: schema.items,
    shape: shape.items,
    replace: (next) => Object.assign(schema, { items: next }),
  });
  visitInside(component, property, schema.items, shape.items, visit);
};

/** Goes through every witnessed place of every component; a place replaced by the visitor is entered as replaced. */
const visitWitnessed = (document: Document, context: RepairContext, visit: (pair: Pair) => void): void => {
  for (const [component, { shape }] of findWitnesses(document, context)) {
    const schema = document.components.schemas[component];
    if (schema !== undefined) visitProperties(component, schema, shape, visit);
  }
};

/** Counts how often a visitor says that it changed something. */
export const countWitnessed = (document: Document, context: RepairContext, visit: (pair: Pair) => boolean): number => {
  let changes = 0;
  visitWitnessed(document, context, (pair) => {
    if (visit(pair)) changes += 1;
  });
  return changes;
};

/** Goes through every schema of the components, inner ones too, and counts the changes. */
export const countSchemas = (document: Document, visit: (schema: Schema) => boolean): number => {
  const enter = (schema: Schema | undefined): number => {
    if (schema === undefined) return 0;
    const inner = [
      ...Object.values(schema.properties ?? {}),
      schema.items,
      ...(schema.allOf ?? []),
      ...(schema.anyOf ?? []),
      ...(schema.oneOf ?? []),
      typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined,
    ];
    return (visit(schema) ? 1 : 0) + inner.map(enter).reduce((sum, count) => sum + count, 0);
  };
  return Object.values(document.components.schemas)
    .map(enter)
    .reduce((sum, count) => sum + count, 0);
};
