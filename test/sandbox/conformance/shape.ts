/** The shape of a body: keys and types, recursively; the elements of an array are one union. */
import { isObject, type Json } from '../../support/recordings.ts';

interface Shape {
  readonly scalars: Set<string>;
  /** Shapes of the properties of all objects at this place; undefined when there was no object. */
  properties?: Map<string, Shape>;
  /** How many objects stood at this place, and in how many each property. */
  objects: number;
  readonly present: Map<string, number>;
  /** The union of all elements of all arrays at this place; undefined when there was no array. */
  elements?: Shape;
}

const emptyShape = (): Shape => ({ scalars: new Set(), objects: 0, present: new Map() });

/** Whether a time is set is a matter of the clock: at such a property null counts as a time. */
const timeNames = /^(date_.*|.*_at|last_login|datetime)$/;
const timeText = /^\d{4}[/-]\d\d[/-]\d\d[ T]\d\d:\d\d/;

const scalarOf = (value: Json, key: string): string => {
  if (timeNames.test(key) && (value === null || (typeof value === 'string' && timeText.test(value)))) return 'time';
  return value === null ? 'null' : typeof value;
};

const addObject = (shape: Shape, value: Record<string, Json>): void => {
  shape.properties ??= new Map();
  shape.objects += 1;
  for (const [key, child] of Object.entries(value)) {
    const property = shape.properties.get(key) ?? emptyShape();
    shape.properties.set(key, property);
    shape.present.set(key, (shape.present.get(key) ?? 0) + 1);
    addValue(property, child, key);
  }
};

const addValue = (shape: Shape, value: Json, key = ''): void => {
  if (Array.isArray(value)) {
    shape.elements ??= emptyShape();
    for (const element of value) addValue(shape.elements, element);
  } else if (isObject(value)) addObject(shape, value);
  else shape.scalars.add(scalarOf(value, key));
};

const shapeOf = (value: Json): Shape => {
  const shape = emptyShape();
  addValue(shape, value);
  return shape;
};

const kindsOf = (shape: Shape): string =>
  [...shape.scalars, ...(shape.properties ? ['object'] : []), ...(shape.elements ? ['array'] : [])].sort().join('|') ||
  'nothing';

const isAlways = (shape: Shape, key: string): boolean => shape.present.get(key) === shape.objects;

const propertyDifferences = (recorded: Shape, actual: Shape, path: string): string[] => {
  const keys = new Set([...(recorded.properties?.keys() ?? []), ...(actual.properties?.keys() ?? [])]);
  return [...keys].flatMap((key) => {
    const want = recorded.properties?.get(key);
    const got = actual.properties?.get(key);
    if (want === undefined) return [`${path}.${key}: is not there in the recording`];
    if (got === undefined) return [`${path}.${key}: is missing`];
    if (isAlways(recorded, key) !== isAlways(actual, key)) return [`${path}.${key}: stands in some rows only`];
    return differences(want, got, `${path}.${key}`);
  });
};

const differences = (recorded: Shape, actual: Shape, path: string): string[] => {
  const [want, got] = [kindsOf(recorded), kindsOf(actual)];
  const own = want === got ? [] : [`${path}: ${want} expected, ${got} came`];
  const properties = recorded.properties && actual.properties ? propertyDifferences(recorded, actual, path) : [];
  const elements =
    recorded.elements && actual.elements ? differences(recorded.elements, actual.elements, `${path}[]`) : [];
  return [...own, ...properties, ...elements];
};

/** Where the two bodies differ in keys or types, as readable lines. */
export const shapeDifferences = (recorded: Json, actual: Json): string[] =>
  differences(shapeOf(recorded), shapeOf(actual), '');
