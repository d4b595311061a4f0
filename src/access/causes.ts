import { toActionNames } from './actions.ts';
import type { AccessInputs } from './inputs.ts';

/** One object that differs between two readings, in something that decides access. */
export interface AccessCause {
  readonly kind: 'permission' | 'user' | 'group' | 'node' | 'asset';
  readonly id: string;
  readonly name: string;
  /** `added`, `removed`, or the names of what differs. */
  readonly change: string;
}

/** Everything that differs between two readings and can have changed who reaches what: permissions first, by name. */
export function findCauses(before: AccessInputs, after: AccessInputs): AccessCause[] {
  return [
    ...compareLists('permission', before.permissions, after.permissions, (row) => ({
      users: [...row.users].sort(),
      userGroups: [...row.userGroups].sort(),
      assets: [...row.assets].sort(),
      nodes: [...row.nodes].sort(),
      accounts: [...row.accounts].sort(),
      protocols: [...row.protocols].sort(),
      actions: toActionNames(row.actions),
      isActive: row.isActive,
      startsAt: row.startsAt,
      expiresAt: row.expiresAt,
    })),
    ...compareLists('user', before.users, after.users, (row) => ({ groups: [...row.groups].sort() })),
    ...compareLists('group', before.groups, after.groups, () => ({})),
    ...compareLists('node', before.nodes, after.nodes, (row) => ({ place: row.key })),
    ...compareLists('asset', before.assets, after.assets, (row) => ({ nodes: [...row.nodes].sort() })),
  ];
}

interface Named {
  readonly id: string;
  readonly name: string;
}

function compareLists<Row extends Named>(
  kind: AccessCause['kind'],
  before: readonly Row[],
  after: readonly Row[],
  partsOf: (row: Row) => Readonly<Record<string, unknown>>,
): AccessCause[] {
  const was = new Map(before.map((row) => [row.id, row]));
  const is = new Set(after.map(({ id }) => id));
  const present = after.flatMap((row) => {
    const old = was.get(row.id);
    const change = old ? differences(partsOf(old), partsOf(row)).join(', ') : 'added';
    return change === '' ? [] : [toCause(kind, row, change)];
  });
  const gone = before.filter(({ id }) => !is.has(id)).map((row) => toCause(kind, row, 'removed'));
  return [...present, ...gone].sort((left, right) => (left.name < right.name ? -1 : 1));
}

function toCause(kind: AccessCause['kind'], { id, name }: Named, change: string): AccessCause {
  return { kind, id, name, change };
}

function differences(left: Readonly<Record<string, unknown>>, right: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(left).filter((name) => JSON.stringify(left[name]) !== JSON.stringify(right[name]));
}
