import {
  type Cell,
  type Chart,
  type Column,
  type ReportDocument,
  type Row,
  type Section,
  toParameterTitle,
} from '../document.ts';
import { describeChart, drawChart } from './chart.ts';
import { STYLE, toFootStyle } from './html-style.ts';

/** A page shows so many rows of a section and says how many there are; the other formats hold them all. */
const SHOWN_ROWS = 2000;

/**
 * Writes a report as one self-contained page: no script, no request, charts drawn beforehand, light and dark, names for
 * screen readers, scrollable tables reachable by keyboard, and a layout for paper.
 */
export async function* toHtml(report: ReportDocument): AsyncGenerator<string> {
  yield pageHead(report);
  yield figureList(report);
  yield figureChartText(report);
  yield contentsList(report);
  for (const section of report.sections) yield await sectionText(section);
  yield '</main>\n</body>\n</html>\n';
}

function pageHead(report: ReportDocument): string {
  const { title, organization, asOf } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeText(title)} – ${escapeText(organization)}</title>
<style>${STYLE}${toFootStyle(`${title} – ${organization} – ${toTime(asOf)}`)}</style>
</head>
<body>
<header>
<h1>${escapeText(title)}</h1>
<dl>${factsOf(report)
    .map(([name, value]) => `<dt>${escapeText(name)}</dt><dd>${escapeText(value)}</dd>`)
    .join('')}</dl>
</header>
<main>
`;
}

/** What an auditor asks first: of what, as of when, over which time, by whom, and what was looked for. */
function factsOf({
  organization,
  asOf,
  range,
  madeBy,
  parameters = {},
}: ReportDocument): (readonly [string, string])[] {
  return [
    ['Organization', organization],
    ['As of', toTime(asOf)],
    ...(range ? [['Covers', `${toTime(range.from)} to ${toTime(range.to)}`] as const] : []),
    ...(madeBy === undefined ? [] : [['Made by', madeBy] as const]),
    ...Object.entries(parameters).map(([name, value]) => [toParameterTitle(name), value] as const),
  ];
}

function figureList({ figures }: ReportDocument): string {
  if (figures.length === 0) return '';
  const items = figures.map(
    ({ title, value }) => `<li><span>${escapeText(title)}</span><b>${value === null ? '–' : toNumber(value)}</b></li>`,
  );
  return `<ul class="figures" aria-label="Figures">${items.join('')}</ul>\n`;
}

function figureChartText({ figures, figureChart }: ReportDocument): string {
  if (!figureChart) return '';
  const columns: Column[] = [
    { key: 'title', title: figureChart.category, type: 'text' },
    { key: 'value', title: figureChart.value, type: 'number' },
  ];
  const rows = figures
    .filter(({ key }) => figureChart.keys.includes(key))
    .map(({ title, value }): Row => ({ title, value }));
  return pictureText({ kind: 'bar', category: 'title', values: ['value'] }, columns, rows);
}

function contentsList({ sections }: ReportDocument): string {
  if (sections.length < 2) return '';
  const items = sections.map(({ key, title }) => `<li><a href="#${escapeText(key)}">${escapeText(title)}</a></li>`);
  return `<nav aria-label="Sections"><ul>${items.join('')}</ul></nav>\n`;
}

async function sectionText(section: Section): Promise<string> {
  const { rows, count } = await takeRows(section.rows);
  const { key, title, summary, columns, chart } = section;
  const shown = columns.filter((column) => !column.isDataOnly);
  const more =
    count > rows.length
      ? `<p class="note">The first ${toNumber(rows.length)} of ${toNumber(count)} rows; the CSV, XLSX and JSON forms of this report hold all.</p>`
      : '';
  return `<section id="${escapeText(key)}" aria-labelledby="${escapeText(key)}-title">
<h2 id="${escapeText(key)}-title">${escapeText(title)} <span class="count">${toNumber(count)}</span></h2>
<p>${escapeText(summary)}</p>
${chart ? pictureText(chart, columns, rows) : ''}${more}${count === 0 ? '<p class="note">None.</p>' : tableText(title, shown, rows)}
</section>
`;
}

async function takeRows(source: Section['rows']): Promise<{ rows: Row[]; count: number }> {
  const rows: Row[] = [];
  let count = 0;
  for await (const row of source) {
    if (count < SHOWN_ROWS) rows.push(row);
    count += 1;
  }
  return { rows, count };
}

function pictureText(chart: Chart, columns: readonly Column[], rows: readonly Row[]): string {
  const picture = drawChart(chart, columns, rows);
  return (
    picture &&
    `<figure role="img" aria-label="${escapeText(describeChart(chart, columns, rows))}">${picture}</figure>\n`
  );
}

function tableText(title: string, columns: readonly Column[], rows: readonly Row[]): string {
  const head = columns
    .map((column) => `<th scope="col" class="${column.type}">${escapeText(column.title)}</th>`)
    .join('');
  const body = rows
    .map((row) => `<tr>${columns.map((column) => cellText(column, row[column.key])).join('')}</tr>`)
    .join('\n');
  return `<div class="table" role="region" aria-label="${escapeText(title)}" tabindex="0"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody></table></div>`;
}

function cellText(column: Column, cell: Cell | undefined): string {
  return `<td class="${column.type}">${column.type === 'date' ? toUnbroken(toText(column, cell)) : escapeText(toText(column, cell))}</td>`;
}

/** An instant breaks between day and time, and nowhere else. */
function toUnbroken(time: string): string {
  return escapeText(time).replace(/^(\S+) (.+)$/, '<span>$1</span> <span>$2</span>');
}

function toText({ type }: Column, cell: Cell | undefined): string {
  if (cell === undefined || cell === null) return '';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (typeof cell === 'string') return cell;
  if (type === 'date') return toTime(cell);
  return type === 'duration' ? toDuration(cell) : toNumber(cell);
}

/** UTC, to the second: what an auditor can compare with a log. */
function toTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function toDuration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return `${toNumber(hours)}:${String(minutes).padStart(2, '0')}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

function toNumber(value: number): string {
  return value.toLocaleString('en-US');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
