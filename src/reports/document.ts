/** How a column is shown and typed: dates are milliseconds since 1970, durations seconds. */
export type ColumnType = 'text' | 'number' | 'date' | 'duration' | 'boolean';

/** One column of a table. */
export interface Column {
  /** Name in JSON and in the first row of CSV. */
  readonly key: string;
  /** Name for people. */
  readonly title: string;
  readonly type: ColumnType;
  /** For machines: pages, whose width is limited, leave it out. */
  readonly isDataOnly?: boolean;
}

/** A value of a table. */
export type Cell = string | number | boolean | null;

/** One row of a table, by the columns' keys. */
export type Row = Readonly<Record<string, Cell>>;

/** A chart over the rows of a table, for those formats that can draw. */
export interface Chart {
  readonly kind: 'bar' | 'line';
  /** Key of the column along the axis. */
  readonly category: string;
  /** Keys of the number columns drawn, each a series. */
  readonly values: readonly string[];
}

/** One table of a report; its rows may come one after another from elsewhere, and can be read once. */
export interface Section {
  readonly key: string;
  readonly title: string;
  /** What the rows are, in a sentence. */
  readonly summary: string;
  readonly columns: readonly Column[];
  readonly rows: Iterable<Row> | AsyncIterable<Row>;
  readonly chart?: Chart;
}

/** One figure that stands for itself. */
export interface Figure {
  readonly key: string;
  readonly title: string;
  readonly value: number | null;
}

/** Which figures are drawn side by side. */
export interface FigureChart {
  readonly keys: readonly string[];
  /** What the figures count, such as `Permissions`. */
  readonly value: string;
  /** What they differ by, such as `finding`. */
  readonly category: string;
}

/** A report ready to be written in any format. */
export interface ReportDocument {
  /** As in URLs and on the command line, such as `permission-audit`. */
  readonly name: string;
  readonly title: string;
  /** Name or id of the organisation. */
  readonly organization: string;
  /** When its rows were read. */
  readonly asOf: number;
  /** Whose rights it was made with, as `Name (user name)`. */
  readonly madeBy?: string;
  /** What was asked beyond the range, by the names of the parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The stretch of time it covers, if it covers one. */
  readonly range?: { readonly from: number; readonly to: number } | undefined;
  readonly figures: readonly Figure[];
  /** Figures of one kind, to be drawn side by side by those formats that can draw. */
  readonly figureChart?: FigureChart;
  readonly sections: readonly Section[];
}

/** The name of a parameter as people read it: `unusedForDays` is `Unused for days`. */
export function toParameterTitle(name: string): string {
  return name
    .replace(/^./, (letter) => letter.toUpperCase())
    .replaceAll(/\B[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A cell as JSON shows it: dates in ISO 8601, the rest as it is. */
export function toJsonCell(column: Column, cell: Cell | undefined): Cell {
  if (cell === undefined || cell === null) return null;
  return column.type === 'date' && typeof cell === 'number' ? new Date(cell).toISOString() : cell;
}

/** A row as JSON shows it, with every column of its table and nothing else. */
export function toJsonRow(columns: readonly Column[], row: Row): Row {
  return Object.fromEntries(columns.map((column) => [column.key, toJsonCell(column, row[column.key])]));
}
