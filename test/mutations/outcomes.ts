import { catalogue } from '../../src/generated/catalogue.ts';
import type { SandboxVersion } from '../../src/sandbox/index.ts';
import type { Mutation } from './inputs.ts';

/** Which mutation makes a row of a noun, where it is not called `create` and the noun. */
export const MAKERS: Readonly<Record<string, string>> = {
  Ticket: 'requestAccess',
  Permission: 'grantPermission',
  JobExecution: 'runJob',
};

/** Nouns of which a company's own row will not do (built in, in use, the caller's, none there): one is made for each mutation about them. */
export const FRESH = new Set([
  'AccessKey',
  'Applet',
  'AssetNode',
  'ChangeSecret',
  'Job',
  'JobExecution',
  'CommandStorage',
  'Endpoint',
  'Organization',
  'Platform',
  'ReplayStorage',
  'Role',
  'RoleBinding',
  'TicketFlow',
  'User',
  'VirtualAppPublication',
]);

/** Mutations that an ordinary user runs: what they are about is theirs. */
export const AS_USER = new Set(['requestAccess', 'closeTicket']);

/** What is done before with the same input, so that there is something to do. */
export const BEFORE: Readonly<Record<string, string>> = {
  inviteUsers: 'removeUsersFromOrganization',
  deletePlaybookFile: 'createPlaybookFile',
  favoriteAsset: 'unfavoriteAsset',
  unbindLabel: 'bindLabel',
  removeAssetsFromNode: 'addAssetsToNode',
  removeFromPermission: 'addToPermission',
  removeUsersFromGroup: 'addUsersToGroup',
  removeFromGatherAccount: 'addToGatherAccount',
  removeFromPushAccount: 'addToPushAccount',
  removeFromChangeSecret: 'addToChangeSecret',
  removeFromCheckAccount: 'addToCheckAccount',
  unlockSessions: 'lockSessions',
};

/** Mutations that need an answer to what JumpServer asked before, and the tests that go through their steps. */
export const BY_STEPS: Readonly<Record<string, string>> = {
  sendMfaCode: 'test/modules/sign-in.test.ts',
  verifyMfa: 'test/modules/sign-in.test.ts',
  confirm: 'test/modules/credentials.test.ts',
  revealAccountSecret: 'test/modules/sign-in.test.ts',
};

/** Nouns of which JumpServer gives nobody one row by its id. */
export const UNREAD = new Set(['TicketComment']);

/** Mutations whose input has a word of the object's for something else. */
export const UNLIKE = new Set(['createPlaybookFile', 'setOwnAssetName']);

/** Mutations that say at a repeat what they found done. */
export const SKIPPING = new Set(['importAssets', 'importUsers', 'importPermissions']);

/** Whether JumpServer does it on a GET. */
export const isDoneByGet = (name: string): boolean =>
  (catalogue.calls[`Mutation.${name}`] ?? []).every((operation) => operation.startsWith('GET '));

/** What JumpServer makes another of at each call: the tables of the sandbox that grow. */
export const GROWING: Readonly<Record<string, readonly string[]>> = {
  verifyAccounts: ['task-executions'],
  pushAccounts: ['task-executions'],
  syncAccountTemplate: ['task-executions'],
  createAppletHostDeployment: ['task-executions', 'applet-host-deployments'],
  installApplets: ['task-executions', 'applet-host-deployments'],
  uninstallApplets: ['task-executions', 'applet-host-deployments'],
  testAssetNode: ['task-executions'],
  refreshAssetNode: ['task-executions'],
  countNodeAssets: ['task-executions'],
  testAssets: ['task-executions'],
  refreshAssets: ['task-executions'],
  testGateway: ['task-executions'],
  createFavoriteFolder: ['favorite-folders'],
  runGatherAccount: ['automation-executions', 'task-executions'],
  runAccountBackup: ['automation-executions', 'task-executions'],
  runPushAccount: ['automation-executions', 'task-executions'],
  runChangeSecret: ['automation-executions', 'task-executions'],
  runJob: ['task-executions', 'job-executions'],
  createTempToken: ['temp-tokens'],
  createAccessKey: ['access-keys'],
  createConnectionToken: ['connection-tokens'],
  createSshKey: ['ssh-keys'],
  sendMessage: ['site-messages'],
  createSavedReport: ['reports'],
  terminateSessions: ['terminal-tasks'],
  lockSessions: ['terminal-tasks'],
  unlockSessions: ['terminal-tasks'],
  createSessionSharing: ['session-sharings'],
  requestAccess: ['tickets'],
  commentTicket: ['ticket-comments'],
};

/** How a repeat is refused, where it is neither done once more, nor `name DUPLICATE` of what is created, nor `NOT_FOUND` of what is gone. */
const REPEATED: Readonly<Record<string, string | ((version: SandboxVersion) => string)>> = {
  createAccount: (version) => (version === '3.10.23' || version === '4.9.0' ? 'DUPLICATE' : 'username DUPLICATE'),
  createAccounts: 'assets.0 DUPLICATE',
  createAppletPublication: 'DUPLICATE',
  createVirtualAppPublication: 'DUPLICATE',
  createLabel: (version) => (version === '3.10.23' ? 'name DUPLICATE' : 'name DUPLICATE,value DUPLICATE'),
  createAdHoc: 'DUPLICATE,name DUPLICATE',
  createPlaybook: 'DUPLICATE,name DUPLICATE',
  createRole: 'DUPLICATE',
  createRoleBinding: 'role DUPLICATE',
  updateRoleBinding: 'role DUPLICATE',
  createEndpointRule: 'name DUPLICATE,priority DUPLICATE',
  createTicketFlow: (version) => (version === '4.10.19' ? 'name DUPLICATE' : 'type DUPLICATE'),
  createUser: (version) => (version === '4.10.19' ? 'username DUPLICATE' : 'username DUPLICATE,email DUPLICATE'),
  grantPermission: 'name DUPLICATE',
  approveTicket: 'id CONFLICT',
  rejectTicket: 'id CONFLICT',
  closeTicket: 'id CONFLICT',
  inviteUsers: (version) => (version === '4.10.19' ? 'DUPLICATE' : ''),
  revokePermissions: 'ids.0 NOT_FOUND',
  revokeOauthToken: 'id NOT_FOUND',
  removeUsersFromOrganization: 'users.0 NOT_FOUND',
  deletePlaybookFile: 'path NOT_FOUND',
  signOutUsers: 'ids.0 NOT_FOUND',
};

/** The refusals of a repeat, with commas between them; none when it is done once more. */
export const repeatOf = ({ name, input }: Mutation, version: SandboxVersion): string => {
  const told = REPEATED[name];
  if (told !== undefined) return typeof told === 'string' ? told : told(version);
  if (name.startsWith('delete')) return 'ids' in input.getFields() ? 'ids.0 NOT_FOUND' : 'id NOT_FOUND';
  return name.startsWith('create') && !(name in GROWING) ? 'name DUPLICATE' : '';
};
