import { ALL_ACTIONS, toActionNames } from '../../access/actions.ts';
import type { ReportDocument, Row, Section } from '../document.ts';
import type { UnusedParts } from '../least-privilege.ts';
import { AUDIT_SECTIONS, type AuditFinding, type AuditSection, type PermissionAudit } from '../permission-audit.ts';
import { dateColumn, numberColumn, textColumn } from './columns.ts';

const TEXTS: Readonly<Record<AuditSection, readonly [title: string, summary: string]>> = {
  expired: ['Expired', 'Permissions whose time is over; they give nothing and can be removed.'],
  expiring: ['Expiring', 'Permissions that end soon, by who granted them: extend them, or let them go.'],
  neverExpiring: ['Never expiring', 'Permissions without an end within the next twenty years.'],
  unused: ['Unused', 'Permissions none of whose users opened a session on any of their assets.'],
  redundant: ['Redundant', 'Permissions that could go without anybody losing anything, because others give all of it.'],
  shadowed: ['Shadowed', 'Redundant permissions that lie wholly inside one wider permission.'],
  overBroad: ['Over-broad', 'Permissions that open all accounts of everything there is.'],
  withoutSubject: ['Without subject', 'Permissions that reach no user.'],
  withoutResource: ['Without resource', 'Permissions that reach no asset.'],
};

const COLUMNS = [
  textColumn('permission', 'Permission'),
  // For people, section and detail say it.
  { ...textColumn('reason', 'Reason'), isDataOnly: true },
  textColumn('detail', 'Detail'),
  { ...dateColumn('startsAt', 'Starts'), isDataOnly: true },
  dateColumn('expiresAt', 'Expires'),
  { key: 'isActive', title: 'Active', type: 'boolean' },
  textColumn('actions', 'Actions'),
  textColumn('accounts', 'Accounts'),
  numberColumn('users', 'Users'),
  numberColumn('userGroups', 'Groups'),
  numberColumn('assets', 'Assets'),
  numberColumn('nodes', 'Nodes'),
  { ...textColumn('createdBy', 'Created by'), isDataOnly: true },
  { ...textColumn('id', 'Id'), isDataOnly: true },
] as const;

/** What ends soon is somebody's to extend, so the page shows whose. */
const EXPIRING_COLUMNS = COLUMNS.map((column) => {
  if (column.key === 'createdBy') return textColumn(column.key, column.title);
  return column.key === 'isActive' ? { ...column, isDataOnly: true } : column;
});

/** The audit as a document, one section a question; `parts` adds what of used permissions was not used. */
export function toPermissionAuditDocument(
  audit: PermissionAudit,
  organization: string,
  parts: Iterable<UnusedParts> = [],
): ReportDocument {
  const sections: Section[] = AUDIT_SECTIONS.map((key) => {
    const [title, summary] = TEXTS[key];
    const columns = key === 'expiring' ? EXPIRING_COLUMNS : COLUMNS;
    return { key, title, summary, columns, rows: audit[key].map(toRow) };
  });
  const accounts: Section = {
    key: 'unusedAccounts',
    title: 'Unused accounts',
    summary: 'Used permissions that name accounts nobody used: these names could be taken out.',
    columns: COLUMNS,
    rows: audit.unusedAccounts.map(toRow),
  };
  const figures = AUDIT_SECTIONS.map((key) => ({ key, title: TEXTS[key][0], value: audit[key].length }));
  return {
    name: 'permission-audit',
    title: 'Permission audit',
    organization,
    asOf: audit.asOf,
    range: audit.range,
    figureChart: { keys: AUDIT_SECTIONS, value: 'Permissions', category: 'finding' },
    figures: [...figures, { key: 'sessions', title: 'Sessions looked at', value: audit.sessions }],
    sections: [...sections, accounts, partsSection(parts)],
  };
}

function partsSection(parts: Iterable<UnusedParts>): Section {
  return {
    key: 'unusedParts',
    title: 'Unused parts',
    summary: 'Used permissions some of whose users or assets had no session: these could be taken out.',
    columns: [
      textColumn('permission', 'Permission'),
      numberColumn('usedPairs', 'Pairs used'),
      numberColumn('unusedUsers', 'Users without a session'),
      numberColumn('unusedAssets', 'Assets without a session'),
      textColumn('userNames', 'Such users'),
      textColumn('assetNames', 'Such assets'),
    ],
    rows: toPartRows(parts),
  };
}

function* toPartRows(parts: Iterable<UnusedParts>): Generator<Row> {
  for (const { permission, usedPairs, users, assets } of parts) {
    yield {
      permission: permission.name,
      usedPairs,
      unusedUsers: users.length,
      unusedAssets: assets.length,
      userNames: someNames(users),
      assetNames: someNames(assets),
    };
  }
}

/** The first names; the count beside them says how many there are. */
function someNames(rows: readonly { readonly name: string }[]): string {
  const names = rows.slice(0, 20).map(({ name }) => name);
  return names.join(', ') + (rows.length > names.length ? ' …' : '');
}

function toRow({ permission, reason, detail }: AuditFinding): Row {
  return {
    permission: permission.name,
    reason,
    detail,
    startsAt: permission.startsAt,
    expiresAt: permission.expiresAt,
    isActive: permission.isActive,
    actions: permission.actions === ALL_ACTIONS ? 'all' : toActionNames(permission.actions).join(' '),
    accounts: permission.accounts.join(' '),
    users: permission.users.length,
    userGroups: permission.userGroups.length,
    assets: permission.assets.length,
    nodes: permission.nodes.length,
    createdBy: permission.createdBy,
    id: permission.id,
  };
}
