import {
  coerceInputValue,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isScalarType,
} from 'graphql';
import type { FileRow } from './import-file.ts';

/** What is wrong with a row of a file before it is sent. */
export interface RowFault {
  readonly field: string;
  readonly message: string;
}

/** A row as the graph takes it, or what is wrong with it. */
export type FileInput = { readonly input: FileRow } | { readonly faults: readonly RowFault[] };

/**
 * Makes the input of a row out of texts. A column is named as the input's field; a dot goes into an object or a list (`database.name`,
 * `accounts.0.username`); items of a list are separated by semicolons, a protocol is written `ssh:22`.
 */
export function toFileInput(type: GraphQLInputObjectType, row: FileRow): FileInput {
  const faults: RowFault[] = [];
  const tree = emptyTree();
  for (const [column, value] of Object.entries(row)) place(tree, column.split('.'), value);
  const input = toValue(type, tree);
  coerceInputValue(input, type, (path, value, error) => {
    // The value itself is not repeated: it may be a secret.
    const tell = (text: string) => (text.slice(1, -1) === String(value) ? UNTOLD : known(type, text));
    faults.push({ field: path.join('.'), message: error.message.replace(/"(?:[^"\\]|\\.)*"/g, tell) });
  });
  return faults.length > 0 ? { faults } : { input: input as FileRow };
}

/** Names of fields and types may be quoted, what stands in the file may not. */
function known(type: GraphQLInputObjectType, text: string): string {
  const name = text.slice(1, -1);
  return name in type.getFields() || /^\w+!?$/.test(name) ? text : UNTOLD;
}

const UNTOLD = '"…"';

interface Tree {
  [name: string]: unknown;
}

/** Whatever a column is called is a name of its own in it. */
function emptyTree(): Tree {
  return Object.create(null) as Tree;
}

function place(tree: Tree, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  const below = tree[name];
  const next: Tree = typeof below === 'object' && below !== null ? (below as Tree) : emptyTree();
  tree[name] = next;
  place(next, rest, value);
}

function toValue(outer: GraphQLInputType, value: unknown): unknown {
  const type = getNullableType(outer);
  if (isListType(type)) return toItems(value).map((item) => toValue(type.ofType, item));
  if (isInputObjectType(type)) return toObject(type, value);
  if (typeof value !== 'string') return value;
  if (isEnumType(type))
    return value
      .trim()
      .toUpperCase()
      .replace(/[\s-]+/g, '_');
  return isScalarType(type) ? toScalar(type.name, value) : value;
}

/** Texts are cut at semicolons; `accounts.0…` has become an object of numbers. */
function toItems(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return value.split(';').flatMap((item) => (item.trim() === '' ? [] : [item.trim()]));
  return typeof value === 'object' && value !== null ? Object.values(value) : [value];
}

function toObject(type: GraphQLInputObjectType, value: unknown): unknown {
  if (typeof value === 'string') return type.name === 'AssetProtocolInput' ? toProtocol(value) : value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = type.getFields();
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, fields[name] ? toValue(fields[name].type, inner) : inner]),
  );
}

function toProtocol(text: string): unknown {
  const at = text.lastIndexOf(':');
  const port = text.slice(at + 1).trim();
  return at < 0 || port === '' ? text : { name: text.slice(0, at).trim(), port: Number(port) };
}

function toScalar(name: string, text: string): unknown {
  if (name === 'Boolean') return toBoolean(text);
  if (name === 'Int' || name === 'Float') return Number(text);
  return text;
}

function toBoolean(text: string): unknown {
  if (/^(true|yes|1)$/i.test(text)) return true;
  return /^(false|no|0)$/i.test(text) ? false : text;
}
