import { type ReportDocument, toJsonRow } from '../document.ts';

/** Writes a report as JSON lines: first what it is and its figures, then every row with the section it belongs to. */
export async function* toJsonLines(report: ReportDocument): AsyncGenerator<string> {
  yield `${JSON.stringify({ ...toHead(report), figures: toFigures(report) })}\n`;
  for (const { key, columns, rows } of report.sections) {
    for await (const row of rows) yield `${JSON.stringify({ section: key, ...toJsonRow(columns, row) })}\n`;
  }
}

/** What a report is and what it covers, as JSON formats say it. */
export function toHead({ name, title, organization, asOf, madeBy, range, parameters }: ReportDocument) {
  return {
    report: name,
    title,
    organization,
    asOf: new Date(asOf).toISOString(),
    madeBy: madeBy ?? null,
    range: range ? { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() } : null,
    parameters: parameters ?? {},
  };
}

/** The figures of a report by their keys. */
export function toFigures({ figures }: ReportDocument): Record<string, number | null> {
  return Object.fromEntries(figures.map(({ key, value }) => [key, value]));
}
