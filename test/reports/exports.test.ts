import { randomBytes } from 'node:crypto';
import { buffer, text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import Excel from 'exceljs';
import { expect, test } from 'vitest';
import type { ReportDocument, Row } from '../../src/reports/document.ts';
import { exportReport, isReportFormat, REPORT_FORMATS } from '../../src/reports/exports/export-report.ts';

const at = Date.parse('2026-06-15T12:00:00Z');
const rows: Row[] = [
  { name: '=HYPERLINK("http://evil")', at, count: 3, seconds: 3661, ok: true },
  { name: 'a "quoted", <b>text</b>\nin two lines', at: null, count: 1, seconds: 59, ok: false },
];

test('CSV is safe in spreadsheets and comes back as it was', async () => {
  const table: string[][] = parse(await written('csv'));
  expect(table[0]).toEqual(['section', 'name', 'at', 'count', 'seconds', 'ok']);
  expect(table[1]).toEqual(['first', '\'=HYPERLINK("http://evil")', '2026-06-15T12:00:00.000Z', '3', '3661', 'true']);
  expect(table[2]).toEqual(['first', 'a "quoted", <b>text</b>\nin two lines', '', '1', '59', 'false']);
  expect(table[3]).toEqual(['second', 'x', '', '', '', '']);
});

test('CSV quotes what would begin another cell where semicolons part them, and a workbook leaves out what Excel cannot hold', async () => {
  const report = {
    ...document(),
    sections: [section('odd', [{ name: 'x;=1+1' }, { name: `\uffff${'x'.repeat(40_000)}` }])],
  };
  expect(await text(await exportReport(report, 'csv'))).toContain('\r\n"x;=1+1"\r\n');
  const book = new Excel.Workbook();
  const bytes = await buffer(await exportReport(report, 'xlsx'));
  await book.xlsx.load(bytes as unknown as Parameters<typeof book.xlsx.load>[0]);
  const [, sheet] = book.worksheets;
  expect(sheet?.getRow(3).getCell(1).value).toBe(`${'x'.repeat(32_766)}…`);
});

test('JSON holds everything, dates in ISO 8601', async () => {
  expect(JSON.parse(await written('json'))).toEqual({
    report: 'test-report',
    title: 'Test <report>',
    organization: 'Firm',
    asOf: '2026-06-15T12:00:00.000Z',
    madeBy: 'Ann </style> (ann)',
    parameters: { unusedForDays: '90' },
    range: { from: '1970-01-01T00:00:00.000Z', to: '2026-06-15T12:00:00.000Z' },
    figures: { total: 1234 },
    sections: {
      first: [
        { name: '=HYPERLINK("http://evil")', at: '2026-06-15T12:00:00.000Z', count: 3, seconds: 3661, ok: true },
        { name: 'a "quoted", <b>text</b>\nin two lines', at: null, count: 1, seconds: 59, ok: false },
      ],
      second: [{ name: 'x' }],
      third: [],
    },
  });
});

test('JSON lines begin with what the report is, then one row a line', async () => {
  const lines = (await written('jsonl'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatchObject({ report: 'test-report', asOf: '2026-06-15T12:00:00.000Z', figures: { total: 1234 } });
  expect(lines[3]).toEqual({ section: 'second', name: 'x' });
});

test('a workbook has a sheet a section, with typed cells, a filter and no formula', async () => {
  const book = new Excel.Workbook();
  const bytes = await buffer(await exportReport(document(), 'xlsx'));
  // exceljs' own types predate the generic Buffer of @types/node.
  await book.xlsx.load(bytes as unknown as Parameters<typeof book.xlsx.load>[0]);
  expect(book.worksheets.map(({ name }) => name)).toEqual(['Report', 'The first', 'The second', 'The third']);
  const sheet = book.getWorksheet('The first');
  expect(sheet?.autoFilter).toBe('A1:E1');
  const cells = sheet?.getRow(2);
  expect(cells?.getCell(1)).toMatchObject({ type: Excel.ValueType.String, value: '=HYPERLINK("http://evil")' });
  expect(cells?.getCell(2)).toMatchObject({ type: Excel.ValueType.Date, value: new Date(at) });
  expect(cells?.getCell(3).value).toBe(3);
  expect(cells?.getCell(4)).toMatchObject({ numFmt: '[h]:mm:ss' });
  expect(cells?.getCell(5).value).toBe(true);
});

test('the page carries everything in itself: no script, no request, and every text is escaped', async () => {
  const page = await written('html');
  expect(page).toContain('<title>Test &lt;report&gt; – Firm</title>');
  expect(page).toContain('a &quot;quoted&quot;, &lt;b&gt;text&lt;/b&gt;');
  expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(/);
  expect(page.match(/(?:src|href)="(?!#)[^"]*"/g)).toBeNull();
  expect(page.replaceAll(/xmlns(:xlink)?="[^"]*"/g, '')).not.toMatch(/https?:\/\/(?!evil)/);
});

test('says of what, as of when, by whom and what was asked, on the page and in the workbook', async () => {
  const page = await written('html');
  const facts = [...page.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g)].map(([, name, value]) => [name, value]);
  expect(facts).toEqual([
    ['Organization', 'Firm'],
    ['As of', '2026-06-15 12:00:00 UTC'],
    ['Covers', '1970-01-01 00:00:00 UTC to 2026-06-15 12:00:00 UTC'],
    ['Made by', 'Ann &lt;/style&gt; (ann)'],
    ['Unused for days', '90'],
  ]);
  const book = new Excel.Workbook();
  const bytes = await buffer(await exportReport(document(), 'xlsx'));
  await book.xlsx.load(bytes as unknown as Parameters<typeof book.xlsx.load>[0]);
  const lines = book.getWorksheet('Report')?.getRows(1, 7) ?? [];
  expect(lines.map((line) => [line.getCell(1).value, line.getCell(2).value])).toEqual([
    ['Report', 'Test <report>'],
    ['Organization', 'Firm'],
    ['As of (UTC)', new Date(at)],
    ['From (UTC)', new Date(0)],
    ['To (UTC)', new Date(at)],
    ['Made by', 'Ann </style> (ann)'],
    ['Unused for days', '90'],
  ]);
});

test('each page of paper says what it belongs to; a name cannot end the style', async () => {
  const report = { ...document(), title: '"}</style><b>' };
  const page = await text(await exportReport(report, 'html'));
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
  expect(style).toMatch(/@bottom-left \{ content: "\\22 \\7d \\3c \\2f /);
  expect(style).toContain('"Page " counter(page) " of " counter(pages)');
  expect(page.split('</head>')[0]?.match(/<\/style>/g)).toHaveLength(1);
});

test('the page names its charts and tables for those who cannot see them, and draws in the colours of the page', async () => {
  const page = await written('html');
  expect(page).toContain('<figure role="img" aria-label="Bar chart: Count by Name">');
  expect(page).toContain('<figure role="img" aria-label="Bar chart: Things by kind">');
  expect(page).toContain('role="region" aria-label="The first" tabindex="0"');
  expect(page).toContain('fill="var(--series-1)"');
  expect(page).not.toMatch(/#0[1-5]0[1-5]0[1-5]/);
});

test('a page shows 2,000 rows of a long section and says how many there are', async () => {
  const many = Array.from({ length: 2500 }, (_, count) => ({ name: `row ${count}` }));
  const page = await text(await exportReport({ ...document(), sections: [section('long', many)] }, 'html'));
  expect(page).toContain('The first 2,000 of 2,500 rows');
  expect(page.match(/<tr>/g)).toHaveLength(2001);
});

test.each(REPORT_FORMATS)('a row that fails ends the %s stream with that error, not early', async (format) => {
  async function* failing(): AsyncGenerator<Row> {
    yield { name: 'x' };
    throw new Error('upstream went away');
  }
  const broken = { ...document(), sections: [section('first', failing())] };
  await expect(buffer(await exportReport(broken, format))).rejects.toThrow('upstream went away');
});

test('a format is known by its name', () => {
  expect([isReportFormat('xlsx'), isReportFormat('pdf')]).toEqual([true, false]);
});

async function written(format: 'html' | 'csv' | 'json' | 'jsonl'): Promise<string> {
  return text(await exportReport(document(), format));
}

function document(): ReportDocument {
  return {
    name: 'test-report',
    title: 'Test <report>',
    organization: 'Firm',
    asOf: at,
    madeBy: 'Ann </style> (ann)',
    parameters: { unusedForDays: '90' },
    range: { from: 0, to: at },
    figures: [{ key: 'total', title: 'Total', value: 1234 }],
    figureChart: { keys: ['total'], value: 'Things', category: 'kind' },
    sections: [
      {
        key: 'first',
        title: 'The first',
        summary: 'Two rows.',
        columns: [
          { key: 'name', title: 'Name', type: 'text' },
          { key: 'at', title: 'At', type: 'date' },
          { key: 'count', title: 'Count', type: 'number' },
          { key: 'seconds', title: 'Duration', type: 'duration' },
          { key: 'ok', title: 'OK', type: 'boolean' },
        ],
        rows,
        chart: { kind: 'bar', category: 'name', values: ['count'] },
      },
      section('second', [{ name: 'x' }]),
      section('third', []),
    ],
  };
}

function section(key: string, rows: Iterable<Row> | AsyncIterable<Row>): ReportDocument['sections'][number] {
  return { key, title: `The ${key}`, summary: '', columns: [{ key: 'name', title: 'Name', type: 'text' }], rows };
}

test('a workbook takes rows no faster than it is read', async () => {
  const total = 20_000;
  let taken = 0;
  function* many(): Generator<Row> {
    // Hexadecimal noise: half of it is left after compression.
    for (; taken < total; taken += 1) yield { name: randomBytes(256).toString('hex') };
  }
  let bytes = 0;
  let ahead = 0;
  for await (const chunk of await exportReport({ ...document(), sections: [section('many', many())] }, 'xlsx')) {
    bytes += (chunk as Buffer).length;
    ahead = Math.max(ahead, taken - bytes / 256);
  }
  expect(taken).toBe(total);
  expect(ahead).toBeLessThan(total / 20);
});

test.each([
  'csv',
  'xlsx',
  'jsonl',
  'json',
] as const)('a reader of %s who goes away ends the reading', async (format) => {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  function* endless(): Generator<Row> {
    try {
      for (;;) yield { name: randomBytes(256).toString('hex') };
    } finally {
      end();
    }
  }
  const stream = await exportReport({ ...document(), sections: [section('endless', endless())] }, format);
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += (chunk as Buffer).length;
    if (bytes > 10_000) break;
  }
  await ended;
  expect(stream.destroyed).toBe(true);
});
