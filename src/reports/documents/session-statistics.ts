import type { Chart, Column, ReportDocument, Row } from '../document.ts';
import type { SessionDimension, SessionGroup, SessionStatistics } from '../session-statistics.ts';
import { numberColumn, textColumn } from './columns.ts';

const TITLES: Readonly<Record<SessionDimension, string>> = {
  HOUR: 'Hour',
  DAY: 'Day',
  USER: 'User',
  ASSET: 'Asset',
  PROTOCOL: 'Protocol',
  LOGIN_SOURCE: 'Login source',
};

/** When and how the sessions of a document were counted. */
export interface SessionDocumentOptions {
  readonly organization: string;
  readonly asOf: number;
  readonly groupBy: readonly SessionDimension[];
}

/** Session statistics as a document with one table; a chart when one dimension was asked for. */
export function toSessionStatisticsDocument(
  statistics: SessionStatistics,
  options: SessionDocumentOptions,
): ReportDocument {
  const { organization, asOf, groupBy } = options;
  return {
    name: 'session-statistics',
    title: 'Session statistics',
    organization,
    asOf,
    range: statistics.range,
    figures: [
      { key: 'totalCount', title: 'Sessions', value: statistics.totalCount() },
      { key: 'failed', title: 'Failed', value: statistics.failedCount() },
      { key: 'groups', title: 'Groups', value: statistics.groupCount() },
    ],
    sections: [
      {
        key: 'groups',
        title: `Sessions by ${groupBy.map((dimension) => TITLES[dimension].toLowerCase()).join(' and ')}`,
        summary: 'Counted by the time they began; the duration is the sum over all sessions of a group.',
        columns: columnsOf(groupBy),
        rows: toRows(statistics),
        ...chartOf(groupBy),
      },
    ],
  };
}

function columnsOf(groupBy: readonly SessionDimension[]): Column[] {
  return [
    ...groupBy.flatMap((dimension) =>
      hasId(dimension)
        ? [
            textColumn(dimension.toLowerCase(), TITLES[dimension]),
            textColumn(`${dimension.toLowerCase()}_id`, `${TITLES[dimension]} id`),
          ]
        : [textColumn(dimension.toLowerCase(), TITLES[dimension])],
    ),
    numberColumn('count', 'Sessions'),
    numberColumn('failed', 'Failed'),
    { key: 'durationSeconds', title: 'Duration', type: 'duration' },
  ];
}

function* toRows(statistics: SessionStatistics): Generator<Row> {
  for (const group of statistics.eachGroup()) yield toRow(group);
}

function toRow({ keys, count, failed, durationSeconds }: SessionGroup): Row {
  const named = keys.flatMap(({ dimension, key, label }): [string, string][] => {
    const name = dimension.toLowerCase();
    return hasId(dimension)
      ? [
          [name, label],
          [`${name}_id`, key],
        ]
      : [[name, label]];
  });
  return { ...Object.fromEntries(named), count, failed, durationSeconds };
}

function hasId(dimension: SessionDimension): boolean {
  return dimension === 'USER' || dimension === 'ASSET';
}

function chartOf([first, second]: readonly SessionDimension[]): { chart?: Chart } {
  if (first === undefined || second !== undefined) return {};
  const kind = first === 'DAY' || first === 'HOUR' ? 'line' : 'bar';
  return { chart: { kind, category: first.toLowerCase(), values: ['count', 'failed'] } };
}
