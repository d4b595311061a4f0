import type { Catalogue, InputField } from '../generated/catalogue.ts';
import { isRow, type Row } from './row.ts';
import { inputFields } from './write-body.ts';
import { quotedId, toCode, type UserErrorCode } from './write-words.ts';

/** One reason why a write was refused, as `UserError` of the SDL. */
export type UserError = {
  /** Path in the input, in input names; empty when it concerns the whole. */
  readonly field: readonly string[];
  readonly code: UserErrorCode;
  readonly message: string;
  /** Row of a list input, counted from 0. */
  readonly row?: number;
};

/** What was sent, so that a refusal can be told in terms of the input. */
export interface Sent {
  readonly catalogue: Catalogue;
  /** The input type that the body was made of. */
  readonly type: string;
  /** The body as sent: one object, or a list of them. */
  readonly body: unknown;
  /** Where the body's place in the input is, when it is not the whole. */
  readonly field?: readonly string[];
  /** Which input stands behind the rows of a list body, when it is not the row's place: path and row of each. */
  readonly rows?: readonly { readonly field: readonly string[]; readonly row: number }[];
  /** Whether each item of the list stands for one reference of the input, rather than for an object. */
  readonly isReference?: boolean;
}

/** Where a message belongs. */
interface Place {
  readonly field: readonly string[];
  /** The input type whose names stand below; undefined inside something that the input does not spell out. */
  readonly type: string | undefined;
  readonly sent: unknown;
  readonly input?: InputField | undefined;
  readonly isReference?: boolean;
  readonly row?: number;
}

/** Names under which JumpServer puts what concerns the whole (api.md §1.7). */
const WHOLE = new Set(['non_field_errors', '__all__', 'detail', 'error', 'msg', 'errors', 'message']);
const MARKS = new Set(['code', 'type', 'status', 'data']);

/**
 * Reads the body of a 400 of any shape (api.md §1.7): field errors, nested ones, aligned arrays of bulk writes, `{detail, code}`, `{error}`,
 * `{msg}`, a bare text or nothing.
 */
export function toUserErrors(refusal: unknown, sent: Sent): UserError[] {
  const errors: UserError[] = [];
  const whole: Place = { field: sent.field ?? [], type: sent.type, sent: sent.body };
  if (Array.isArray(refusal) && Array.isArray(sent.body) && isAligned(refusal)) {
    refusal.forEach((item, index) => {
      visit(sent.catalogue, item, rowPlace(sent, whole, index), errors);
    });
  } else visit(sent.catalogue, refusal, whole, errors);
  return errors.length > 0 ? errors : [toError({ message: '' }, whole)];
}

function rowPlace(sent: Sent, whole: Place, index: number): Place {
  const known = sent.rows?.[index];
  const body = Array.isArray(sent.body) ? sent.body[index] : undefined;
  return {
    field: known?.field ?? [...whole.field, String(index)],
    type: sent.isReference ? undefined : whole.type,
    sent: body,
    row: known?.row ?? index,
    ...(sent.isReference ? { isReference: true } : {}),
  };
}

/** An array that holds objects says something of each item; one of texts alone says several things of one place. */
function isAligned(items: readonly unknown[]): boolean {
  return items.some((item) => typeof item === 'object' && item !== null);
}

function visit(catalogue: Catalogue, fault: unknown, place: Place, errors: UserError[]): void {
  if (fault === null || fault === undefined) return;
  if (isRow(fault)) visitObject(catalogue, fault, place, errors);
  else if (Array.isArray(fault)) visitList(catalogue, fault, place, errors);
  else errors.push(toError({ message: String(fault) }, place));
}

function visitList(catalogue: Catalogue, items: readonly unknown[], place: Place, errors: UserError[]): void {
  const aligned = isAligned(items) && Array.isArray(place.sent);
  items.forEach((item, index) => {
    visit(catalogue, item, aligned ? itemPlace(place, index) : place, errors);
  });
}

function itemPlace(place: Place, index: number): Place {
  const sent = Array.isArray(place.sent) ? place.sent[index] : undefined;
  return { ...place, field: [...place.field, String(index)], sent };
}

