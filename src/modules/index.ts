import { served } from '../graph/served.ts';
import { access } from './access/index.ts';
import { accountCandidates } from './accounts/candidates.ts';
import { accounts } from './accounts/index.ts';
import { acls } from './acls/index.ts';
import { aclWrites } from './acls/writes.ts';
import { applets } from './applets/index.ts';
import { assetNodes } from './asset-nodes/index.ts';
import { assetNodeWrites } from './asset-nodes/writes.ts';
import { assets } from './assets/index.ts';
import { audits } from './audits/index.ts';
import { auditWrites } from './audits/writes.ts';
import { automations } from './automations/index.ts';
import { components } from './components/index.ts';
import { credentials } from './credentials/index.ts';
import { imports } from './imports/index.ts';
import { labels } from './labels/index.ts';
import { labelWrites } from './labels/writes.ts';
import { messages } from './messages/index.ts';
import { ops } from './ops/index.ts';
import { opsWrites } from './ops/writes.ts';
import { organizations } from './organizations/index.ts';
import { organizationWrites } from './organizations/writes.ts';
import { pam } from './pam/index.ts';
import { permissions } from './permissions/index.ts';
import { platforms } from './platforms/index.ts';
import { reports } from './reports/index.ts';
import { roles } from './roles/index.ts';
import { roleWrites } from './roles/writes.ts';
import { savedReports } from './saved-reports/index.ts';
import { globalSearch } from './search/index.ts';
import { sessions } from './sessions/index.ts';
import { replays } from './sessions/replay.ts';
import { settings } from './settings/index.ts';
import { signIn } from './sign-in/index.ts';
import { terminal } from './terminal/index.ts';
import { tickets } from './tickets/index.ts';
import { ticketSessions } from './tickets/session.ts';
import { userGroups } from './user-groups/index.ts';
import { users } from './users/index.ts';
import { viewer } from './viewer/index.ts';
import { zones } from './zones/index.ts';

/** Every module with hand-written resolvers. */
export const modules = served([
  access,
  accounts,
  assetNodes,
  assetNodeWrites,
  assets,
  organizations,
  permissions,
  reports,
  savedReports,
  sessions,
  signIn,
  userGroups,
  users,
  audits,
  auditWrites,
  acls,
  roles,
  labels,
  components,
  imports,
  ops,
  settings,
  replays,
  accountCandidates,
  ticketSessions,
  globalSearch,
  viewer,
  zones,
  platforms,
  labelWrites,
  tickets,
  credentials,
  aclWrites,
  roleWrites,
  organizationWrites,
  terminal,
  applets,
  automations,
  pam,
  messages,
  opsWrites,
]);
