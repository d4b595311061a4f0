import { InvalidValue, says } from './errors.ts';
import { type Field, type FieldOptions, makeField } from './field.ts';
import { isUuid, normalUuid } from './ids.ts';
import { parseTime, toServerTime } from './time.ts';
import type { Json } from './types.ts';
import { idsOf, isObject, orgName, textOf } from './world.ts';

/** A text of at most `max` characters; a required one must not be empty. */
export function text(name: string, options: FieldOptions = {}): Field {
  const column = options.column ?? name;
  const blank = options.blank ?? options.required !== true;
  const empty = options.nullable === true ? null : '';
  return makeField(name, options, {
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
  return makeField(name, options, {
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
  return makeField(name, options, {
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
  return makeField(name, options, {
    type: 'json',
    read: (row) => row[column] ?? null,
    parse: (value) => value,
  });
}

/** A list of texts. */
export function texts(name: string, options: FieldOptions = {}): Field {
  const column = options.column ?? name;
  return makeField(
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
  return makeField(name, options, {
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
  if (isObject(value)) return value.value ?? null;
  return value;
}

/** One of a set of values; answered as `{value,label}`, written bare. Values that look like numbers are numbers. */
export function choice(name: string, choices: Choices, options: FieldOptions & { numeric?: boolean } = {}): Field {
  const column = options.column ?? name;
  const list = Object.entries(choices).map(([value, label]) => ({
    value: options.numeric ? Number(value) : value,
    label,
  }));
  return makeField(name, options, {
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

/** A property that is worked out and never written. */
export function computed(name: string, type: string, read: Field['read'], options: FieldOptions = {}): Field {
  return makeField(name, { mode: 'ro', ...options }, { type, column: options.column ?? null, read });
}

/** A value that is only ever written; `column` null drops it. */
export function secret(name: string, options: FieldOptions = {}): Field {
  return { ...text(name, { nullable: true, ...options, mode: 'wo' }), at: '' };
}

/** The key of a row: a UUID that a client may choose on create (api.md §5.0). */
export function id(options: FieldOptions = {}): Field {
  return makeField('id', options, {
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
  return makeField('id', { mode: 'ro', ...options }, { type: 'integer', read: (row) => row.id });
}

/** `org_id` and `org_name` of a row that belongs to an organisation. */
export function orgFields(options: FieldOptions = {}): Field[] {
  return [
    makeField('org_id', { mode: 'ro', ...options }, { type: 'field', read: (row) => row.org_id ?? '' }),
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
  return makeField(name, options, {
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
