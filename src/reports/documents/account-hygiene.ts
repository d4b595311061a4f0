import type { AccountHygiene } from '../account-hygiene.ts';
import type { ReportDocument, Row } from '../document.ts';
import type { AccountFact } from '../facts.ts';
import { dateColumn, numberColumn, textColumn } from './columns.ts';

const ACCOUNT_COLUMNS = [
  textColumn('username', 'Account'),
  textColumn('asset', 'Asset'),
  textColumn('secretType', 'Secret type'),
  { key: 'isPrivileged', title: 'Privileged', type: 'boolean' },
  dateColumn('verifiedAt', 'Verified'),
  dateColumn('secretChangedAt', 'Secret changed'),
] as const;

/** Account hygiene as a document. */
export function toAccountHygieneDocument(hygiene: AccountHygiene, organization: string): ReportDocument {
  const [never, old, reachable] = [hygiene.neverVerified(), hygiene.oldSecrets(), hygiene.reachableByMany()];
  return {
    name: 'account-hygiene',
    title: 'Account hygiene',
    organization,
    asOf: hygiene.asOf,
    figures: [
      { key: 'totalCount', title: 'Accounts', value: hygiene.totalCount() },
      { key: 'privilegedCount', title: 'Active privileged', value: hygiene.privilegedCount() },
      { key: 'neverVerified', title: 'Never verified', value: never.length },
      { key: 'oldSecrets', title: 'Old secrets', value: old.length },
      { key: 'reachableByMany', title: 'Reachable by many', value: reachable.length },
    ],
    sections: [
      {
        key: 'reachableByMany',
        title: 'Privileged accounts reachable by many',
        summary: 'Active privileged accounts by the number of users who may open them now.',
        columns: [numberColumn('users', 'Users'), ...ACCOUNT_COLUMNS],
        rows: reachable.map(({ account, users }) => ({ users, ...toRow(account) })),
      },
      {
        key: 'oldSecrets',
        title: 'Old secrets',
        summary: 'Active accounts whose secret was not changed for longer than asked, oldest first.',
        columns: [...ACCOUNT_COLUMNS, textColumn('detail', 'Detail')],
        rows: old.map(({ account, detail }) => ({ ...toRow(account), detail })),
      },
      {
        key: 'neverVerified',
        title: 'Never verified',
        summary: 'Active accounts that no verification ever reached.',
        columns: ACCOUNT_COLUMNS,
        rows: never.map(({ account }) => toRow(account)),
      },
    ],
  };
}

function toRow({ username, assetText, secretType, isPrivileged, verifiedAt, secretChangedAt }: AccountFact): Row {
  return { username, asset: assetText, secretType, isPrivileged, verifiedAt, secretChangedAt };
}
