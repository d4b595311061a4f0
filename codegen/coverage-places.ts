/** What the coverage table can't tell from the catalogue: answers that another field gives, and operations that graph.md §8 leaves out. */

/** Operations (`VERB /path/` with `{}` in place of values) whose answer another field of the graph gives. */
export interface Elsewhere {
  readonly operations: RegExp;
  /** Fields of the public schema; each is checked to exist. */
  readonly fields: readonly string[];
}

/** Operations of which something is to be said. */
export interface Noted {
  readonly operations: RegExp;
  readonly reason: string;
}

/** The same rows under another address, or from the other end of a relation. */
export const ELSEWHERE: readonly Elsewhere[] = [
  { operations: /^GET \/assets\/labels\/({}\/)?$/, fields: ['Query.labels', 'Query.label'] },
  { operations: /^GET \/(labels\/labels|assets\/labels)\/keys\/$/, fields: ['Query.labels'] },
  { operations: /^GET \/labels\/labels\/{}\/resource-types\/{}\/resources\/({}\/)?$/, fields: ['Label.resources'] },
  { operations: /^GET \/labels\/resource-types\/{}\/$/, fields: ['LabeledResource.resource'] },
  { operations: /^GET \/rbac\/(system|org)-roles\/({}\/)?$/, fields: ['Query.roles', 'Query.role'] },
  { operations: /^GET \/rbac\/(system-|org-)?roles\/{}\/users\/$/, fields: ['Role.users'] },
  { operations: /^GET \/rbac\/(system|org)-roles\/{}\/permissions\/{}\/$/, fields: ['Role.codes'] },
  {
    operations: /^GET \/rbac\/(system|org)-role-bindings\/({}\/)?$/,
    fields: ['Query.roleBindings', 'Query.roleBinding'],
  },
  { operations: /^GET \/perms\/asset-permissions-users-relations\/({}\/)?$/, fields: ['Permission.users'] },
  { operations: /^GET \/perms\/asset-permissions-user-groups-relations\/({}\/)?$/, fields: ['Permission.userGroups'] },
  { operations: /^GET \/perms\/asset-permissions-assets-relations\/({}\/)?$/, fields: ['Permission.assets'] },
  { operations: /^GET \/perms\/asset-permissions-nodes-relations\/({}\/)?$/, fields: ['Permission.nodes'] },
  {
    operations: /^DELETE \/perms\/asset-permissions-[a-z-]+-relations\/{}\/$/,
    fields: ['Mutation.removeFromPermission'],
  },
  { operations: /^GET \/perms\/asset-permissions\/{}\/users\/all\/$/, fields: ['Permission.effectiveUsers'] },
  { operations: /^GET \/perms\/asset-permissions\/{}\/assets\/all\/$/, fields: ['Permission.effectiveAssets'] },
  { operations: /^GET \/perms\/asset-permissions\/{}\/accounts\/$/, fields: ['Permission.accounts'] },
  { operations: /^GET \/perms\/user-groups\/{}\/(nodes\/{}\/)?assets\/$/, fields: ['UserGroup.assets'] },
  { operations: /^GET \/perms\/user-groups\/{}\/nodes\/children\/$/, fields: ['UserGroup.nodes'] },
  { operations: /^GET \/users\/users-groups-relations\/({}\/)?$/, fields: ['UserGroup.users', 'User.groups'] },
  {
    operations: /^PATCH \/users\/users-groups-relations\/{}\/$/,
    fields: ['Mutation.addUsersToGroup', 'Mutation.removeUsersFromGroup'],
  },
  { operations: /^DELETE \/users\/users-groups-relations\/{}\/$/, fields: ['Mutation.removeUsersFromGroup'] },
  { operations: /^GET \/assets\/assets\/{}\/perm-users\/$/, fields: ['Asset.users'] },
  { operations: /^GET \/assets\/assets\/{}\/perm-users\/{}\/permissions\/$/, fields: ['Access.check'] },
  {
    operations: /^GET \/assets\/assets\/{}\/perm-user-groups\/$/,
    fields: ['Asset.permissions', 'Permission.userGroups'],
  },
  {
    operations: /^GET \/assets\/assets\/{}\/perm-user-groups\/{}\/permissions\/$/,
    fields: ['Asset.permissions', 'Permission.userGroups'],
  },
  { operations: /^GET \/assets\/assets\/{}\/platform\/$/, fields: ['Asset.platform'] },
  { operations: /^GET \/assets\/assets\/{}\/gateways\/$/, fields: ['Asset.zone', 'Zone.gateways'] },
  { operations: /^GET \/assets\/(clouds|devices)\/({}\/)?$/, fields: ['Query.assets', 'Query.asset'] },
  {
    operations: /^DELETE \/assets\/(hosts|devices|databases|clouds|webs|directories|gpts|customs)\/{}\/$/,
    fields: ['Mutation.deleteAssets'],
  },
  {
    operations: /^POST \/assets\/assets\/$/,
    fields: ['Mutation.createHost', 'Mutation.createDevice', 'Mutation.createDatabase', 'Mutation.importAssets'],
  },
  {
    operations: /^GET \/terminal\/applet-hosts\/{}\/applets\/({}\/)?$/,
    fields: ['AppletHost.publications', 'Query.appletPublication'],
  },
  { operations: /^POST \/terminal\/applet-hosts\/{}\/applets\/$/, fields: ['Mutation.createAppletPublication'] },
  { operations: /^PATCH \/terminal\/applet-hosts\/{}\/applets\/{}\/$/, fields: ['Mutation.updateAppletPublication'] },
  { operations: /^DELETE \/terminal\/applet-hosts\/{}\/applets\/{}\/$/, fields: ['Mutation.deleteAppletPublication'] },
  {
    operations: /^GET \/terminal\/applet-hosts\/{}\/accounts\/({}\/)?$/,
    fields: ['AppletHost.asset', 'Asset.accounts', 'Mutation.revealAccountSecret'],
  },
  { operations: /^POST \/terminal\/applet-hosts\/{}\/accounts\/$/, fields: ['Mutation.createAccount'] },
  { operations: /^PATCH \/terminal\/applet-hosts\/{}\/accounts\/{}\/$/, fields: ['Mutation.updateAccount'] },
  { operations: /^DELETE \/terminal\/applet-hosts\/{}\/accounts\/{}\/$/, fields: ['Mutation.deleteAccounts'] },
  {
    operations: /^GET \/terminal\/app-providers\/{}\/apps\/({}\/)?$/,
    fields: ['Query.virtualAppPublications', 'Query.virtualAppPublication'],
  },
  { operations: /^POST \/terminal\/app-providers\/{}\/apps\/$/, fields: ['Mutation.createVirtualAppPublication'] },
  {
    operations: /^PATCH \/terminal\/app-providers\/{}\/apps\/{}\/$/,
    fields: ['Mutation.updateVirtualAppPublication'],
  },
  {
    operations: /^DELETE \/terminal\/app-providers\/{}\/apps\/{}\/$/,
    fields: ['Mutation.deleteVirtualAppPublication'],
  },
  { operations: /^PATCH \/assets\/favorite-assets\/{}\/$/, fields: ['Mutation.favoriteAsset'] },
  {
    operations: /^POST \/assets\/platforms\/filter-nodes-assets\/$/,
    fields: ['AssetNode.assets', 'Asset.platform'],
  },
  {
    operations: /^POST \/assets\/assets\/{}\/tasks\/$/,
    fields: ['Mutation.testAssets', 'Mutation.refreshAssets', 'Mutation.verifyAccounts', 'Mutation.pushAccounts'],
  },
  { operations: /^(POST|PATCH|DELETE) \/assets\/protocol-settings\/({}\/)?$/, fields: ['Mutation.updatePlatform'] },
  { operations: /^PATCH \/assets\/assets\/{}\/$/, fields: ['Mutation.updateAsset'] },
  { operations: /^DELETE \/assets\/favorite-assets\/{}\/$/, fields: ['Mutation.unfavoriteAsset'] },
  { operations: /^GET \/assets\/nodes\/({}\/)?children\/$/, fields: ['AssetNode.children'] },
  { operations: /^POST \/assets\/nodes\/children\/$/, fields: ['Mutation.createAssetNode'] },
  { operations: /^GET \/assets\/nodes\/{}\/assets\/$/, fields: ['AssetNode.assets'] },
  { operations: /^GET \/assets\/protocol-settings\/({}\/)?$/, fields: ['Platform.protocols'] },
  { operations: /^GET \/accounts\/account-secrets\/$/, fields: ['Query.accounts', 'Mutation.revealAccountSecret'] },
  {
    operations: /^GET \/accounts\/account-secrets\/su-from-accounts\/$/,
    fields: ['Account.suFromCandidates', 'Mutation.revealAccountSecret'],
  },
  {
    operations: /^GET \/accounts\/account-template-secrets\/$/,
    fields: ['Query.accountTemplates', 'Mutation.revealAccountSecret'],
  },
  {
    operations: /^GET \/accounts\/account-template-secrets\/su-from-account-templates\/$/,
    fields: ['AccountTemplate.suFromCandidates', 'Mutation.revealAccountSecret'],
  },
  { operations: /^GET \/accounts\/(change-secret)\/{}\/assets\/$/, fields: ['ChangeSecret.assets'] },
  { operations: /^GET \/accounts\/(push-account)\/{}\/assets\/$/, fields: ['PushAccount.assets'] },
  { operations: /^GET \/accounts\/(gather-account)\/{}\/assets\/$/, fields: ['GatherAccount.assets'] },
  { operations: /^GET \/accounts\/(check-account)\/{}\/assets\/$/, fields: ['CheckAccount.assets'] },
  { operations: /^GET \/accounts\/gathered-accounts\/{}\/details\/$/, fields: ['GatheredAccount.detail'] },
  { operations: /^GET \/perms\/users\/{}\/nodes\/children\/$/, fields: ['Viewer.nodes'] },
  { operations: /^GET \/notifications\/user-msg-subscription\/({}\/)?$/, fields: ['Viewer.messageBackends'] },
  { operations: /^GET \/audits\/tickets\/{}\/$/, fields: ['Viewer.auditedTickets', 'Query.ticket'] },
  { operations: /^GET \/tickets\/flows\/cc-users\/$/, fields: ['TicketFlowOption.ccUsers'] },
  { operations: /^GET \/tickets\/apply-assets\/{}\/$/, fields: ['Viewer.requestableAssets'] },
  { operations: /^GET \/tickets\/apply-nodes\/{}\/$/, fields: ['Viewer.requestableNodes'] },
  { operations: /^GET \/ops\/celery\/period-tasks\/{}\/$/, fields: ['Query.periodicTasks'] },
  { operations: /^GET \/audits\/my-login-logs\/{}\/$/, fields: ['Viewer.loginLogs', 'Query.loginLog'] },
  {
    operations: /^GET \/users\/connection-token\/({}\/)?$/,
    fields: ['Query.connectionTokens', 'Query.connectionToken'],
  },
  { operations: /^POST \/rbac\/((system|org)-)?roles\/$/, fields: ['Mutation.createRole'] },
  { operations: /^PATCH \/rbac\/((system|org)-)?roles\/{}\/$/, fields: ['Mutation.updateRole'] },
  { operations: /^DELETE \/rbac\/((system|org)-)?roles\/{}\/$/, fields: ['Mutation.deleteRole'] },
  { operations: /^POST \/rbac\/((system|org)-)?role-bindings\/$/, fields: ['Mutation.createRoleBinding'] },
  { operations: /^PATCH \/rbac\/((system|org)-)?role-bindings\/{}\/$/, fields: ['Mutation.updateRoleBinding'] },
  { operations: /^DELETE \/rbac\/((system|org)-)?role-bindings\/{}\/$/, fields: ['Mutation.deleteRoleBinding'] },
  { operations: /^POST \/(assets|labels)\/labels\/$/, fields: ['Mutation.createLabel'] },
  { operations: /^PATCH \/(assets|labels)\/labels\/{}\/$/, fields: ['Mutation.updateLabel'] },
  { operations: /^DELETE \/(assets|labels)\/labels\/{}\/$/, fields: ['Mutation.deleteLabel'] },
  { operations: /^POST \/labels\/labeled-resources\/$/, fields: ['Mutation.bindLabel'] },
  { operations: /^DELETE \/labels\/labeled-resources\/{}\/$/, fields: ['Mutation.unbindLabel'] },
  { operations: /^PATCH \/labels\/labeled-resources\/{}\/$/, fields: ['Mutation.bindLabel', 'Mutation.unbindLabel'] },
  {
    operations: /^GET \/labels\/resource-types\/{}\/resources\/$/,
    fields: [
      'Query.users',
      'Query.userGroups',
      'Query.assets',
      'Query.platforms',
      'Query.zones',
      'Query.accounts',
      'Query.accountTemplates',
      'Query.permissions',
    ],
  },
  {
    operations: /^(POST|PATCH) \/labels\/labels\/{}\/resource-types\/{}\/resources\/({}\/)?$/,
    fields: ['Mutation.bindLabel'],
  },
  {
    operations: /^DELETE \/labels\/labels\/{}\/resource-types\/{}\/resources\/{}\/$/,
    fields: ['Mutation.unbindLabel'],
  },
  { operations: /^PATCH \/tickets\/[a-z-]*tickets\/{}\/approve\/$/, fields: ['Mutation.approveTicket'] },
  { operations: /^PATCH \/tickets\/[a-z-]*tickets\/{}\/reject\/$/, fields: ['Mutation.rejectTicket'] },
  { operations: /^PATCH \/tickets\/[a-z-]*tickets\/{}\/close\/$/, fields: ['Mutation.closeTicket'] },
  { operations: /^POST \/tickets\/tickets\/open\/$/, fields: ['Mutation.requestAccess'] },
  { operations: /^POST \/users\/connection-token\/$/, fields: ['Mutation.createConnectionToken'] },
  { operations: /^PATCH \/users\/connection-token\/{}\/expire\/$/, fields: ['Mutation.expireConnectionToken'] },
  {
    operations: /^PATCH \/users\/connection-token\/{}\/reuse\/$/,
    fields: ['Mutation.setConnectionTokenReusable'],
  },
  { operations: /^DELETE \/authentication\/access-tokens\/{}\/$/, fields: ['Mutation.revokeOauthToken'] },
  { operations: /^POST \/authentication\/(tokens|mfa\/verify)\/$/, fields: ['Mutation.login', 'Mutation.verifyMfa'] },
  { operations: /^POST \/authentication\/mfa\/select\/$/, fields: ['Mutation.sendMfaCode'] },
];

