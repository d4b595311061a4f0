import { stringify } from 'csv-stringify/sync';
import { type Column, type ReportDocument, type Row, toJsonCell } from '../document.ts';

/** So many rows are turned into text at once. */
const BATCH = 500;

/**
 * Writes a report as one CSV table (RFC 4180, UTF-8): a column `section` when there are several, then the columns of all
 * sections by key. Cells that a spreadsheet would take for a formula get an apostrophe before them, and those with a sign at which some
 * spreadsheets begin another cell are quoted.
 */
export async function* toCsv(report: ReportDocument): AsyncGenerator<string> {
  const columns = allColumns(report);
  const isMany = report.sections.length > 1;
  yield toText([[...(isMany ? ['section'] : []), ...columns.map(({ key }) => key)]]);
  let batch: (string | number | boolean | null)[][] = [];
  for (const section of report.sections) {
    for await (const row of section.rows) {
      batch.push([...(isMany ? [section.key] : []), ...toCells(columns, row)]);
      if (batch.length < BATCH) continue;
      yield toText(batch);
      batch = [];
    }
  }
  if (batch.length > 0) yield toText(batch);
}

function allColumns(report: ReportDocument): Column[] {
  const columns = new Map<string, Column>();
  for (const section of report.sections)
    for (const column of section.columns) columns.set(column.key, columns.get(column.key) ?? column);
  return [...columns.values()];
}

function toCells(columns: readonly Column[], row: Row) {
  return columns.map((column) => toJsonCell(column, row[column.key]));
}

function toText(rows: readonly (readonly unknown[])[]): string {
  return stringify([...rows], {
    escape_formulas: true,
    quoted_match: /[;\t]/,
    record_delimiter: '\r\n',
    cast: { boolean: String },
  });
}
