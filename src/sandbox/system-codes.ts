import type { SandboxVersion } from './types.ts';
import { isIn } from './versions.ts';

/** Verbs by model of the permissions that only system roles give: in no organisation's `rbac/permissions/`. */
const MODELS: Record<string, string> = {
  'acls.connectmethodacl': 'add change delete view',
  'acls.loginacl': 'add change delete view',
  'assets.platform': 'add change delete',
  'authentication.accesskey': 'add change delete view',
  'authentication.passkey': 'add change delete view',
  'authentication.superconnectiontoken': 'add view',
  'authentication.superconnectiontokensecret': 'view',
  'authentication.temptoken': 'add change view',
  'ops.taskmonitor': 'view',
  'orgs.alljoinedorg': 'view',
  'orgs.organization': 'add change delete view',
  'orgs.rootorg': 'view',
  'rbac.orgrole': 'add change delete',
  'rbac.role': 'add change delete',
  'rbac.systemrole': 'add change delete view',
  'rbac.systemrolebinding': 'add delete view',
  'terminal.applet': 'add change delete view',
  'terminal.applethost': 'add change delete view',
  'terminal.applethostdeployment': 'add change delete view',
  'terminal.appletpublication': 'add change delete view',
  'terminal.commandstorage': 'add change delete view',
  'terminal.endpoint': 'add change delete view',
  'terminal.endpointrule': 'add change delete view',
  'terminal.replaystorage': 'add change delete view',
  'terminal.status': 'add view',
  'terminal.task': 'change view',
  'terminal.terminal': 'add change delete view',
  'terminal.terminalconfig': 'view',
  'tickets.superticket': 'add change view',
  'tickets.ticket': 'view',
  'tickets.ticketflow': 'change view',
  'tickets.ticketsession': 'add change',
  'users.user': 'delete',
};

/** Parts of the settings, each with a permission to change it. */
const SETTINGS =
  'announcement auth chatai clean email interface license ops other security sms systemmsgsubscription terminal ticket vault virtualapp';

const spread = (model: string, verbs: string): string[] => {
  const [app = '', name = ''] = model.split('.');
  return verbs.split(' ').map((verb) => `${app}.${verb}_${name}`);
};

const ALWAYS = [
  ...Object.entries(MODELS).flatMap(([model, verbs]) => spread(model, verbs)),
  ...SETTINGS.split(' ').map((part) => `settings.change_${part}`),
];

/** The permissions of the whole system on a server version (api.md §5.16). */
export function systemCodes(version: SandboxVersion): readonly string[] {
  return [
    ...ALWAYS,
    ...(version === '4.9.0' ? [] : spread('authentication.ssotoken', 'add view')),
    ...(isIn(version, { until: '4.10.16' }) ? ['settings.view_setting'] : []),
    ...(isIn(version, { since: '4.10.16' }) ? spread('oauth2_provider.accesstoken', 'delete view') : []),
    ...(version === '4.10.19' ? ['rbac.view_jdmc', 'settings.change_basic', 'tickets.add_ticketflow'] : []),
  ];
}
