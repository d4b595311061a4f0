import type { Exchange } from './exchange.ts';
import type { Field } from './field.ts';
import { inWords } from './operate-log.ts';
import type { Resource } from './resource.ts';
import { fieldsOf } from './rows.ts';
import type { Json, JsonObject, SandboxVersion } from './types.ts';

function describe(field: Field, version: SandboxVersion): JsonObject {
  return {
    type: field.type,
    required: field.required && field.mode !== 'ro',
    read_only: field.mode === 'ro',
    label: inWords(field.name.replaceAll('_', ' ')),
    write_only: field.mode === 'wo',
    ...field.meta,
    ...field.metaOf?.(version),
  };
}

/** The answer to OPTIONS: every field with its type, whether it is required, and its choices (api.md §3.2). */
export function optionsAnswer(resource: Resource, x: Exchange): Json {
  const { version } = x.world;
  const methods = resource.methods ?? 'LCRUDB';
  const all = fieldsOf(resource, version, 'all');
  const listed = resource.shape === undefined ? all : resource.shape(all, x, 'L');
  const shown = listed.filter((field) => field.type !== 'hidden');
  const writeable = shown.filter((field) => field.mode !== 'ro' || field.at.includes('W'));
  const write: JsonObject = {};
  for (const field of writeable) write[field.name] = describe(field, version);
  const read: JsonObject = {};
  for (const field of shown.filter((one) => one.at.includes('L') || one.mode === 'wo')) {
    const filter = resource.filters !== undefined && field.name in resource.filters ? { filter: true } : {};
    read[field.name] = { ...describe(field, version), ...filter };
  }
  const actions: JsonObject = {};
  if (methods.includes('B')) actions.PUT = write;
  if (methods.includes('C')) actions.POST = write;
  if (methods.includes('B')) actions.PATCH = write;
  if (methods.includes('L')) actions.GET = read;
  const tells = typeof resource.tells === 'function' ? resource.tells(version) : resource.tells;
  const told = tells?.split(' ') ?? Object.keys(actions);
  return {
    name: `${resource.title ?? resource.noun.replace(/([a-z])([A-Z])/g, '$1 $2')} List`,
    description: '',
    renders: ['application/json', 'text/csv', 'application/xlsx'],
    parses: [
      'application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'text/csv',
      'text/xlsx',
      '*/*',
    ],
    actions: Object.fromEntries(Object.entries(actions).filter(([method]) => told.includes(method))),
  };
}
