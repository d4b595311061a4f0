/** What stands in a table. */
export type Cell = string | number;

/** A heading with the room that Markdown wants. */
export const heading = (text: string): string => `\n## ${text}\n\n`;

/** A Markdown table. */
export function table(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

/** How many times as much one is of another. */
export const ratio = (value: number, of: number): string => (of > 0 ? `× ${(value / of).toFixed(2)}` : '');
