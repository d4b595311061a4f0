/** Whether two bodies of the same shape say the same, wherever the recording determines what must be said. */
import { isObject, type Json, type JsonObject } from '../../support/recordings.ts';
import { type Identities, maskUuids } from './identities.ts';

/** What decides which values are determined. */
export interface ValueContext {
  readonly identities: Identities;
  /** A time of the recording that also stands in the rows both servers were given must come back; others may differ. */
  readonly isGivenTime: (time: string) => boolean;
  /** An error's texts are prose: only its codes count. */
  readonly isError: boolean;
  /** Properties that the server counted on from what is not in the given rows. */
  readonly countedOn: ReadonlySet<string>;
  /** Rows asked for by their ids come in no order (api.md §0.1). */
  readonly isByIds: boolean;
  /** Rows whose names are words of the server's language. */
  readonly isNamedInWords: boolean;
}

/** Prose and help, never compared. */
const texts = new Set([
  'label',
  'help_text',
  'msg',
  'detail',
  'message',
  'content',
  'description',
  'placeholder',
  'task_name',
  'periodic_display',
  'apply_permission_name',
]);
/** Made up anew at each run: secrets, measured times, numbers out of a sequence or a clock. */
const madeUp = new Set([
  'token',
  'value_token',
  'secret',
  'db_time',
  'redis_time',
  'time',
  'time_cost',
  'serial_num',
  'expire_time',
  'start_time',
]);
const namesInWords = new Set(['name', 'username', 'comment']);
/** Names of background work, made of hashes. */
const handle = /^GET_[0-9a-f]{32}/;
const code = /^[a-z][a-z_]*$/;
const time = /^\d{4}[/-]\d\d[/-]\d\d[ T]\d\d:\d\d:\d\d/;
const host = /https?:\/\/127\.0\.0\.1:\d+/g;

const isUndetermined = (key: string, context: ValueContext): boolean =>
  texts.has(key) || madeUp.has(key) || context.countedOn.has(key) || (context.isNamedInWords && namesInWords.has(key));

/** Errors' texts but their codes; and what a server said in its own language, which the company's data never uses. */
const isProse = (recorded: string, context: ValueContext): boolean =>
  (context.isError && !code.test(recorded)) || /\p{Script=Han}/u.test(recorded);

const isSameText = (recorded: string, actual: string, context: ValueContext): boolean => {
  if (recorded === 'REDACTED' || handle.test(recorded)) return true;
  if (context.identities.hasNew(recorded)) return maskUuids(recorded) === maskUuids(actual);
  if (time.test(recorded) && !context.isGivenTime(recorded)) return time.test(actual);
  const want = context.identities.translate(recorded).replace(host, '');
  return want === actual.replace(host, '') || isProse(recorded, context);
};

const isRow = (value: Json): value is JsonObject => isObject(value) && 'id' in value;

/** Members of a row have no order of their own: bring ours into the recorded order. */
const inOrderOf = (recorded: Json[], actual: Json[], context: ValueContext): Json[] => {
  if (!recorded.every(isRow) || !actual.every(isRow)) return actual;
  const places = new Map(recorded.map((row, index) => [context.identities.translate(String(row.id)), index]));
  const placeOf = (row: JsonObject): number => places.get(String(row.id)) ?? recorded.length;
  return [...actual].sort((a, b) => (isRow(a) && isRow(b) ? placeOf(a) - placeOf(b) : 0));
};

const arrayDifferences = (recorded: Json[], actual: Json[], path: string, context: ValueContext): string[] => {
  if (recorded.length !== actual.length)
    return [`${path}: ${recorded.length} elements expected, ${actual.length} came`];
  const isTop = (path === '' || path === '.results') && !context.isByIds;
  const ours = isTop ? actual : inOrderOf(recorded, actual, context);
  return recorded.flatMap((element, index) => differences(element, ours[index] ?? null, `${path}[${index}]`, context));
};

/** What went wrong with one item, in prose. */
const isTold = (key: string, value: Json): boolean => key === 'error' && typeof value === 'string' && !code.test(value);

/** How long a thing has lasted that goes on. */
const isStillRunning = (key: string, value: Json, context: ValueContext): boolean =>
  key === 'duration' && typeof value === 'string' && !context.isGivenTime(value);

const objectDifferences = (recorded: JsonObject, actual: JsonObject, path: string, context: ValueContext): string[] =>
  Object.entries(recorded).flatMap(([key, value]) =>
    (isUndetermined(key, context) || isTold(key, value) || isStillRunning(key, value, context)) &&
    !isObject(value) &&
    !Array.isArray(value)
      ? []
      : differences(value, actual[key] ?? null, `${path}.${key}`, context),
  );

const show = (value: Json): string => JSON.stringify(value).slice(0, 80);

const differences = (recorded: Json, actual: Json, path: string, context: ValueContext): string[] => {
  if (Array.isArray(recorded) && Array.isArray(actual)) return arrayDifferences(recorded, actual, path, context);
  if (isObject(recorded) && isObject(actual)) return objectDifferences(recorded, actual, path, context);
  if (typeof recorded === 'string' && time.test(recorded) && actual === null && !context.isGivenTime(recorded))
    return [];
  const same =
    typeof recorded === 'string' && typeof actual === 'string'
      ? isSameText(recorded, actual, context)
      : recorded === actual;
  return same ? [] : [`${path}: ${show(recorded)} expected, ${show(actual)} came`];
};

/** Where a determined value differs, as readable lines. */
export const valueDifferences = (recorded: Json, actual: Json, context: ValueContext): string[] =>
  differences(recorded, actual, '', context);

/** Every time and duration that stands in the given rows. */
export const givenTimes = (given: string): ReadonlySet<string> =>
  new Set(given.match(/\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d [+-]\d{4}|(?<="duration":")[^"]+/g) ?? []);