const NAMED = 'component-only (named in graph.md §8)';
const BROWSER = 'a flow of the browser';
const WIDGET = 'a tree for UI widgets; the tree is served by `assetNodes`';

/** Operations that graph.md §8 leaves out, with its reason. The first that matches tells. What it does not name counts, served or open. */
export const LEFT_OUT: readonly Noted[] = [
  { operations: /render-to-json\/$/, reason: '`render-to-json`' },
  { operations: /suggestions\/$/, reason: '`suggestions`' },
  { operations: /\/tree\/$/, reason: WIDGET },
  {
    operations:
      /registration|\/config\/$|encrypted-config|heartbeat|lifecycle_log|\/smart\/|(super|admin)-connection-token|insecure-command|login-asset\/check/,
    reason: NAMED,
  },
  { operations: /\/status\/({}\/)?$/, reason: NAMED },
  { operations: /^[A-Z]+ \/terminal\/tasks\/{}\/$|^POST \/terminal\/tasks\/$/, reason: NAMED },
  { operations: /passkeys?\/|\/sso\/|\/qr\/|oauth|\/face|captcha/, reason: BROWSER },
  {
    operations: /^(POST|PATCH|DELETE) \/settings\/|^[A-Z]+ \/settings\/.*test/,
    reason: '`settings` writes and their tests',
  },
];

