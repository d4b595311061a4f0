import type { Row } from '../types.ts';

/** Permission codes by model: `v`iew, `a`dd, `c`hange, `d`elete, then codes of the model's own (api.md §5.16). */
const MODELS: Record<string, string> = {
  'users.user': 'vacd invite_user remove_user match_user',
  'users.usergroup': 'vacd',
  'users.preference': 'vacd',
  'assets.asset': 'vacd refresh_assethardwareinfo test_assetconnectivity match_asset change_assetnodes',
  'assets.host': 'vacd',
  'assets.device': 'vacd',
  'assets.database': 'vacd',
  'assets.web': 'vacd',
  'assets.cloud': 'vacd',
  'assets.gpt': 'vacd',
  'assets.custom': 'vacd',
  'assets.directoryservice': 'vacd',
  'assets.gateway': 'vacd',
  'assets.node': 'vacd match_node',
  'assets.platform': 'vacd',
  'assets.zone': 'vacd',
  'assets.myasset': 'vacd',
  'accounts.account':
    'vacd push_account remove_account verify_account view_accountactivity view_accountsecret view_accountsession',
  'accounts.accounttemplate': 'vacd view_accounttemplatesecret',
  'accounts.accountrisk': 'vcd',
  'accounts.backupaccountautomation': 'vacd',
  'accounts.changesecretautomation': 'vacd',
  'accounts.changesecretrecord': 'v',
  'accounts.checkaccountautomation': 'vacd add_checkaccountexecution view_checkaccountexecution',
  'accounts.gatheraccountsautomation': 'vacd',
  'accounts.gatheredaccount': 'vd',
  'accounts.integrationapplication': 'vacd',
  'accounts.pushaccountautomation': 'vacd',
  'accounts.automationexecution':
    'view_backupaccountexecution add_backupaccountexecution view_changesecretexecution add_changesecretexecution view_gatheraccountsexecution add_gatheraccountsexecution view_pushaccountexecution add_pushaccountexecution',
  'accounts.virtualaccount': 'vc',
  'acls.loginacl': 'vacd',
  'acls.loginassetacl': 'vacd',
  'acls.commandfilteracl': 'vacd',
  'acls.commandgroup': 'vacd',
  'acls.connectmethodacl': 'vacd',
  'acls.datamaskingrule': 'vacd',
  'audits.activitylog': 'v',
  'audits.ftplog': 'vac',
  'audits.joblog': 'v',
  'audits.operatelog': 'v',
  'audits.passwordchangelog': 'v',
  'audits.userloginlog': 'v',
  'audits.usersession': 'v offline_usersession',
  'audits.integrationapplicationlog': 'vacd',
  'authentication.accesskey': 'vacd',
  'authentication.connectiontoken': 'va expire_connectiontoken reuse_connectiontoken',
  'authentication.passkey': 'vacd',
  'authentication.sshkey': 'vacd',
  'authentication.temptoken': 'vac',
  'authentication.superconnectiontoken': 'vacd',
  'labels.label': 'vacd',
  'labels.labeledresource': 'vacd',
  'notifications.systemmsgsubscription': 'vc',
  'ops.adhoc': 'vacd',
  'ops.celerytask': 'v',
  'ops.celerytaskexecution': 'v',
  'ops.job': 'vacd',
  'ops.jobexecution': 'va',
  'ops.playbook': 'vacd',
  'ops.variable': 'vacd',
  'orgs.organization': 'vacd',
  'orgs.alljoinedorg': 'v',
  'perms.assetpermission': 'vacd',
  'perms.permedasset': 'view_myassets view_userassets view_usergroupassets',
  'rbac.menupermission':
    'view_console view_pam view_audit view_workbench view_webterminal view_filemanager view_systemtools',
  'rbac.role': 'v',
  'rbac.orgrole': 'vacd',
  'rbac.orgrolebinding': 'vad',
  'rbac.systemrole': 'vacd',
  'rbac.systemrolebinding': 'vacd',
  'rbac.permission': 'v',
  'rbac.contenttype': 'v',
  'settings.setting': 'vc',
  'terminal.command': 'va',
  'terminal.commandstorage': 'vacd',
  'terminal.replaystorage': 'vacd',
  'terminal.endpoint': 'vacd',
  'terminal.endpointrule': 'vacd',
  'terminal.session': 'vac monitor_session terminate_session validate_sessionactionperm',
  'terminal.sessionjoinrecord': 'vac',
  'terminal.sessionreplay': 'view_sessionreplay upload_sessionreplay download_sessionreplay',
  'terminal.sessionsharing': 'va',
  'terminal.terminal': 'vacd',
  'terminal.applet': 'vacd',
  'terminal.applethost': 'vacd',
  'terminal.virtualapp': 'vacd',
  'tickets.ticket': 'v',
  'tickets.ticketflow': 'vacd',
};

const VERBS: Record<string, string> = { v: 'view', a: 'add', c: 'change', d: 'delete' };

function codesOf(model: string, text: string): string[] {
  return text
    .split(' ')
    .flatMap((word) =>
      word.includes('_') ? [word] : [...word].map((letter) => `${VERBS[letter] ?? 'view'}_${model}`),
    );
}

/** The permission codes a server knows, numbered through. */
export function seedCodes(): Row[] {
  const rows: Row[] = [];
  Object.entries(MODELS).forEach(([path, text], i) => {
    const [app = '', model = ''] = path.split('.');
    for (const codename of codesOf(model, text)) {
      rows.push({
        id: rows.length + 1,
        name: `Can ${codename.replace('_', ' ')}`,
        codename,
        code: `${app}.${codename}`,
        content_type: { id: i + 1, app_label: app, model },
      });
    }
  });
  return rows;
}
