import { type ReportDocument, type Section, toJsonRow } from '../document.ts';
import { toFigures, toHead } from './jsonl.ts';

/** Writes a report as one JSON object, row by row: head, `figures`, and `sections` with the rows of each under its key. */
export async function* toJson(report: ReportDocument): AsyncGenerator<string> {
  yield `${JSON.stringify({ ...toHead(report), figures: toFigures(report) }).slice(0, -1)},"sections":{`;
  let isFirst = true;
  for (const section of report.sections) {
    yield `${isFirst ? '' : ','}\n${JSON.stringify(section.key)}:[`;
    yield* rowsOf(section);
    yield ']';
    isFirst = false;
  }
  yield '}}\n';
}

async function* rowsOf({ columns, rows }: Section): AsyncGenerator<string> {
  let separator = '\n';
  for await (const row of rows) {
    yield separator + JSON.stringify(toJsonRow(columns, row));
    separator = ',\n';
  }
}