const COMPONENT = 'JumpServer’s own components alone may call it';
const NEVER = 'JumpServer answers 405 to everybody';
const ITSELF = 'JumpServer makes these itself';
const FILE = 'a file, not data';
const PROGRAM = 'for the programs and chat services themselves, with credentials of their own';
const NOBODY = '4.10 has no permission code for it, so no role can allow it';
const PAGES = 'a step of JumpServer’s own pages, which keep a browser session';
const UNKNOWN = 'no document says what it takes or answers';
const CHAT = 'a read that makes the chat assistant’s own asset and account';
const NOTHING = 'nothing of it can be written';
const SECRET = 'it answers secrets, which leave by five payload fields alone (graph.md §1)';

/** Why some operations stay open. They count all the same. */
export const OPEN: readonly Noted[] = [
  {
    operations:
      /^POST \/terminal\/(sessions|commands|terminals|app-providers|session-join-records|sessions\/{}\/replay|sessions\/join\/validate)\/$|^(PATCH|DELETE) \/terminal\/(commands|session-join-records)\/{}\/$|^PATCH \/terminal\/session-join-records\/{}\/finished\/$/,
    reason: COMPONENT,
  },
  { operations: /^(POST|PATCH) \/audits\/(ftp-logs|user-sessions)\//, reason: COMPONENT },
  { operations: /\/terminal\/applet-hosts\/{}\/(applets\/reports|startup)\/$/, reason: COMPONENT },
  { operations: /\/tickets\/ticket-session-relation\/$|\/command-filter-acls\/command-review\/$/, reason: COMPONENT },
  { operations: /\/accounts\/integration-applications\/account-secret\/$/, reason: PROGRAM },
  { operations: /^POST \/authentication\/(feishu|lark)\//, reason: PROGRAM },
  { operations: /^(POST \/accounts\/account-risks\/|PATCH \/accounts\/account-risks\/{}\/)$/, reason: NEVER },
  { operations: /^(POST|PATCH) \/accounts\/gathered-accounts\/({}\/)?$/, reason: NOBODY },
  { operations: /^(POST|DELETE) \/accounts\/virtual-accounts\/({}\/)?$/, reason: NOBODY },
  { operations: /^PATCH \/[a-z]+\/connection-token\/{}\/$/, reason: NOBODY },
  { operations: /^PATCH \/authentication\/temp-tokens\/{}\/$/, reason: NOTHING },
  { operations: /\/ukey\/|\/user-session\/$|\/password\/reset-code\/$/, reason: PAGES },
  { operations: /\/accounts\/chat\/$/, reason: CHAT },
  {
    operations:
      /^[A-Z]+ \/notifications\/(templates\/|site-messages\/{}\/revoke\/)|\/hostname\/$|\/form-data\/$|\/loki\/logs\/$/,
    reason: UNKNOWN,
  },
  { operations: /\/connection-token\/({}\/client-url|exchange)\/$/, reason: SECRET },
  { operations: /^(POST|PATCH|DELETE) \/tickets\/[a-z-]*tickets\/({}\/)?$/, reason: NEVER },
  { operations: /^DELETE \/terminal\/session-sharings\/{}\/$/, reason: NEVER },
  { operations: /^POST \/tickets\/apply-(command|login|login-asset)-tickets\/open\/$/, reason: ITSELF },
  { operations: /^(POST|PATCH|DELETE) \/rbac\/content-types\/({}\/)?$/, reason: ITSELF },
  { operations: /\/upload\/$|\/download\/$|\/rdp-file\/$|\/settings\/logo\/$/, reason: FILE },
  { operations: /secret|leak-passwords/, reason: SECRET },
];
