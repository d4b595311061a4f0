import { isRow, type Json } from '../../graph/row.ts';

/** Names under which a secret may stand. */
const SECRET = /secret|pass|token|key|credential|private|auth/i;

/** User name and password inside an address. */
const USER_INFO = /\/\/[^/@\s]*@/g;

/** Settings without what could be a secret: names that sound like one are left out, and user names and passwords in addresses. */
export function withoutSecrets(value: Json): Json {
  if (typeof value === 'string') return value.replace(USER_INFO, '//');
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isRow(value)) return value ?? null;
  const kept = Object.entries(value).filter(([name]) => !SECRET.test(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutSecrets(inner)]));
}