function visitObject(catalogue: Catalogue, fault: Row, place: Place, errors: UserError[]): void {
  const code = typeof fault['code'] === 'string' ? fault['code'] : undefined;
  const isMarked = code !== undefined && typeof fault['detail'] === 'string';
  for (const [name, value] of Object.entries(fault)) {
    const found = place.type === undefined ? undefined : findField(catalogue, place.type, name);
    if (found) visit(catalogue, value, fieldPlace(place, found), errors);
    else if (name === place.input?.to) visit(catalogue, value, place, errors);
    else if (isMarked && name === 'detail') errors.push(toError({ message: String(value), code }, place));
    else if (WHOLE.has(name)) visit(catalogue, value, place, errors);
    else if (/^\d+$/.test(name) && Array.isArray(place.sent))
      visit(catalogue, value, itemPlace(place, Number(name)), errors);
    else if (!MARKS.has(name)) visitStranger(catalogue, name, value, place, errors);
  }
}

/** Something that the input has no field for: told of the whole, with JumpServer's name for it. */
function visitStranger(catalogue: Catalogue, name: string, value: unknown, place: Place, errors: UserError[]): void {
  const below: UserError[] = [];
  visit(catalogue, value, { ...place, type: undefined }, below);
  const isInside = place.isReference === true || (place.input !== undefined && place.type === undefined);
  errors.push(...below.map((error) => (isInside ? error : { ...error, message: `${name}: ${error.message}` })));
}

/** An input field and its path from where the search began. */
interface Found {
  readonly path: readonly string[];
  readonly input: InputField;
}

/** The input field that is written under this name; labels of the model are capitalised (recorded "create host empty": `Platform`). */
function findField(catalogue: Catalogue, type: string, name: string): Found | undefined {
  const fields = allFields(catalogue, type);
  const bare = name.toLowerCase().replace(/ /g, '_').replace(/_id$/, '');
  return fields.find(({ input }) => input.to === name) ?? fields.find(({ input }) => input.to === bare);
}

/** The fields of an input, with those of objects that have no name upstream. */
function allFields(catalogue: Catalogue, type: string): Found[] {
  return Object.entries(inputFields(catalogue, type)).flatMap(([name, input]) => {
    if (input.to !== '' || !input.input) return [{ path: [name], input }];
    return allFields(catalogue, input.input).map((found) => ({ ...found, path: [name, ...found.path] }));
  });
}

function fieldPlace(place: Place, { path, input }: Found): Place {
  return {
    field: [...place.field, ...path],
    type: input.input,
    sent: isRow(place.sent) ? place.sent[input.to] : undefined,
    input,
    ...(place.row === undefined ? {} : { row: place.row }),
  };
}

function toError(fault: { message: string; code?: string | undefined }, place: Place): UserError {
  const { input, sent } = place;
  const quoted = input?.list && Array.isArray(sent) ? quotedId(fault.message, sent) : undefined;
  const index = quoted === undefined || !Array.isArray(sent) ? -1 : sent.map(String).indexOf(quoted);
  const code = toCode({
    ...fault,
    sent,
    isReference: place.isReference === true || input?.noun !== undefined,
    isPlace: input !== undefined,
  });
  return {
    field: index < 0 ? place.field : [...place.field, String(index)],
    code,
    message: toMessage(echoes(fault.message, place) ? '' : fault.message, place.field),
    ...(place.row === undefined ? {} : { row: place.row }),
  };
}

/** Whether a message quotes the secret that it is about. */
function echoes(message: string, { input, sent }: Place): boolean {
  return input?.value === 'Secret' && typeof sent === 'string' && sent !== '' && message.includes(sent);
}

/** JumpServer's own words, unless they are none or tell of its inside. */
function toMessage(text: string, field: readonly string[]): string {
  const message = text.trim().slice(0, 500);
  if (message !== '' && !/:\/\/|\/api\/|Traceback|<\w+|\n\s+at /.test(message)) return message;
  return field.length > 0 ? 'JumpServer does not accept this value.' : 'JumpServer refused it and did not say why.';
}
