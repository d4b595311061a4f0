import { PassThrough, type Readable, type Writable } from 'node:stream';
import Excel from 'exceljs';
import { type Cell, type Column, type ReportDocument, type Section, toParameterTitle } from '../document.ts';

/** After so many rows the writer waits until what was written has been taken: exceljs itself never does. */
const BREATH = 200;

/** A sheet cannot hold more rows; a longer section goes on in another sheet. */
const SHEET_ROWS = 1_048_575;

/** Nor a cell a longer text: Excel takes such a file for damaged. */
const CELL_LENGTH = 32_767;

const WIDTHS: Readonly<Record<Column['type'], number>> = { text: 28, number: 12, date: 20, duration: 12, boolean: 10 };

/**
 * Writes a report as a workbook, one sheet a section, in flat memory: typed cells (dates are dates, in UTC), a header that
 * stays in view, a filter on every column. Texts are stored as texts, so none is ever taken for a formula.
 */
export function toXlsx(report: ReportDocument): Readable {
  const output = new PassThrough();
  write(report, output).catch((error: unknown) =>
    output.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return output;
}

async function write(report: ReportDocument, output: PassThrough): Promise<void> {
  const book = new Excel.stream.xlsx.WorkbookWriter({ stream: output, useStyles: true, useSharedStrings: false });
  book.title = report.title;
  book.created = new Date(report.asOf);
  writeHead(book, report);
  const brake = createBrake(output);
  for (const section of report.sections) await writeSection(book, section, brake);
  await book.commit();
}

type Book = Excel.stream.xlsx.WorkbookWriter;

function writeHead(book: Book, report: ReportDocument): void {
  const sheet = book.addWorksheet('Report');
  sheet.columns = [{ width: 28 }, { width: 28, style: { numFmt: 'yyyy-mm-dd hh:mm:ss' } }];
  const lines: [string, string | Date][] = [
    ['Report', report.title],
    ['Organization', toText(report.organization)],
    ['As of (UTC)', new Date(report.asOf)],
    ...(report.range
      ? [
          ['From (UTC)', new Date(report.range.from)] as [string, Date],
          ['To (UTC)', new Date(report.range.to)] as [string, Date],
        ]
      : []),
    ...(report.madeBy === undefined ? [] : [['Made by', toText(report.madeBy)] as [string, string]]),
    ...Object.entries(report.parameters ?? {}).map(([name, value]): [string, string] => [
      toParameterTitle(name),
      value,
    ]),
  ];
  for (const line of lines) sheet.addRow(line).commit();
  for (const { title, value } of report.figures) {
    const row = sheet.addRow([title, value]);
    row.getCell(2).numFmt = '#,##0';
    row.commit();
  }
  sheet.commit();
}

async function writeSection(book: Book, section: Section, brake: Brake): Promise<void> {
  let sheet = addSheet(book, section, 1);
  let count = 0;
  for await (const row of section.rows) {
    if (count > 0 && count % SHEET_ROWS === 0) {
      closeSheet(sheet, section);
      sheet = addSheet(book, section, count / SHEET_ROWS + 1);
    }
    sheet.addRow(section.columns.map((column) => toCell(column, row[column.key]))).commit();
    count += 1;
    if (count % BREATH === 0) await brake(sheet);
  }
  closeSheet(sheet, section);
}

function addSheet(book: Book, section: Section, part: number): Excel.Worksheet {
  const name = toSheetName(part === 1 ? section.title : `${section.title.slice(0, 26)} ${part}`);
  const sheet = book.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = section.columns.map((column) => ({
    header: column.title,
    width: WIDTHS[column.type],
    style: toStyle(column),
  }));
  const header = sheet.getRow(1);
  header.font = { bold: true };
  header.commit();
  return sheet;
}

function closeSheet(sheet: Excel.Worksheet, section: Section): void {
  sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: section.columns.length } };
  sheet.commit();
}

/** Waits until the zip has taken what was written of a sheet. */
type Brake = (sheet: Excel.Worksheet) => Promise<void>;

/** Makes the brake of a workbook; it throws when the reader has gone, since then nobody takes anything any more. */
function createBrake(output: PassThrough): Brake {
  let release = () => {};
  output.once('close', () => release());
  return async (sheet) => {
    const entrance = entranceOf(sheet);
    await new Promise<void>((resolve) => {
      release = resolve;
      // Nothing is written here: the answer comes when all before it is taken.
      if (output.destroyed) resolve();
      else entrance.write('', () => resolve());
    });
    if (output.destroyed) throw new Error('The reader of the workbook went away');
  };
}

/** Where the zip takes a sheet in. exceljs writes into a stream of its own that is never full, and that one into this. */
function entranceOf(sheet: Excel.Worksheet): Writable {
  // exceljs declares no types of its streaming sheets.
  const { stream } = sheet as unknown as { readonly stream: { readonly pipes: readonly Writable[] } };
  const [entrance] = stream.pipes;
  if (!entrance) throw new Error('exceljs writes its sheets otherwise than it did: nothing to wait for');
  return entrance;
}

function toCell(column: Column, cell: Cell | undefined): string | number | boolean | Date | null {
  if (cell === undefined || cell === null) return null;
  if (column.type === 'date' && typeof cell === 'number') return new Date(cell);
  if (typeof cell === 'string') return toText(cell);
  return column.type === 'duration' && typeof cell === 'number' ? cell / 86_400 : cell;
}

/** exceljs leaves out what XML cannot hold, but for these two. */
function toText(text: string): string {
  const whole = text.replaceAll(/[\ufffe\uffff]/g, '');
  return whole.length > CELL_LENGTH ? `${whole.slice(0, CELL_LENGTH - 1)}…` : whole;
}

function toStyle({ type }: Column): Partial<Excel.Style> {
  if (type === 'date') return { numFmt: 'yyyy-mm-dd hh:mm:ss' };
  if (type === 'duration') return { numFmt: '[h]:mm:ss' };
  return type === 'number' ? { numFmt: '#,##0' } : {};
}

/** Excel refuses some signs in the names of sheets, and names longer than 31. */
function toSheetName(title: string): string {
  return title.replaceAll(/[*?:/\\[\]]/g, ' ').slice(0, 31);
}
