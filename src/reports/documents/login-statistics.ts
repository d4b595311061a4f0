import type { AccessUser } from '../../access/inputs.ts';
import type { ReportDocument, Section } from '../document.ts';
import type { LoginStatistics, LoginTally } from '../login-statistics.ts';
import { dateColumn, numberColumn, textColumn } from './columns.ts';

/** Login statistics as a document; `users` are those who should have logged in, undefined when the caller may not know them. */
export function toLoginStatisticsDocument(
  statistics: LoginStatistics,
  users: readonly AccessUser[] | undefined,
  { organization, asOf }: { readonly organization: string; readonly asOf: number },
): ReportDocument {
  const without = users && statistics.withoutLogin(users);
  const news = statistics.newAddresses();
  const tallyColumns = [
    numberColumn('count', 'Attempts'),
    numberColumn('failed', 'Failed'),
    dateColumn('lastFailedAt', 'Last failure'),
  ];
  return {
    name: 'login-statistics',
    title: 'Login statistics',
    organization,
    asOf,
    range: statistics.range,
    figures: [
      { key: 'totalCount', title: 'Attempts', value: statistics.totalCount() },
      { key: 'failedCount', title: 'Failed', value: statistics.failedCount() },
      { key: 'newAddresses', title: 'New addresses', value: news.length },
      without
        ? { key: 'withoutLogin', title: 'Users without a login', value: without.length }
        : { key: 'withoutLogin', title: 'Users without a login: not visible to the caller', value: null },
    ],
    sections: [
      {
        key: 'byDay',
        title: 'Logins by day',
        summary: 'Attempts and failures of each day.',
        columns: [textColumn('day', 'Day'), numberColumn('count', 'Attempts'), numberColumn('failed', 'Failed')],
        rows: statistics.byDay().map((day) => ({ ...day })),
        chart: { kind: 'line', category: 'day', values: ['count', 'failed'] },
      },
      {
        key: 'byUser',
        title: 'Logins by user',
        summary: 'Most failures first.',
        columns: [textColumn('username', 'User name'), ...tallyColumns],
        rows: statistics.byUser().map((tally) => toRow('username', tally)),
      },
      {
        key: 'byAddress',
        title: 'Logins by address',
        summary: 'Most failures first.',
        columns: [textColumn('address', 'Address'), ...tallyColumns],
        rows: statistics.byAddress().map((tally) => toRow('address', tally)),
      },
      {
        key: 'newAddresses',
        title: 'New addresses',
        summary: 'First successful logins of a user from an address not seen for that user before.',
        columns: [
          textColumn('username', 'User name'),
          textColumn('address', 'Address'),
          textColumn('city', 'City'),
          dateColumn('at', 'At'),
        ],
        rows: news.map((found) => ({ ...found })),
      },
      ...(without ? [withoutSection(without)] : []),
    ],
  };
}

function withoutSection(users: readonly AccessUser[]): Section {
  return {
    key: 'withoutLogin',
    title: 'Users without a login',
    summary: 'Active users who did not log in.',
    columns: [textColumn('username', 'User name'), textColumn('name', 'Name'), textColumn('id', 'Id')],
    rows: users.map(({ username, name, id }) => ({ username, name, id })),
  };
}

function toRow(name: string, { key, count, failed, lastFailedAt }: LoginTally) {
  return { [name]: key, count, failed, lastFailedAt };
}
