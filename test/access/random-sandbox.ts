/** Random organisations as a sandbox holds them, so that its own answers about them can be asked. */
import { createHash } from 'node:crypto';
import { toActionNames } from '../../src/access/actions.ts';
import type { AccessInputs } from '../../src/access/inputs.ts';
import type { SandboxState } from '../../src/sandbox/index.ts';

type Row = NonNullable<SandboxState['tables'][string]>[number];

const ORGANIZATION = '00000000-0000-0000-0000-000000000002';
const HOUR = 3_600_000;
/** JumpServer's permissions always have an end. */
const FAR = Date.parse('2090-01-01T00:00:00Z');

/** Accounts that every asset of the random organisations holds. */
export const HELD_ACCOUNTS = ['root', 'app', 'user-1'];

/**
 * The same organisation as a real server would have it: UUIDs, unique names, no member that does not exist, no labels, and the small
 * numbers of `random-organization.ts` as hours around `now`.
 */
export function toRealistic(inputs: AccessInputs, now: number): AccessInputs {
  const lists = [inputs.users, inputs.groups, inputs.nodes, inputs.assets];
  const there = new Set(lists.flatMap((rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id)));
  const ids = (given: readonly string[]) => given.filter((id) => there.has(id)).map(toUuid);
  const real = <Row extends { id: string; name: string }>(row: Row) => ({
    ...row,
    id: toUuid(row.id),
    name: `${row.name} ${row.id}`,
  });
  const at = (time: number | null) => (time === null ? null : now + (time - inputs.asOf) * HOUR);
  return {
    organization: ORGANIZATION,
    asOf: now,
    users: inputs.users.map((user) => ({
      ...real(user),
      expiresAt: at(user.expiresAt) ?? FAR,
      groups: ids(user.groups),
    })),
    groups: inputs.groups.map(real),
    nodes: inputs.nodes.map((node) => ({ ...node, id: toUuid(node.id) })),
    assets: inputs.assets.map((asset) => ({ ...real(asset), nodes: ids(asset.nodes), labels: [] })),
    permissions: inputs.permissions.map((permission) => ({
      ...real(permission),
      users: ids(permission.users),
      userGroups: ids(permission.userGroups),
      assets: ids(permission.assets),
      nodes: ids(permission.nodes),
      startsAt: at(permission.startsAt),
      expiresAt: at(permission.expiresAt) ?? FAR,
    })),
  };
}

/** A sandbox's state with this organisation in the place of its own; `base` keeps its administrator, roles and platforms. */
export function toState(base: SandboxState, { users, groups, nodes, assets, permissions }: AccessInputs): SandboxState {
  const inOrganization = { org_id: ORGANIZATION, date_created: 0, date_updated: 0, created_by: 'test', comment: '' };
  const [person] = base.tables['users'] ?? [];
  const tables: Record<string, Row[]> = {
    ...base.tables,
    users: [
      ...(base.tables['users'] ?? []),
      ...users.map(({ id, name, username, isActive, expiresAt }) => ({
        ...person,
        ...{ id, name, username, email: `${username}@test.example`, is_active: isActive, date_expired: expiresAt },
      })),
    ],
    'role-bindings': [...(base.tables['role-bindings'] ?? []), ...users.map(({ id }) => toMember(base, id))],
    'user-groups': groups.map(({ id, name }) => ({ ...inOrganization, id, name })),
    'user-group-relations': links(users, 'groups', 'user', 'usergroup'),
    nodes: nodes.map(({ id, key, name, path }) => ({
      ...{ id, key, value: name, full_value: path, org_id: ORGANIZATION, child_mark: 99 },
      parent_key: key.split(':').slice(0, -1).join(':'),
    })),
    assets: assets.map(({ id, name, address, category, isActive, nodes: places }) => ({
      ...{ ...inOrganization, id, name, address, category, is_active: isActive, nodes: [...places] },
      ...{ platform: category === 'host' ? 1 : 17, type: category === 'host' ? 'linux' : 'mysql', protocols: [] },
      ...{ zone: null, connectivity: '-', directory_services: [], gathered_info: {} },
    })),
    accounts: assets.flatMap(({ id }) => HELD_ACCOUNTS.map((name) => toAccount(id, name))),
    'asset-permissions': permissions.map((permission) => ({
      ...{ ...inOrganization, id: permission.id, name: permission.name, from_ticket: false },
      ...{ accounts: [...permission.accounts], protocols: [...permission.protocols], is_active: permission.isActive },
      actions: toActionNames(permission.actions),
      date_start: permission.startsAt ?? 0,
      date_expired: permission.expiresAt,
    })),
    'permission-users': links(permissions, 'users', 'assetpermission', 'user'),
    'permission-user-groups': links(permissions, 'userGroups', 'assetpermission', 'usergroup'),
    'permission-assets': links(permissions, 'assets', 'assetpermission', 'asset'),
    'permission-nodes': links(permissions, 'nodes', 'assetpermission', 'node'),
    'labeled-resources': [],
  };
  return { version: base.version, tables };
}

/** Who belongs to an organisation has a role in it. */
function toMember({ tables }: SandboxState, user: string): Row {
  const like = tables['role-bindings']?.find(({ org }) => org === ORGANIZATION);
  return { ...like, id: toUuid(`${user} member`), user };
}

function toAccount(asset: string, username: string): Row {
  const id = toUuid(`${asset} ${username}`);
  const plain = { name: username, username, secret_type: 'password', secret: '', su_from: null, version: 1 };
  return { ...plain, id, asset, org_id: ORGANIZATION, is_active: true, privileged: false, source: 'local' };
}

function links<Name extends string>(
  rows: readonly ({ readonly id: string } & Readonly<Record<Name, readonly string[]>>)[],
  list: Name,
  mine: string,
  theirs: string,
): Row[] {
  const pairs = rows.flatMap((row) => row[list].map((other) => ({ [mine]: row.id, [theirs]: other })));
  return pairs.map((pair, at) => ({ id: at + 1, ...pair }));
}

function toUuid(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
