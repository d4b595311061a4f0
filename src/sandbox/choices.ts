import type { Choices } from './fields.ts';

/** Closed sets of values as the OPTIONS metadata has them; labels in words of our own. */
export const CATEGORIES: Choices = {
  host: 'Host',
  device: 'Device',
  database: 'Database',
  cloud: 'Cloud',
  web: 'Web',
  ds: 'Directory',
  custom: 'Custom',
};

/** Types of assets, of all categories. */
export const TYPES: Choices = {
  linux: 'Linux',
  windows: 'Windows',
  unix: 'Unix',
  other: 'Other',
  general: 'General',
  switch: 'Switch',
  router: 'Router',
  firewall: 'Firewall',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  postgresql: 'PostgreSQL',
  mongodb: 'MongoDB',
  redis: 'Redis',
  k8s: 'Kubernetes',
  public: 'Public cloud',
  private: 'Private cloud',
  website: 'Website',
  chatgpt: 'ChatGPT',
};

/** Types that each category offers on a Community server. */
export const TYPES_OF: Record<string, string[]> = {
  host: ['linux', 'windows', 'unix', 'other'],
  device: ['general', 'switch', 'router', 'firewall'],
  database: ['mysql', 'mariadb', 'postgresql', 'mongodb', 'redis'],
  cloud: ['k8s', 'public', 'private'],
  web: ['website'],
  ds: ['general'],
  custom: [],
};

/** What a check of an asset or an account found. */
export const CONNECTIVITY: Choices = {
  '-': 'Unknown',
  na: 'Not applicable',
  ok: 'Reachable',
  err: 'Unreachable',
  rdp_err: 'RDP error',
  auth_err: 'Sign-in error',
  password_err: 'Wrong password',
  openssh_key_err: 'OpenSSH key error',
  ntlm_err: 'NTLM error',
  create_temp_err: 'No temporary file',
};

/** Character sets of terminals. */
export const CHARSETS: Choices = { 'utf-8': 'UTF-8', gbk: 'GBK' };

/** How a session changes to another account. */
export const SU_METHODS: Choices = {
  sudo: 'sudo su -',
  su: 'su -',
  only_sudo: 'sudo su',
  only_su: 'su',
  enable: 'enable',
  super: 'super 15',
  super_level: 'super level 15',
};

/** Kinds of secrets. */
export const SECRET_TYPES: Choices = {
  password: 'Password',
  ssh_key: 'SSH key',
  access_key: 'Access key',
  token: 'Token',
  api_key: 'API key',
};

/** Where an account comes from. */
export const ACCOUNT_SOURCES: Choices = { local: 'Local', collected: 'Collected', template: 'Template' };

/** Where a user comes from. */
export const USER_SOURCES: Choices = { local: 'Local', ldap: 'LDAP', cas: 'CAS' };

/** Whether a user needs a second factor. */
export const MFA_LEVELS: Choices = { 0: 'Off', 1: 'On', 2: 'Forced' };

/** How a new user gets a password. */
export const PASSWORD_STRATEGIES: Choices = { email: 'A link is mailed', custom: 'Set here' };

/** Kinds of sessions. */
export const SESSION_TYPES: Choices = { normal: 'Normal', tunnel: 'Tunnel', command: 'Command', sftp: 'SFTP' };

/** What a session was opened with. */
export const LOGIN_FROM: Choices = {
  ST: 'SSH terminal',
  RT: 'RDP terminal',
  WT: 'Web terminal',
  DT: 'DB terminal',
  VT: 'VNC terminal',
};

/** Why a session failed. */
export const SESSION_ERRORS: Choices = {
  connect_failed: 'Could not connect',
  replay_create_failed: 'Replay not recorded',
  replay_upload_failed: 'Replay not uploaded',
  replay_convert_failed: 'Replay not converted',
  replay_unsupported: 'No replay for this kind',
};

/** What became of a command. */
export const RISK_LEVELS: Choices = {
  0: 'Accepted',
  4: 'Warned',
  5: 'Rejected',
  6: 'Review rejected',
  7: 'Review accepted',
  8: 'Review cancelled',
};

/** Where a role holds. */
export const SCOPES: Choices = { system: 'System', org: 'Organization' };

/** How PostgreSQL is asked for encryption. */
export const PG_SSL_MODES: Choices = {
  prefer: 'Prefer',
  require: 'Require',
  'verify-ca': 'Verify authority',
  'verify-full': 'Verify fully',
};

/** How a web page is signed in to. */
export const AUTOFILL: Choices = { no: 'Off', basic: 'Basic', script: 'Script' };

/** What a user signed in with. */
export const LOGIN_TYPES: Choices = { W: 'Web', T: 'Terminal', U: 'Unknown' };

/** Whether a second factor was given at sign-in. */
export const MFA_STATES: Choices = { 0: 'Off', 1: 'On', 2: '-' };

/** What an operate log says was done. */
export const OPERATIONS: Choices = {
  view: 'View',
  update: 'Update',
  delete: 'Delete',
  create: 'Create',
  download: 'Download',
  connect: 'Connect',
  login: 'Sign in',
  change_password: 'Change password',
  accept: 'Accept',
  review: 'Review',
  notice: 'Notice',
  reject: 'Reject',
  approve: 'Approve',
  close: 'Close',
  finished: 'Finished',
  export: 'Export',
};

/** What a log of files says was done. */
export const FILE_OPERATIONS: Choices = {
  mkdir: 'Make directory',
  rmdir: 'Remove directory',
  delete: 'Delete',
  upload: 'Upload',
  rename: 'Rename',
  symlink: 'Link',
  download: 'Download',
  rename_dir: 'Rename directory',
};

/** Where commands are kept. */
export const STORAGE_TYPES: Choices = { null: 'None', server: 'Server', es: 'Elasticsearch' };

/** Where replays are kept. */
export const REPLAY_STORAGE_TYPES: Choices = {
  null: 'None',
  server: 'Server',
  s3: 'S3',
  ceph: 'Ceph',
  swift: 'Swift',
  oss: 'OSS',
  azure: 'Azure',
  obs: 'OBS',
  cos: 'COS',
  sftp: 'SFTP',
};

/** How busy a component is. */
export const TERMINAL_LOADS: Choices = { critical: 'Critical', high: 'High', normal: 'Normal', offline: 'Offline' };

/** The components. */
export const TERMINAL_TYPES: Choices = Object.fromEntries(
  'koko guacamole omnidb xrdp lion core celery magnus razor tinker video_worker chen kael panda nec facelive'
    .split(' ')
    .map((name) => [name, name]),
);

/** How far a run of a job is. */
export const EXECUTION_STATES: Choices = {
  ready: 'Ready',
  pending: 'Pending',
  running: 'Running',
  success: 'Success',
  failed: 'Failed',
  error: 'Error',
  canceled: 'Cancelled',
};

/** Where a new secret comes from. */
export const SECRET_STRATEGIES: Choices = { specific: 'Given secret', random: 'Random secret' };

/** The protocols. */
export const PROTOCOL_NAMES: Choices = {
  ssh: 'SSH',
  rdp: 'RDP',
  telnet: 'Telnet',
  vnc: 'VNC',
  sftp: 'SFTP',
  winrm: 'WinRM',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  postgresql: 'PostgreSQL',
  mongodb: 'MongoDB',
  redis: 'Redis',
  http: 'HTTP(s)',
  k8s: 'K8s',
};
