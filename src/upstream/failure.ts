import type { Failure } from './errors.ts';

const REFUSED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
]);
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|ISSUER|^EPROTO$/;

/**
 * What a rejected request says about itself. Unknown errors count as `reset`: the request may have arrived.
 * Node and undici hide the system's code in `cause` (and in the parts of an `AggregateError`).
 */
export const toFailure = (error: unknown): Exclude<Failure, 'circuit open'> => {
  const codes = collectCodes(error, []);
  if (codes.some((code) => REFUSED.has(code))) return 'refused';
  if (codes.some((code) => CERTIFICATE.test(code))) return 'certificate';
  return 'reset';
};

const collectCodes = (error: unknown, codes: string[]): readonly string[] => {
  if (!(error instanceof Error) || codes.length > 10) return codes;
  if ('code' in error && typeof error.code === 'string') codes.push(error.code);
  if (error instanceof AggregateError) for (const part of error.errors) collectCodes(part, codes);
  return collectCodes(error.cause, codes);
};
