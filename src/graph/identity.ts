import { badInput } from './errors.ts';

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const NUMBER = /^\d{1,15}$/;

/** The kind of id that a noun has upstream. */
export type IdKind = 'UUID' | 'INT';

/** What the catalogue knows of a noun's identity. */
export interface Identified {
  readonly name: string;
  readonly id: IdKind;
  /** For rows of several types: their names are as good as its own. */
  readonly variants?: { readonly types: Readonly<Record<string, string>>; readonly other: string };
}

/** What `btoa` writes as bytes are written for a URL: every id of JumpServer's. It takes a quarter of a buffer's time. */
const PLAIN = /^[\w:-]*$/;

/** Makes the opaque global id of a row: type and JumpServer's id. */
export function toGlobalId(type: string, id: string): string {
  const text = `${type}:${id}`;
  if (!PLAIN.test(text)) return Buffer.from(text).toString('base64url');
  return btoa(text).slice(0, Math.ceil((text.length * 4) / 3));
}

/** Takes a global id apart; undefined when it is none. */
export function fromGlobalId(text: string): { type: string; id: string } | undefined {
  const [type, id, more] = Buffer.from(text, 'base64url').toString('utf8').split(':');
  if (!type || !id || more !== undefined || !/^[A-Za-z]+$/.test(type)) return undefined;
  return { type, id };
}

/** Whether this is a well-formed id of that kind; a malformed one in `ids=` would fail the whole batch (api.md §0.1). */
export function isUpstreamId(kind: IdKind, id: string): boolean {
  return kind === 'INT' ? NUMBER.test(id) : UUID.test(id);
}

/** JumpServer's own spelling of an id: lower case, with dashes. */
export function toUpstreamId(id: string): string {
  const plain = id.toLowerCase();
  if (plain.length !== 32 || plain.includes('-')) return plain;
  return plain.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Reads an `ID` argument whose type is known: the global form or JumpServer's own. Throws `BAD_USER_INPUT` that names it. */
export function toRowId(noun: Identified, value: string, argument = 'id'): string {
  if (isUpstreamId(noun.id, value)) return noun.id === 'INT' ? value : toUpstreamId(value);
  const global = fromGlobalId(value);
  if (global && isNamed(noun, global.type) && isUpstreamId(noun.id, global.id)) return toUpstreamId(global.id);
  const came =
    global && isUpstreamId('UUID', global.id) ? `the id of a ${global.type}` : JSON.stringify(value.slice(0, 80));
  const own = noun.id === 'INT' ? "JumpServer's number" : "JumpServer's UUID";
  throw badInput(`${argument}: expected the id of a ${noun.name} (global, or ${own}), got ${came}.`);
}

function isNamed({ name, variants }: Identified, type: string): boolean {
  return name === type || (variants !== undefined && [variants.other, ...Object.values(variants.types)].includes(type));
}
