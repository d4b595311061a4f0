import type { Json } from './types.ts';

/** An answer that is an error: thrown anywhere in a handler, answered by the front (api.md §1.7). */
export class ApiError extends Error {
  readonly status: number;
  readonly body: Json;
  readonly headers: Record<string, string>;

  constructor(status: number, body: Json, headers: Record<string, string> = {}) {
    super(`${status} ${JSON.stringify(body)}`);
    this.name = 'ApiError';
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** A crash of the server: HTML, or `{error}` when the request says it carries JSON (api.md §0.8). */
export class ServerCrash extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'ServerCrash';
  }
}

/** What is wrong with one input value: messages, or messages by place for nested values. */
export class InvalidValue extends Error {
  readonly faults: Json;

  constructor(faults: Json) {
    super(JSON.stringify(faults));
    this.name = 'InvalidValue';
    this.faults = faults;
  }
}

/** A path that leads nowhere: HTML, or `{error}` when the request says it carries JSON. */
export class NoSuchPath extends Error {}

const detail = (status: number, code: string, text: string): ApiError => new ApiError(status, { detail: text, code });

/** No credentials came, or none that are any good. */
export const notAuthenticated = (): ApiError =>
  new ApiError(
    401,
    { detail: 'Sign in first: no valid credentials came with the request.', code: 'not_authenticated' },
    { 'www-authenticate': 'Signature realm="api",headers="(request-target) date"' },
  );

/** Credentials came and were refused. */
export const authenticationFailed = (text: string): ApiError =>
  new ApiError(
    401,
    { detail: text, code: 'authentication_failed' },
    { 'www-authenticate': 'Signature realm="api",headers="(request-target) date"' },
  );

/** The caller lacks the right. */
export const forbidden = (): ApiError => detail(403, 'permission_denied', 'You may not do this.');

/** There is no such row, or not for this caller. */
export const notFound = (noun: string): ApiError =>
  detail(404, 'object_does_not_exist', `There is no such ${noun} object.`);

/** The address does not take this method. */
export const wrongMethod = (method: string): ApiError =>
  detail(405, 'method_not_allowed', `Method "${method}" is not allowed here.`);

/** The server does not do this, with a code that says why. */
export const refused = (code: string, text: string, status = 400): ApiError => detail(status, code, text);

/** The messages of field errors, in words of our own. */
export const says = {
  required: 'This value is required.',
  blank: 'This value must not be empty.',
  isNull: 'This value must not be null.',
  unique: 'This value is taken already.',
  taken: (noun: string, field: string): string => `There is a ${noun} with this ${field} already.`,
  noChoice: (value: string): string => `"${value}" is not among the choices.`,
  noObject: (key: string): string => `Key "${key}" leads to no object.`,
  noPlatform: 'There is no such platform.',
  uuid: 'Give a valid UUID.',
  email: 'Give a valid e-mail address.',
  number: 'Give a whole number.',
  boolean: 'Give a valid boolean.',
  tooLong: (max: number): string => `No more than ${max} characters, please.`,
  tooGreat: (max: number): string => `No greater than ${max}, please.`,
  tooSmall: (min: number): string => `No less than ${min}, please.`,
  time: 'Not a time in a known form: YYYY/MM/DD hh:mm:ss +ZZZZ or ISO 8601.',
  text: 'Not a text.',
  list: 'A list is expected here.',
  notAList: (kind: string): string => `A list is expected here, not "${kind}".`,
  object: (kind: string): string => `An object is expected here, not ${kind}.`,
  together: (fields: string): string => `The values of ${fields} are taken together already.`,
};
