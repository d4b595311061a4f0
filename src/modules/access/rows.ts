import { toActionNames } from '../../access/actions.ts';
import type { AccessPath } from '../../access/check.ts';
import type {
  AccessAsset,
  AccessGroup,
  AccessNode,
  AccessPermission,
  AccessUser,
  Timestamp,
} from '../../access/inputs.ts';
import type { Row } from '../../graph/row.ts';

/** Stands in for the id of a permission that a dry run only plans. */
export const PLANNED_ID = '00000000-0000-0000-0000-000000000000';

/** What the engine knows of a user, as a row of `users/users/`: enough for most selections. */
export function toUserRow({ id, name, username, isActive }: AccessUser): Row {
  return { id, name, username, is_active: isActive };
}

/** What it knows of an asset, as a row of `assets/assets/`. */
export function toAssetRow({ id, name, address, category, isActive }: AccessAsset): Row {
  return { id, name, address, category, is_active: isActive };
}

/** What it knows of a permission, as a row of `perms/asset-permissions/`. */
export function toPermissionRow(permission: AccessPermission): Row {
  return {
    id: permission.id,
    name: permission.name,
    is_active: permission.isActive,
    actions: toActionNames(permission.actions),
    accounts: permission.accounts,
    protocols: permission.protocols,
    date_start: toIsoText(permission.startsAt),
    date_expired: toIsoText(permission.expiresAt),
    from_ticket: permission.isFromTicket,
    created_by: permission.createdBy,
  };
}

/** What it knows of a group, as a row of `users/groups/`. */
export function toGroupRow({ id, name }: AccessGroup): Row {
  return { id, name };
}

/** What it knows of a tree node, as a row of `assets/nodes/`. */
export function toNodeRow({ id, key, name, path }: AccessNode): Row {
  return { id, key, name, value: name, full_value: path };
}

/** A way from a user to an asset, as `AccessPath`. */
export function toPathRow({ permission, viaGroup, viaNode }: AccessPath) {
  return {
    permission,
    viaGroup,
    viaNode,
    actions: toActionNames(permission.actions),
    accounts: permission.accounts,
    expiresAt: toIsoText(permission.expiresAt),
  };
}

/** A moment as the graph's dates take it. */
export function toIsoText(time: Timestamp | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
