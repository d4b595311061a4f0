import { ROLES } from '../rights.ts';
import type { Row } from '../types.ts';

const BUILTIN: readonly [string, string, string, string][] = [
  [ROLES.systemAdmin, 'SystemAdmin', 'System administrator', 'system'],
  [ROLES.systemAuditor, 'SystemAuditor', 'System auditor', 'system'],
  [ROLES.user, 'User', 'User', 'system'],
  [ROLES.systemComponent, 'SystemComponent', 'Component', 'system'],
  [ROLES.orgAdmin, 'OrgAdmin', 'Organisation administrator', 'org'],
  [ROLES.orgAuditor, 'OrgAuditor', 'Organisation auditor', 'org'],
  [ROLES.orgUser, 'OrgUser', 'Organisation user', 'org'],
];

/** The seven built-in roles. */
export function seedRoles(at: number): Row[] {
  return BUILTIN.map(([id, name, display_name, scope]) => ({
    id,
    name,
    display_name,
    scope,
    builtin: true,
    date_created: at,
    date_updated: at,
    created_by: 'System',
    updated_by: 'System',
    comment: '',
  }));
}
