import { describeApi } from './document.ts';
import type { Resource } from './resource.ts';
import { accountTemplates, templateSecrets } from './resources/account-templates.ts';
import { accountSecrets, accounts } from './resources/accounts.ts';
import { acls } from './resources/acls.ts';
import { activityRoutes } from './resources/activities.ts';
import { applets } from './resources/applets.ts';
import { assetResources } from './resources/assets.ts';
import { audits } from './resources/audits.ts';
import { automationMemberRoutes } from './resources/automation-members.ts';
import { automations } from './resources/automations.ts';
import { commands } from './resources/commands.ts';
import { componentRoutes } from './resources/components.ts';
import { connectionTokens, superConnectionTokens, userConnectionTokens } from './resources/connection-tokens.ts';
import { credentials } from './resources/credentials.ts';
import { dashboardRoutes } from './resources/dashboard.ts';
import { endpointRules, endpoints } from './resources/endpoints.ts';
import { favouriteFolders, favourites } from './resources/favourites.ts';
import { groupRelations, groups } from './resources/groups.ts';
import { jobHints } from './resources/job-hints.ts';
import { assetLabels, labeledResources, labelRoutes, labels } from './resources/labels.ts';
import { miscRoutes } from './resources/misc.ts';
import { nodes } from './resources/nodes.ts';
import { notifications } from './resources/notifications.ts';
import { ops } from './resources/ops.ts';
import { orgs, profilePermissions } from './resources/orgs.ts';
import { permedRoutes } from './resources/permed.ts';
import { permissionRelations, permissions } from './resources/permissions.ts';
import { platformRoutes, platforms, protocolList } from './resources/platforms.ts';
import { playbookFiles } from './resources/playbook-files.ts';
import { preferenceRoutes } from './resources/preferences.ts';
import { profileRoutes } from './resources/profile.ts';
import { publications } from './resources/publications.ts';
import { bindingResources, contentTypes, rbacPermissions, roleResources } from './resources/rbac.ts';
import { savedReports } from './resources/saved-reports.ts';
import { mySessions, mySessionsOptions, sessions } from './resources/sessions.ts';
import { sharings } from './resources/sharings.ts';
import { signInRoutes } from './resources/sign-in.ts';
import { commandStorages, replayStorages } from './resources/storages.ts';
import { subscriptionRoutes } from './resources/subscriptions.ts';
import { terminalTasks } from './resources/terminal-tasks.ts';
import { terminals } from './resources/terminals.ts';
import { tickets } from './resources/tickets.ts';
import { users } from './resources/users.ts';
import { zones } from './resources/zones.ts';
import type { Route } from './routes.ts';

/** Every resource that follows the conventions: one table line each. */
export const RESOURCES: readonly Resource[] = [
  users,
  groups,
  groupRelations,
  ...assetResources,
  nodes,
  platforms,
  protocolList,
  zones,
  labels,
  assetLabels,
  labeledResources,
  accounts,
  accountSecrets,
  accountTemplates,
  templateSecrets,
  permissions,
  ...permissionRelations,
  sessions,
  commands,
  terminalTasks,
  terminals,
  commandStorages,
  replayStorages,
  endpoints,
  endpointRules,
  ...roleResources,
  ...bindingResources,
  rbacPermissions,
  contentTypes,
  orgs,
  favourites,
  favouriteFolders,
  connectionTokens,
  userConnectionTokens,
  superConnectionTokens,
  ...audits,
  ...acls,
  ...applets,
  ...automations,
  ...credentials,
  ...notifications,
  ...ops,
  ...publications,
  savedReports,
  ...sharings,
  ...tickets,
];

/** The server's own description; 4.9 shows it to anybody (api.md §6). */
const documents: Route[] = (['open', 'any'] as const).map((perm) => ({
  method: 'GET',
  path: '/api/swagger.json',
  perm,
  ...(perm === 'open' ? { since: '4.9.0', until: '4.10.16' } : {}),
  run: (x) => describeApi(x.world.version, RESOURCES, x.url.origin),
}));

/** Every route that follows none. */
export const ROUTES: readonly Route[] = [
  ...documents,
  ...signInRoutes,
  ...miscRoutes,
  ...profileRoutes,
  ...subscriptionRoutes,
  ...automationMemberRoutes,
  ...preferenceRoutes,
  profilePermissions,
  ...platformRoutes,
  ...labelRoutes,
  ...permedRoutes,
  ...activityRoutes,
  mySessions,
  mySessionsOptions,
  ...dashboardRoutes,
  ...componentRoutes,
  ...playbookFiles,
  ...jobHints,
];
