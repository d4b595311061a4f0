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
  const picture = init(null, null, { renderer: 'svg', ssr: true, width: 900, height: 320 });
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

function toOption(chart: Chart, columns: readonly Column[], rows: readonly Row[]) {
  const labels = rows.map((row) => String(row[chart.category] ?? ''));
  const axis = { axisLabel: { color: COLORS.ink }, axisLine: { lineStyle: { color: COLORS.line } } };
  return {
    animation: false,
    color: [COLORS['series-1'], COLORS['series-2'], COLORS['series-3']],
    textStyle: { color: COLORS.ink, fontFamily: 'system-ui, sans-serif' },
    legend: { show: chart.values.length > 1, top: 0, textStyle: { color: COLORS.ink } },
    grid: { left: 8, right: 8, top: 36, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'category',
      data: labels,
      ...axis,
      axisLabel: { color: COLORS.ink, rotate: labels.length > 8 ? 35 : 0 },
    },
    yAxis: { type: 'value', minInterval: 1, ...axis, splitLine: { lineStyle: { color: COLORS.line } } },
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
