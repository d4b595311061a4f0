import type { Figure, ReportDocument } from '../document.ts';
import type { Overview } from '../overview.ts';
import type { TimeRange } from '../range.ts';
import { numberColumn, textColumn } from './columns.ts';

const TITLES: Readonly<Record<Exclude<keyof Overview, 'asOf'>, string>> = {
  users: 'Users',
  activeUsers: 'Active users',
  groups: 'User groups',
  assets: 'Assets',
  activeAssets: 'Active assets',
  nodes: 'Tree nodes',
  permissions: 'Permissions',
  validPermissions: 'Valid permissions',
  expiredPermissions: 'Expired permissions',
  emptyPermissions: 'Valid but empty permissions',
  pairs: 'Pairs of user and asset',
  usersWithAccess: 'Users with access',
  sessions: 'Sessions',
  failedSessions: 'Failed sessions',
  logins: 'Login attempts',
  failedLogins: 'Failed logins',
  commands: 'Commands',
  riskyCommands: 'Risky commands',
};

const KEYS = Object.keys(TITLES) as (keyof typeof TITLES)[];

/** The overview as a document: the figures, and the same as a table for formats that have no figures. */
export function toOverviewDocument(overview: Overview, organization: string, range?: TimeRange): ReportDocument {
  const figures = KEYS.map((key): Figure => ({ key, title: TITLES[key], value: overview[key] }));
  return {
    name: 'overview',
    title: 'Overview',
    organization,
    asOf: overview.asOf,
    range,
    figures,
    sections: [
      {
        key: 'figures',
        title: 'Figures',
        summary: 'What was not counted is left empty.',
        columns: [textColumn('figure', 'Figure'), numberColumn('value', 'Value')],
        rows: figures.map(({ title, value }) => ({ figure: title, value })),
      },
    ],
  };
}
