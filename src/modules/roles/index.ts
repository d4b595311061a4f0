import { catalogue } from '../../generated/catalogue.ts';
import { createListResolver } from '../../graph/resolve.ts';
import { isRow, type Row } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { nounOf } from '../noun.ts';

function isSystemRole(row: Row): boolean {
  const scope = row['scope'];
  return (isRow(scope) ? scope['value'] : scope) === 'system';
}

/** What a role allows and who holds it: both are asked differently for roles of the server and of organisations. */
export const roles = {
  Role: {
    codes: createListResolver(catalogue, nounOf('RoleCode'), (row) => {
      const id = String(row['id']);
      return isSystemRole(row)
        ? { route: { path: '/rbac/system-roles/{system_role_pk}/permissions/', parameters: { system_role_pk: id } } }
        : { route: { path: '/rbac/org-roles/{org_role_pk}/permissions/', parameters: { org_role_pk: id } } };
    }),
    users: createListResolver(catalogue, nounOf('User'), (row) => ({
      params: { [isSystemRole(row) ? 'system_roles' : 'org_roles']: String(row['id']) },
    })),
  },
  RoleCode: {
    code: ({ codename, content_type: type }: Row) =>
      `${isRow(type) ? String(type['app_label']) : ''}.${String(codename)}`,
  },
} satisfies Resolvers;
