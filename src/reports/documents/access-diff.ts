import { toActionNames } from '../../access/actions.ts';
import type { Attribution } from '../../access/attribution.ts';
import type { AccessCause } from '../../access/causes.ts';
import type { AccessPair } from '../../access/check.ts';
import type { AccessDiff } from '../../access/diff.ts';
import type { ReportDocument, Row, Section } from '../document.ts';
import type { OperationFact } from '../facts.ts';
import { dateColumn, textColumn } from './columns.ts';

/** Two readings of an organisation, and what lies between them. */
export interface AccessComparison {
  readonly organization: string;
  /** Whose rights the two were read with. */
  readonly madeBy: string;
  /** When the two were read. */
  readonly from: number;
  readonly to: number;
  readonly diff: AccessDiff;
  /** Names what is behind pairs of the earlier reading, and of the later one. */
  readonly attributions: { readonly before: Attribute; readonly after: Attribute };
  readonly causes: readonly AccessCause[];
  /** Operate logs of the time between that name something changed; undefined when they were not read. */
  readonly operations: readonly OperationFact[] | undefined;
}

type Attribute = (pair: AccessPair) => Attribution;

const PAIR = [
  textColumn('user', 'User'),
  textColumn('username', 'User name'),
  textColumn('asset', 'Asset'),
  textColumn('address', 'Address'),
] as const;
const ACTIONS = textColumn('actions', 'Actions');
const CHANGE = textColumn('change', 'By which change');

/** A comparison of two readings as a document: who gained, who lost, and by which change. */
export function toAccessDiffDocument(comparison: AccessComparison): ReportDocument {
  const { organization, madeBy, from, to, diff, attributions, causes, operations } = comparison;
  return {
    name: 'access-diff',
    title: 'Changes of access',
    organization,
    asOf: to,
    madeBy,
    range: { from, to },
    figures: [
      { key: 'gained', title: 'Pairs gained', value: diff.gained.total() },
      { key: 'lost', title: 'Pairs lost', value: diff.lost.total() },
      { key: 'changed', title: 'Pairs with other rights', value: diff.changed.total() },
      { key: 'causes', title: 'Changed objects', value: causes.length },
    ],
    sections: [
      pairSection(
        'gained',
        'Gained',
        'Pairs of user and asset that are reached now and were not before.',
        mapped(diff.gained.all(), (pair) => toRow(pair, attributions.after(pair))),
      ),
      pairSection(
        'lost',
        'Lost',
        'Pairs that were reached before and are not now.',
        mapped(diff.lost.all(), (pair) => toRow(pair, attributions.before(pair))),
      ),
      {
        key: 'changed',
        title: 'With other rights',
        summary: 'Pairs that are reached as before, with other actions, account rules or protocols.',
        columns: [...PAIR, textColumn('actionsBefore', 'Actions before'), ACTIONS, CHANGE],
        rows: mapped(diff.changed.all(), ({ before, after }) => ({
          ...toRow(after, joined(attributions.before(before), attributions.after(after))),
          actionsBefore: actionText(before),
        })),
      },
      {
        key: 'causes',
        title: 'What changed',
        summary: 'Permissions, users, groups, tree nodes and assets that differ in what decides access.',
        columns: [
          textColumn('kind', 'Kind'),
          textColumn('name', 'Name'),
          textColumn('change', 'Change'),
          textColumn('id', 'Id'),
        ],
        rows: causes.map((cause) => ({ ...cause })),
      },
      ...(operations ? [operationSection(operations)] : []),
    ],
  };
}

function pairSection(key: string, title: string, summary: string, rows: Iterable<Row>): Section {
  return { key, title, summary, columns: [...PAIR, ACTIONS, CHANGE], rows };
}

function operationSection(operations: readonly OperationFact[]) {
  return {
    key: 'operations',
    title: 'Who did it',
    summary: 'Operate logs of the time between that name one of these objects.',
    columns: [
      dateColumn('at', 'At'),
      textColumn('user', 'User'),
      textColumn('action', 'Action'),
      textColumn('resourceType', 'Type'),
      textColumn('resource', 'Object'),
      textColumn('address', 'From'),
    ],
    rows: operations.map(({ id: _, ...operation }) => ({ ...operation })),
  };
}

function* mapped<Item>(items: Iterable<Item>, toCells: (item: Item) => Row): Generator<Row> {
  for (const item of items) yield toCells(item);
}

function toRow(pair: AccessPair, attribution: Attribution): Row {
  const { user, asset } = pair;
  return {
    user: user.name,
    username: user.username,
    asset: asset.name,
    address: asset.address,
    actions: actionText(pair),
    change: changeText(attribution),
  };
}

function joined(before: Attribution, after: Attribution): Attribution {
  return {
    causes: [...new Set([...before.causes, ...after.causes])],
    permissions: [...new Set([...before.permissions, ...after.permissions])],
  };
}

/** What is behind a pair in words; where nothing was written, the time of a permission began or ended. */
function changeText({ causes, permissions }: Attribution): string {
  if (causes.length === 0) return `time of ${permissions.join(', ')}`;
  return causes.map(({ kind, name, change }) => `${kind} ${name}: ${change}`).join('; ');
}

function actionText({ actions }: AccessPair): string {
  return toActionNames(actions).join(' ');
}
