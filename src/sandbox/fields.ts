import { InvalidValue, says } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { isUuid, normalUuid } from './ids.ts';
import { parseTime, toServerTime } from './time.ts';
import type { Id, Json, JsonObject, Row, SandboxVersion } from './types.ts';
import { idsOf, type Look, orgName, rowOf, textOf } from './world.ts';

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

interface Kind {
  type: string;
  fill?: Fill | undefined;
  column?: string | null;
  meta?: JsonObject;
  read: Field['read'];
  parse?: Field['parse'];
  after?: Field['after'];
  back?: Field['back'];
}

function make(name: string, options: FieldOptions, kind: Kind): Field {
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

/** A text of at most `max` characters; a required one must not be empty. */
export function text(name: string, options: FieldOptions = {}): Field {
  const column = options.column ?? name;
  const blank = options.blank ?? options.required !== true;
  const empty = options.nullable === true ? null : '';
  return make(name, options, {
    type: 'string',
    fill: empty,
    read: (row) => row[column] ?? empty,
    parse: (value) => {
      if (typeof value === 'object' || typeof value === 'boolean') throw new InvalidValue([says.text]);
      const trimmed = String(value).trim();
      if (trimmed === '' && !blank) throw new InvalidValue([says.blank]);
      if (options.max !== undefined && trimmed.length > options.max)
        throw new InvalidValue([says.tooLong(options.max)]);
      return trimmed;
    },
  });
}

/** An e-mail address. */
export function email(name: string, options: FieldOptions = {}): Field {
  const plain = text(name, options);
  return {
    ...plain,
    type: 'email',
    parse: (value, look) => {
      const address = plain.parse?.(value, look) ?? '';
      if (address !== '' && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(textOf(address))) throw new InvalidValue([says.email]);
      return address;
    },
  };
}

/** A whole number. */
export function integer(name: string, options: FieldOptions = {}): Field {
  const column = options.column ?? name;
  return make(name, options, {
    type: 'integer',
    fill: null,
    read: (row) => row[column] ?? null,
    parse: (value) => {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isInteger(number)) throw new InvalidValue([says.number]);
      if (options.max !== undefined && number > options.max) throw new InvalidValue([says.tooGreat(options.max)]);
      if (options.min !== undefined && number < options.min) throw new InvalidValue([says.tooSmall(options.min)]);
      return number;
    },
  });
}

/** Reads a boolean the way a form does; null when it is none. */
export function toBoolean(value: Json): boolean | null {
  if (value === true || value === 1) return true;
  if (value === false || value === 0) return false;
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  if (['true', '1', 'yes', 'on', 't', 'y'].includes(word)) return true;
  if (['false', '0', 'no', 'off', 'f', 'n'].includes(word)) return false;
  return null;
}

/** A boolean; false unless told otherwise. */
export function bool(name: string, options: FieldOptions = {}): Field {
  const column = options.column ?? name;
  return make(name, options, {
    type: 'boolean',
    fill: false,
    read: (row) => row[column] ?? false,
    parse: (value) => {
      const flag = toBoolean(value);
      if (flag === null) throw new InvalidValue([says.boolean]);
      return flag;
    },
  });
}

/** Any JSON, kept as given. */
export function json(name: string, options: FieldOptions = {}): Field {
  const column = options.column ?? name;
  return make(name, options, {
    type: 'json',
    read: (row) => row[column] ?? null,
    parse: (value) => value,
  });
}

/** A list of texts. */
export function texts(name: string, options: FieldOptions = {}): Field {
  const column = options.column ?? name;
  return make(
    name,
    { type: 'json', ...options },
    {
      type: 'list',
      fill: [],
      read: (row) => row[column] ?? [],
      parse: (value) => {
        if (!Array.isArray(value)) throw new InvalidValue([says.notAList(kindOf(value))]);
        return value.map((member) => textOf(member));
      },
    },
  );
}

/** A moment, in JumpServer's own form outside and milliseconds inside. */
export function moment(name: string, options: FieldOptions = {}): Field {
  const column = options.column ?? name;
  return make(name, options, {
    type: 'datetime',
    fill: null,
    read: (row, look) => {
      const at = row[column];
      return typeof at === 'number' ? toServerTime(at, look.zone) : null;
    },
    parse: (value, look) => {
      const at = typeof value === 'string' ? parseTime(value, look.zone) : null;
      if (at === null) throw new InvalidValue([says.time]);
      return at;
    },
    back: (value) => (typeof value === 'string' ? parseTime(value) : null),
  });
}

/** Choices as value and label pairs. */
export type Choices = Readonly<Record<string, string>>;

/** A choice as it is answered: `{value,label}`; a value outside the choices is its own label. */
export function toChoice(value: Json | undefined, choices: Choices): Json {
  if (value === null || value === undefined) return null;
  return { value, label: choices[String(value)] ?? textOf(value) };
}

/** A choice given as bare value or `{value}`, or null. */
export function bareValue(value: Json): Json {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value.value ?? null;
  return value;
}

