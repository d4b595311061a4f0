import { InvalidValue, ServerCrash, says } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { toBoolean } from './fields.ts';
import { isUuid, normalUuid } from './ids.ts';
import type { Filter } from './resource.ts';
import type { Row, SandboxVersion } from './types.ts';
import { isIn } from './versions.ts';
import { textOf } from './world.ts';

/** Rows whose column equals the value exactly. */
export function exact(column: string): Filter {
  return (value) => (value === '' ? null : { column, values: new Set([value]) });
}

/** Rows whose column equals the value, letters' case aside. */
export function iexact(column: string): Filter {
  return (value) => (value === '' ? null : (row) => textOf(row[column]).toLowerCase() === value.toLowerCase());
}

/** Rows whose column contains the value, letters' case aside. */
export function contains(column: string): Filter {
  return (value) => (value === '' ? null : (row) => textOf(row[column]).toLowerCase().includes(value.toLowerCase()));
}

/** Rows whose column starts with the value. */
export function startsWith(column: string): Filter {
  return (value) => (value === '' ? null : (row) => textOf(row[column]).startsWith(value));
}

/** Rows whose column is, or holds, this UUID; anything else is refused. */
export function uuid(column: string): Filter {
  return (value) => {
    if (value === '') return null;
    if (!isUuid(value)) throw new InvalidValue([says.uuid]);
    return { column, values: new Set([normalUuid(value)]) };
  };
}

/** Rows whose column is, or holds, the key of a row of another table; an unknown key is refused. */
export function related(column: string, table: string): Filter {
  return (value, x) => {
    if (value === '') return null;
    const rows = x.world.store.table(table);
    const row = isUuid(value) ? rows.get(normalUuid(value)) : /^\d+$/.test(value) ? rows.get(Number(value)) : undefined;
    if (row === undefined) throw new InvalidValue([isUuid(value) ? says.noChoice(value) : says.uuid]);
    return { column, values: new Set([row.id]) };
  };
}

/** Rows whose column is this whole number. */
export function number(column: string): Filter {
  return (value) => {
    if (value === '') return null;
    const wanted = Number(value);
    if (!Number.isFinite(wanted)) throw new InvalidValue([says.number]);
    return { column, values: new Set([wanted]) };
  };
}

/** Rows whose boolean column is so; unknown words say nothing, as upstream's form widgets have it. */
export function flag(column: string): Filter {
  return (value) => {
    const wanted = toBoolean(value);
    return wanted === null ? null : { column, values: new Set([wanted]) };
  };
}

/** A filter that servers before `version` do not know, so that they answer everything. */
export function since(version: SandboxVersion, filter: Filter): Filter {
  return (value, x) => (isIn(x.world.version, { since: version }) ? filter(value, x) : null);
}

/** Rows for which something worked out is so. */
export function flagOf(test: (row: Row, x: Exchange) => boolean): Filter {
  return (value, x) => {
    const wanted = toBoolean(value);
    return wanted === null ? null : (row) => test(row, x) === wanted;
  };
}

/** Rows whose column is one of the choices; another word is refused. */
export function oneOf(column: string, choices: Readonly<Record<string, string>>, numeric = false): Filter {
  return (value) => {
    if (value === '') return null;
    if (!(value in choices)) throw new InvalidValue([says.noChoice(value)]);
    return { column, values: new Set([numeric ? Number(value) : value]) };
  };
}

/** Rows whose reference leads to the row with this id or name. */
export function idOrName(column: string, table: string): Filter {
  return (value, x) => {
    if (value === '') return null;
    const rows = x.world.store.table(table);
    if (isUuid(value)) return { column, values: new Set([normalUuid(value)]) };
    const found = /^\d+$/.test(value) ? rows.where('id', Number(value)) : rows.where('name', value);
    return { column, values: new Set(found.map((row) => row.id)) };
  };
}

/** The ids of a comma-separated list; a malformed one crashes the server, as it does upstream (api.md §0.1). */
export function idList(value: string, key: 'uuid' | 'int'): Set<string | number> {
  const parts = value.split(',').filter((part) => part !== '');
  return new Set(
    parts.map((part) => {
      if (key === 'int') {
        if (!/^\d+$/.test(part.trim())) throw new ServerCrash(`not a number: ${part}`);
        return Number(part);
      }
      if (!isUuid(part.trim())) throw new ServerCrash(`not a uuid: ${part}`);
      return normalUuid(part.trim());
    }),
  );
}
