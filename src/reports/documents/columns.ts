import type { Column } from '../document.ts';

/** A column of texts. */
export function textColumn(key: string, title: string): Column {
  return { key, title, type: 'text' };
}

/** A column of counts. */
export function numberColumn(key: string, title: string): Column {
  return { key, title, type: 'number' };
}

/** A column of moments, in milliseconds since 1970. */
export function dateColumn(key: string, title: string): Column {
  return { key, title, type: 'date' };
}