/** One of a set of values; answered as `{value,label}`, written bare. Values that look like numbers are numbers. */
export function choice(name: string, choices: Choices, options: FieldOptions & { numeric?: boolean } = {}): Field {
  const column = options.column ?? name;
  const list = Object.entries(choices).map(([value, label]) => ({
    value: options.numeric ? Number(value) : value,
    label,
  }));
  return make(name, options, {
    type: 'labeled_choice',
    fill: null,
    meta: { choices: list },
    read: (row) => toChoice(row[column], choices),
    parse: (value) => {
      const bare = bareValue(value);
      if (bare === '' && options.blank === true) return '';
      if (bare === null || typeof bare === 'object' || !(String(bare) in choices)) {
        throw new InvalidValue([says.noChoice(bare === null ? 'null' : String(bare))]);
      }
      return options.numeric ? Number(bare) : bare;
    },
    back: bareValue,
  });
}

/** A choice that is answered bare. */
export function plainChoice(name: string, choices: Choices, options: FieldOptions = {}): Field {
  const labeled = choice(name, choices, options);
  const column = options.column ?? name;
  return { ...labeled, type: options.type ?? 'choice', read: (row) => row[column] ?? null };
}

/** The name of a JSON value's kind, as validation messages give it. */
export function kindOf(value: Json): string {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  const names: Record<string, string> = { object: 'dict', string: 'str', number: 'int', boolean: 'bool' };
  return names[typeof value] ?? 'object';
}

/** The key of a related object given as id, `{id}` or `{pk}`. */
export function keyOf(value: Json): Json {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value.pk ?? value.id ?? null;
  return value;
}

/** How a related object is shown: its properties by name. */
export type Face = (row: Row, look: Look) => JsonObject;

/** The usual face: id and name. */
export const idAndName: Face = (row) => ({ id: row.id, name: row.name ?? row.value ?? '' });

/** Finds the related row an input value names, within what the caller's organisation may see. */
export function toRelated(table: string, value: Json, look: Look): Row {
  const key = keyOf(value);
  if (typeof key !== 'string' && typeof key !== 'number') {
    if (key !== null) throw new InvalidValue([says.noObject(JSON.stringify(key))]);
    throw new InvalidValue([says.isNull]);
  }
  const rows = look.world.store.table(table);
  const row =
    rows.get(normalKey(key)) ?? (typeof key === 'string' && /^\d+$/.test(key) ? rows.get(Number(key)) : undefined);
  if (row === undefined) {
    if (typeof key === 'string' && !isUuid(key) && !/^\d+$/.test(key)) throw new InvalidValue([says.uuid]);
    throw new InvalidValue([says.noObject(String(key))]);
  }
  return row;
}

const normalKey = (key: Id): Id => (typeof key === 'string' && isUuid(key) ? normalUuid(key) : key);

/** One related object: `{id,name,…}` or null; written as id, `{id}` or `{pk}`. */
export function ref(name: string, table: string, options: FieldOptions & { face?: Face } = {}): Field {
  const column = options.column ?? name;
  const face = options.face ?? idAndName;
  return make(name, options, {
    type: 'object_related_field',
    fill: null,
    read: (row, look) => {
      const other = rowOf(look.world, table, row[column]);
      return other === undefined ? null : face(other, look);
    },
    parse: (value, look) => toRelated(table, value, look).id,
    back: (value) => (value === null ? null : keyOf(value)),
  });
}

/** A related object answered and written as a bare id. */
export function bareRef(name: string, table: string, options: FieldOptions = {}): Field {
  const column = options.column ?? name;
  return make(name, options, {
    type: 'field',
    fill: null,
    read: (row) => row[column] ?? null,
    parse: (value, look) => toRelated(table, value, look).id,
  });
}

/** Several related objects whose ids stand in a list column. */
export function refs(name: string, table: string, options: FieldOptions & { face?: Face; order?: string } = {}): Field {
  const column = options.column ?? name;
  const face = options.face ?? idAndName;
  return make(name, options, {
    type: 'm2m_related_field',
    fill: [],
    read: (row, look) => relatedRows(look, table, idsOf(row[column]), options.order).map((other) => face(other, look)),
    parse: (value, look) => toRelatedIds(table, value, look),
    back: (value) => (Array.isArray(value) ? value.map(keyOf) : []),
  });
}

/** The rows of ids, in the order of a column (default name), the missing left out. */
export function relatedRows(look: Look, table: string, ids: readonly Id[], order = 'name'): Row[] {
  const rows = look.world.store.table(table);
  const found: Row[] = [];
  for (const id of ids) {
    const row = rows.get(id);
    if (row !== undefined) found.push(row);
  }
  if (found.length < 2) return found;
  return found.sort((a, b) => (textOf(a[order]) < textOf(b[order]) ? -1 : textOf(a[order]) > textOf(b[order]) ? 1 : 0));
}

/** The ids of a list of related objects; throws with every missing one named. */
export function toRelatedIds(table: string, value: Json, look: Look): Id[] {
  if (!Array.isArray(value)) throw new InvalidValue([says.notAList(kindOf(value))]);
  const ids = value.map((member) => toRelated(table, member, look).id);
  return [...new Set(ids)];
}

