import { constants, createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { CsvError, parse } from 'csv-parse';
import exceljs from 'exceljs';
import { badInput } from '../graph/errors.ts';

/** A row of a file: texts by column, or in JSON lines whatever stands there. */
export type FileRow = Readonly<Record<string, unknown>>;

/** Reads the rows of a CSV, XLSX or JSON lines file, one after the other. Empty cells and empty lines are left out. Throws `BAD_USER_INPUT` for any other file, and for one that can't be read. */
export async function* readRows(path: string): AsyncGenerator<FileRow> {
  await access(path, constants.R_OK).catch(() => {
    throw badInput(`${path}: expected a file that can be read.`);
  });
  switch (extname(path).toLowerCase()) {
    case '.csv':
      yield* readCsv(path);
      return;
    case '.xlsx':
      yield* readWorkbook(path);
      return;
    case '.jsonl':
    case '.ndjson':
      yield* readLines(path);
      return;
    default:
      throw badInput(`${path}: expected a file that ends in .csv, .xlsx or .jsonl.`);
  }
}

async function* readCsv(path: string): AsyncGenerator<FileRow> {
  const parser = createReadStream(path).pipe(
    parse({ columns: toColumns, bom: true, trim: true, skip_empty_lines: true }),
  );
  try {
    for await (const record of parser) yield withoutEmpty(record as FileRow);
  } catch (error) {
    throw error instanceof CsvError ? badInput(`Line ${error.lines}: ${CSV_FAULTS[error.code] ?? error.code}.`) : error;
  }
}

/** The names of the columns. Throws `BAD_USER_INPUT` when one stands there twice: only one of its cells could be taken. */
function toColumns(names: readonly string[]): string[] {
  const twice = names.find((name, at) => name !== '' && names.indexOf(name) < at);
  if (twice !== undefined) throw badInput(`Line 1: the column ${JSON.stringify(twice)} stands there twice.`);
  return [...names];
}

/** In our words: those of the package quote the cell, which may hold a secret. */
const CSV_FAULTS: Readonly<Record<string, string>> = {
  CSV_RECORD_INCONSISTENT_COLUMNS: 'expected as many cells as the first line names columns',
  INVALID_OPENING_QUOTE: 'expected quotes around the whole cell',
  CSV_INVALID_CLOSING_QUOTE: 'expected quotes around the whole cell, those inside it doubled',
  CSV_QUOTE_NOT_CLOSED: 'expected the quotes to be closed',
};

/** The first sheet, whose first row names the columns. */
async function* readWorkbook(path: string): AsyncGenerator<FileRow> {
  const workbook = new exceljs.Workbook();
  await workbook.xlsx.readFile(path);
  const [sheet] = workbook.worksheets;
  if (!sheet) return;
  const names = new Map<number, string>();
  sheet.getRow(1).eachCell((cell, column) => {
    names.set(column, cell.text.trim());
  });
  toColumns([...names.values()]);
  for (let number = 2; number <= sheet.rowCount; number++) {
    const row = sheet.getRow(number);
    const record = withoutEmpty(
      Object.fromEntries([...names].map(([column, name]) => [name, row.getCell(column).text.trim()])),
    );
    if (Object.keys(record).length > 0) yield record;
  }
}

async function* readLines(path: string): AsyncGenerator<FileRow> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() !== '') yield toRecord(line, number);
  }
}

function toRecord(line: string, number: number): FileRow {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as FileRow;
  } catch {
    // Told below, without quoting what may hold a secret.
  }
  throw badInput(`Line ${number}: expected a JSON object.`);
}

function withoutEmpty(record: FileRow): FileRow {
  return Object.fromEntries(Object.entries(record).filter(([name, value]) => name !== '' && value !== ''));
}
