import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Chart, Column, Row } from '../document.ts';

use([BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);

/** More bars than this cannot be told apart; lines over time may have as many points as there are days in a year. */
const MOST = { bar: 30, line: 400 } as const;

/**
 * ECharts wants colours it can compute with, the page wants colours that follow light and dark: these stand in for the
 * page's variables until the picture is drawn.
 */
const COLORS = {
  ink: '#010101',
  line: '#020202',
  'series-1': '#030303',
  'series-2': '#040404',
  'series-3': '#050505',
} as const;

/** Draws a chart as an SVG picture whose colours are the page's variables; empty text when there is nothing to draw. */
export function drawChart(chart: Chart, columns: readonly Column[], rows: readonly Row[]): string {
  const drawn = rows.slice(0, MOST[chart.kind]);
  if (drawn.length === 0) return '';
  const picture = init(null, null, { renderer: 'svg', ssr: true, width: 900, height: heightOf(chart, drawn) });
  picture.setOption(toOption(chart, columns, drawn));
  const svg = picture.renderToSVGString();
  picture.dispose();
  return Object.entries(COLORS).reduce((text, [name, color]) => text.replaceAll(color, `var(--${name})`), svg);
}

/** Says in words what the chart shows, for those who do not see it. */
export function describeChart(chart: Chart, columns: readonly Column[], rows: readonly Row[]): string {
  const shown = Math.min(rows.length, MOST[chart.kind]);
  const titles = chart.values.map((key) => titleOf(columns, key)).join(' and ');
  const extent = shown < rows.length ? `, the first ${shown} of ${rows.length}` : '';
  return `${chart.kind === 'bar' ? 'Bar' : 'Line'} chart: ${titles} by ${titleOf(columns, chart.category)}${extent}`;
}

/** Bars with long names lie, so that the names can be read; others stand. */
function isLying({ kind, category }: Chart, rows: readonly Row[]): boolean {
  return kind === 'bar' && rows.length > 8 && rows.some((row) => String(row[category] ?? '').length > 12);
}

function heightOf(chart: Chart, rows: readonly Row[]): number {
  return isLying(chart, rows) ? 60 + rows.length * (8 + 10 * chart.values.length) : 320;
}

function toOption(chart: Chart, columns: readonly Column[], rows: readonly Row[]) {
  const labels = rows.map((row) => String(row[chart.category] ?? ''));
  const line = { axisLine: { lineStyle: { color: COLORS.line } } };
  const lies = isLying(chart, rows);
  const label = lies ? { width: 320, overflow: 'truncate' } : { rotate: labels.length > 8 ? 35 : 0 };
  const categories = {
    type: 'category',
    data: labels,
    inverse: lies,
    ...line,
    axisLabel: { color: COLORS.ink, ...label },
  };
  const values = {
    type: 'value',
    minInterval: 1,
    ...line,
    axisLabel: { color: COLORS.ink },
    splitLine: { lineStyle: { color: COLORS.line } },
  };
  return {
    animation: false,
    color: [COLORS['series-1'], COLORS['series-2'], COLORS['series-3']],
    textStyle: { color: COLORS.ink, fontFamily: 'system-ui, sans-serif' },
    legend: { show: chart.values.length > 1, top: 0, textStyle: { color: COLORS.ink } },
    // Texts are measured without their font, which may be wider.
    grid: {
      left: lies ? 56 : 8,
      right: 8,
      top: 36,
      bottom: 8,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    ...(lies ? { xAxis: values, yAxis: categories } : { xAxis: categories, yAxis: values }),
    series: chart.values.map((key) => ({
      type: chart.kind,
      name: titleOf(columns, key),
      showSymbol: false,
      barMaxWidth: 36,
      data: rows.map((row) => Number(row[key] ?? 0)),
    })),
  };
}

function titleOf(columns: readonly Column[], key: string): string {
  return columns.find((column) => column.key === key)?.title ?? key;
}