/** A many-to-many that stands in a table of links of its own. */
export interface Link {
  /** Table of the links. */
  table: string;
  /** Column that leads to the row itself. */
  own: string;
  /** Column that leads to the other side. */
  other: string;
  /** Table of the other side. */
  rows: string;
}

/** The ids on the other side of a row's links. */
export function linkedIds(look: Pick<Look, 'world'>, link: Link, id: Id): Id[] {
  return look.world.store
    .table(link.table)
    .where(link.own, id)
    .map((one) => one[link.other] as Id);
}

/** Makes the links of a row lead to exactly these others. */
export function setLinks(x: Exchange, link: Link, id: Id, others: readonly Id[]): void {
  const table = x.world.store.table(link.table);
  const missing = new Set(others);
  for (const one of table.where(link.own, id)) {
    if (!missing.delete(one[link.other] as Id)) table.remove(one.id);
  }
  for (const other of missing) table.insert({ id: table.nextNumber(), [link.own]: id, [link.other]: other });
}

/** Several related objects behind a table of links. */
export function linked(name: string, link: Link, options: FieldOptions & { face?: Face; order?: string } = {}): Field {
  const face = options.face ?? idAndName;
  return make(name, options, {
    type: 'm2m_related_field',
    column: null,
    read: (row, look) =>
      relatedRows(look, link.rows, linkedIds(look, link, row.id), options.order).map((other) => face(other, look)),
    parse: (value, look) => toRelatedIds(link.rows, value, look),
    after: (row, value, x) => setLinks(x, link, row.id, value as Id[]),
  });
}

/** A property that is worked out and never written. */
export function computed(name: string, type: string, read: Field['read'], options: FieldOptions = {}): Field {
  return make(name, { mode: 'ro', ...options }, { type, column: options.column ?? null, read });
}

/** A value that is only ever written; `column` null drops it. */
export function secret(name: string, options: FieldOptions = {}): Field {
  return { ...text(name, { nullable: true, ...options, mode: 'wo' }), at: '' };
}

/** The key of a row: a UUID that a client may choose on create (api.md §5.0). */
export function id(options: FieldOptions = {}): Field {
  return make('id', options, {
    type: 'string',
    read: (row) => row.id,
    parse: (value) => {
      if (typeof value !== 'string' || !isUuid(value)) throw new InvalidValue([says.uuid]);
      return normalUuid(value);
    },
  });
}

/** The key of a row with integer ids. */
export function numberId(options: FieldOptions = {}): Field {
  return make('id', { mode: 'ro', ...options }, { type: 'integer', read: (row) => row.id });
}

/** `org_id` and `org_name` of a row that belongs to an organisation. */
export function orgFields(options: FieldOptions = {}): Field[] {
  return [
    make('org_id', { mode: 'ro', ...options }, { type: 'field', read: (row) => row.org_id ?? '' }),
    computed('org_name', 'string', (row, look) => orgName(look.world, row.org_id), options),
  ];
}

/** Who made a row, as the display name of that moment. */
export function createdBy(options: FieldOptions = {}): Field {
  return text('created_by', { mode: 'ro', fill: (look) => textOf(look.user?.name) || 'System', ...options });
}

/** Who changed a row last. */
export function updatedBy(options: FieldOptions = {}): Field {
  return text('updated_by', { mode: 'ro', fill: (look) => textOf(look.user?.name) || 'System', ...options });
}

/** When a row was made. */
export function dateCreated(options: FieldOptions = {}): Field {
  return moment('date_created', { mode: 'ro', fill: (look) => look.world.now(), ...options });
}

/** When a row was changed last; kept by the write path. */
export function dateUpdated(options: FieldOptions = {}): Field {
  return moment('date_updated', { mode: 'ro', fill: (look) => look.world.now(), ...options });
}

/** Permission bits by name (api.md §5.9). */
export const ACTIONS: Choices = {
  connect: 'Connect',
  upload: 'Upload',
  download: 'Download',
  copy: 'Copy',
  paste: 'Paste',
  delete: 'Delete',
  share: 'Share',
};

/** Actions of a grant: `[{value,label}]`, written as names, `all` for every one. */
export function actions(name: string, options: FieldOptions = {}): Field {
  const column = options.column ?? name;
  const every = Object.keys(ACTIONS);
  return make(name, options, {
    type: 'tree',
    fill: every,
    read: (row) => idsOf(row[column]).map((action) => toChoice(action, ACTIONS)),
    parse: (value) => {
      if (!Array.isArray(value)) throw new InvalidValue([says.notAList(kindOf(value))]);
      const names = value.map((member) => textOf(bareValue(member)));
      if (names.includes('all')) return every;
      const wrong = names.find((action) => !(action in ACTIONS));
      if (wrong !== undefined) throw new InvalidValue([says.noChoice(wrong)]);
      return every.filter((action) => names.includes(action));
    },
    back: (value) => (Array.isArray(value) ? value.map(bareValue) : []),
  });
}
