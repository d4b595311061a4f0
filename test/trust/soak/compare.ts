import type { Told } from '../alone.ts';
import { FAULT_CODES } from './faulty-network.ts';

/** An answer as the soak reads it. */
export interface SoakAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

/** What is wrong with an answer, undefined when it is right: the truth, or nulls with an error that tells of a fault. */
export function findFault(answer: SoakAnswer, told: Told): string | undefined {
  const codes = (answer.errors ?? []).map(({ extensions }) => extensions?.code ?? 'none');
  const isStruck = codes.some((code) => FAULT_CODES.has(code));
  const strange = codes.find((code) => !FAULT_CODES.has(code) && !told.codes.includes(code));
  if (strange) return `code ${strange}`;
  const missing = told.codes.find((code) => !codes.includes(code) && !isStruck);
  return missing ? `no ${missing}` : differs(answer.data, told.data, isStruck, '');
}

/** The first place where two values differ; a null is forgiven where errors say why. */
function differs(got: unknown, want: unknown, mayBeNull: boolean, path: string): string | undefined {
  if (got === null || got === undefined) {
    return want === null || want === undefined || mayBeNull ? undefined : `${path} is null without an error`;
  }
  if (Array.isArray(got)) {
    if (!Array.isArray(want) || want.length !== got.length) return `${path} has ${got.length} items`;
    return got.map((item, index) => differs(item, want[index], mayBeNull, `${path}.${index}`)).find(Boolean);
  }
  if (typeof got !== 'object') return got === want ? undefined : `${path} is ${String(got)}, not ${String(want)}`;
  if (typeof want !== 'object' || want === null) return `${path} should be null`;
  const names = [...new Set([...Object.keys(got), ...Object.keys(want)])].filter((name) => name !== 'cursor');
  return names.map((name) => differs(at(got, name), at(want, name), mayBeNull, `${path}.${name}`)).find(Boolean);
}

const at = (value: object, name: string): unknown => (value as Readonly<Record<string, unknown>>)[name];
