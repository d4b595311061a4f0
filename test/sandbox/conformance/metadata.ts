/** What the sandbox promises of an OPTIONS answer: by action each field's name, type, duties and set of choices. */
import { isObject, type Json, type JsonObject } from '../../support/recordings.ts';

const valuesOf = (choices: Json | undefined): JsonObject => {
  if (!Array.isArray(choices)) return {};
  const values = choices.map((choice) => (isObject(choice) ? (choice.value ?? null) : choice));
  return { choices: values.sort((a, b) => (String(a) < String(b) ? -1 : 1)) };
};

const toField = (field: Json): Json =>
  isObject(field)
    ? {
        type: field.type ?? null,
        required: field.required ?? null,
        read_only: field.read_only ?? null,
        write_only: field.write_only ?? null,
        ...valuesOf(field.choices),
      }
    : field;

const mapObject = (value: Json | undefined, change: (value: Json) => Json): Json =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, change(child)]))
    : (value ?? null);

/**
 * Field metadata without what serves a form only: labels, help, defaults, limits, filters and orders of the list.
 * Issue 4 promises names, types, required and choices.
 */
export const promisedMetadata = (body: Json): Json =>
  isObject(body) ? { actions: mapObject(body.actions, (action) => mapObject(action, toField)) } : body;
