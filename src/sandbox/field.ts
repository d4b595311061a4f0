import { InvalidValue, says } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { Json, JsonObject, Row, SandboxVersion } from './types.ts';
import type { Look } from './world.ts';

/** One property of a resource: how it is read, written, described, and loaded from recorded rows. */
export interface Field {
  readonly name: string;
  /** Column of the stored row; null when computed. */
  readonly column: string | null;
  /** Type word of the OPTIONS metadata. */
  readonly type: string;
  /** Serializers that answer it: any of `L`, `D`, `W`; '' for write-only. */
  readonly at: string;
  readonly mode: 'rw' | 'ro' | 'wo';
  readonly required: boolean;
  /** Further OPTIONS metadata: choices, max_length, … */
  readonly meta: JsonObject;
  /** Metadata that depend on the server version. */
  readonly metaOf?: ((version: SandboxVersion) => JsonObject) | undefined;
  readonly since?: SandboxVersion | undefined;
  readonly until?: SandboxVersion | undefined;
  /** Value of the column in a row created without it. */
  readonly fill?: Fill | undefined;
  read(row: Row, look: Look): Json;
  /** From an input value to the column; throws InvalidValue. */
  parse?: ((value: Json, look: Look) => Json) | undefined;
  /** Stores an input value that is no column of the row itself. */
  after?: ((row: Row, value: Json, x: Exchange) => void) | undefined;
  /** From the property of an upstream row to the column. */
  back?: ((value: Json, look: Look) => Json | undefined) | undefined;
}

type Fill = Json | ((look: Look) => Json);

/** What every kind of field can be told. */
export interface FieldOptions {
  column?: string;
  at?: string;
  mode?: 'rw' | 'ro' | 'wo';
  required?: boolean;
  nullable?: boolean;
  blank?: boolean;
  max?: number;
  min?: number;
  since?: SandboxVersion;
  until?: SandboxVersion;
  fill?: Fill;
  type?: string;
  meta?: JsonObject;
}

/** What a kind of field does. */
export interface Kind {
  type: string;
  fill?: Fill | undefined;
  column?: string | null;
  meta?: JsonObject;
  read: Field['read'];
  parse?: Field['parse'];
  after?: Field['after'];
  back?: Field['back'];
}

/** Makes a field of what every kind can be told and what this kind does. */
export function makeField(name: string, options: FieldOptions, kind: Kind): Field {
  const mode = options.mode ?? 'rw';
  const fill = options.fill === undefined ? kind.fill : options.fill;
  const shown =
    fill === undefined || fill === null || fill === '' || typeof fill === 'function' ? {} : { default: fill };
  const max = options.max === undefined ? {} : { [kind.type === 'integer' ? 'max_value' : 'max_length']: options.max };
  const min = options.min === undefined ? {} : { min_value: options.min };
  return {
    name,
    column: kind.column === undefined ? (options.column ?? name) : kind.column,
    type: options.type ?? kind.type,
    at: options.at ?? (mode === 'wo' ? '' : 'LDW'),
    mode,
    required: options.required ?? false,
    since: options.since,
    until: options.until,
    fill,
    meta: { ...max, ...min, ...shown, ...kind.meta, ...options.meta },
    read: kind.read,
    parse: kind.parse === undefined ? undefined : withNull(kind.parse, options.nullable ?? false),
    after: kind.after,
    back: kind.back ?? (kind.column === null ? undefined : (value) => value),
  };
}

function withNull(parse: NonNullable<Field['parse']>, nullable: boolean): NonNullable<Field['parse']> {
  return (value, look) => {
    if (value !== null) return parse(value, look);
    if (nullable) return null;
    throw new InvalidValue([says.isNull]);
  };
}
