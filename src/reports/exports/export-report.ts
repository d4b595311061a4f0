import { Readable } from 'node:stream';
import type { ReportDocument } from '../document.ts';

/** The formats of a report. */
export const REPORT_FORMATS = ['html', 'csv', 'xlsx', 'jsonl', 'json'] as const;

/** One of the formats, as in URLs and on the command line. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** What each format is called in `Content-Type`. */
export const CONTENT_TYPES: Readonly<Record<ReportFormat, string>> = {
  html: 'text/html; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  jsonl: 'application/jsonl; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

/** Asks whether a word names a format. */
export function isReportFormat(word: string): word is ReportFormat {
  return REPORT_FORMATS.some((format) => format === word);
}

/**
 * Writes a report in one format as a stream that takes rows only as fast as it is read; a failing row ends it with that
 * error. The libraries for pages and workbooks are loaded when first asked for.
 */
export async function exportReport(report: ReportDocument, format: ReportFormat): Promise<Readable> {
  switch (format) {
    case 'html':
      return Readable.from((await import('./html.ts')).toHtml(report));
    case 'csv':
      return Readable.from((await import('./csv.ts')).toCsv(report));
    case 'xlsx':
      return (await import('./xlsx.ts')).toXlsx(report);
    case 'jsonl':
      return Readable.from((await import('./jsonl.ts')).toJsonLines(report));
    case 'json':
      return Readable.from((await import('./json.ts')).toJson(report));
  }
}
