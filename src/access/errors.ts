/** Why the engine refuses a question. */
export type AccessErrorCode = 'BAD_CURSOR' | 'BAD_SUBJECT' | 'BAD_ROW' | 'BAD_SNAPSHOT' | 'INCOMPLETE';

/** A question or an input the access engine cannot answer; the server maps the first two to `BAD_USER_INPUT`. */
export class AccessError extends Error {
  override readonly name = 'AccessError';
  readonly code: AccessErrorCode;

  constructor(code: AccessErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
