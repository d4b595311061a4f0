import { isRow, type Row } from '../../graph/row.ts';

/** Parts an answer into its row and the secret that it tells this once, so that nothing reads the secret from the row. */
export function partSecret(answer: unknown, property: string): { readonly row: Row; readonly secret: string | null } {
  if (!isRow(answer)) return { row: {}, secret: null };
  const { [property]: told, ...row } = answer;
  return { row, secret: typeof told === 'string' && told !== '' ? told : null };
}
