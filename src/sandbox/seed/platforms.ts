import type { Json, JsonObject, Row, SandboxVersion } from '../types.ts';

/** Protocols with their ports, secret types and settings, as built-in platforms have them. */
const PROTOCOLS: Record<string, { port: number; secrets: string[]; setting: JsonObject }> = {
  ssh: { port: 22, secrets: ['password', 'ssh_key'], setting: { sftp_home: '/tmp', sftp_enabled: true } },
  sftp: { port: 22, secrets: ['password', 'ssh_key'], setting: { sftp_home: '/tmp' } },
  telnet: { port: 23, secrets: ['password'], setting: {} },
  vnc: { port: 5900, secrets: ['password'], setting: {} },
  rdp: { port: 3389, secrets: ['password'], setting: { console: false, security: 'any' } },
  winrm: { port: 5985, secrets: ['password'], setting: { use_ssl: false } },
  mysql: { port: 3306, secrets: ['password'], setting: {} },
  mariadb: { port: 3306, secrets: ['password'], setting: {} },
  postgresql: { port: 5432, secrets: ['password'], setting: {} },
  mongodb: { port: 27_017, secrets: ['password'], setting: {} },
  redis: { port: 6379, secrets: ['password'], setting: { auth_username: false } },
  http: { port: 80, secrets: ['password'], setting: { safe_mode: false } },
  k8s: { port: 443, secrets: ['token'], setting: {} },
};

/** Methods by automation kind; '' where a platform has none. */
type Methods = Record<string, string>;

const posix = (account = 'posix'): Methods => ({
  ping: 'posix_ping',
  gather_facts: 'gather_facts_posix',
  push_account: `push_account_${account}`,
  change_secret: `change_secret_${account}`,
  verify_account: 'verify_account_posix',
  gather_accounts: 'gather_accounts_posix',
  remove_account: 'remove_account_posix',
});

const windows: Methods = {
  ping: 'ping_by_rdp',
  gather_facts: 'gather_facts_windows',
  push_account: 'push_account_local_windows',
  change_secret: 'change_secret_local_windows',
  verify_account: 'verify_account_by_rdp',
  gather_accounts: 'gather_accounts_windows',
  remove_account: 'remove_account_windows',
};

const bySsh: Methods = {
  ping: 'ping_by_ssh',
  change_secret: 'change_secret_by_ssh',
  verify_account: 'verify_account_by_ssh',
};

const database = (name: string): Methods => ({
  ping: `${name}_ping`,
  push_account: `push_account_${name}`,
  change_secret: `change_secret_${name}`,
  verify_account: `verify_account_${name}`,
  gather_accounts: `gather_accounts_${name}`,
  remove_account: `remove_account_${name}`,
});

interface Line {
  name: string;
  category: string;
  type: string;
  /** The primary protocol comes last, as upstream orders them. */
  protocols: string;
  methods: Methods;
  su?: string;
  gateway?: boolean;
  fromAddress?: boolean;
}

const UNIX = 'telnet vnc rdp ssh';
const WINDOWS = 'ssh vnc winrm rdp';

/** The platforms every Community server comes with, in the order of their ids since 4.0. */
const LINES: readonly (Line | null)[] = [
  {
    name: 'Linux',
    category: 'host',
    type: 'linux',
    protocols: 'telnet vnc rdp sftp ssh',
    methods: posix(),
    su: 'sudo',
  },
  { name: 'Unix', category: 'host', type: 'unix', protocols: UNIX, methods: posix(), su: 'sudo' },
  { name: 'macOS', category: 'host', type: 'unix', protocols: UNIX, methods: posix(), su: 'sudo' },
  { name: 'BSD', category: 'host', type: 'unix', protocols: UNIX, methods: posix(), su: 'sudo' },
  { name: 'Windows', category: 'host', type: 'windows', protocols: WINDOWS, methods: windows },
  { name: 'Windows2016', category: 'host', type: 'windows', protocols: WINDOWS, methods: windows },
  { name: 'Other', category: 'host', type: 'other', protocols: 'sftp telnet vnc rdp ssh', methods: {} },
  { name: 'Windows-RDP', category: 'host', type: 'windows', protocols: WINDOWS, methods: windows },
  { name: 'Windows-TLS', category: 'host', type: 'windows', protocols: WINDOWS, methods: windows },
  { name: 'AIX', category: 'host', type: 'unix', protocols: UNIX, methods: posix('aix'), su: 'sudo' },
  {
    name: 'Gateway',
    category: 'host',
    type: 'linux',
    protocols: 'telnet vnc rdp sftp ssh',
    methods: posix(),
    su: 'sudo',
  },
  { name: 'RemoteAppHost', category: 'host', type: 'windows', protocols: 'ssh winrm rdp', methods: windows },
  { name: 'General', category: 'ds', type: 'general', protocols: 'ssh', methods: bySsh, gateway: false },
  { name: 'Cisco', category: 'device', type: 'general', protocols: 'telnet ssh', methods: bySsh, su: 'enable' },
  { name: 'Huawei', category: 'device', type: 'general', protocols: 'telnet ssh', methods: bySsh, su: 'super' },
  { name: 'H3C', category: 'device', type: 'general', protocols: 'telnet ssh', methods: bySsh, su: 'super_level' },
  { name: 'MySQL', category: 'database', type: 'mysql', protocols: 'mysql', methods: database('mysql') },
  { name: 'MariaDB', category: 'database', type: 'mariadb', protocols: 'mariadb', methods: database('mysql') },
  {
    name: 'PostgreSQL',
    category: 'database',
    type: 'postgresql',
    protocols: 'postgresql',
    methods: database('postgresql'),
  },
  null,
  null,
  null,
  { name: 'MongoDB', category: 'database', type: 'mongodb', protocols: 'mongodb', methods: database('mongodb') },
  { name: 'Redis', category: 'database', type: 'redis', protocols: 'redis', methods: {} },
  { name: 'Redis6+', category: 'database', type: 'redis', protocols: 'redis', methods: {} },
  {
    name: 'Website',
    category: 'web',
    type: 'website',
    protocols: 'http',
    methods: {},
    gateway: false,
    fromAddress: true,
  },
  {
    name: 'Vmware-vSphere',
    category: 'cloud',
    type: 'private',
    protocols: 'http',
    methods: {},
    gateway: false,
    fromAddress: true,
  },
  {
    name: 'Kubernetes',
    category: 'cloud',
    type: 'k8s',
    protocols: 'k8s',
    methods: {},
    gateway: false,
    fromAddress: true,
  },
];

const KINDS = [
  'ping',
  'gather_facts',
  'push_account',
  'change_secret',
  'verify_account',
  'gather_accounts',
  'remove_account',
];

function toAutomation(id: number, methods: Methods): JsonObject {
  const isUsed = Object.keys(methods).length > 0;
  const parts = KINDS.flatMap((kind): [string, Json][] => [
    [`${kind}_enabled`, methods[kind] !== undefined],
    [`${kind}_method`, methods[kind] ?? null],
    [`${kind}_params`, {}],
  ]);
  return {
    id,
    ansible_enabled: isUsed,
    ansible_config: isUsed ? { ansible_connection: 'smart' } : {},
    ...Object.fromEntries(parts),
  };
}

function toProtocols(id: number, line: Line): Json[] {
  const names = line.protocols.split(' ');
  return names.map((name, i) => {
    const { port = 0, secrets = [], setting = {} } = PROTOCOLS[name] ?? {};
    return {
      id: id * 10 + i,
      name,
      port,
      port_from_addr: line.fromAddress ?? false,
      primary: i === names.length - 1,
      required: false,
      default: name === 'sftp',
      public: name !== 'winrm',
      secret_types: secrets,
      setting,
    };
  });
}

/** A platform in its stored form. */
function toPlatform(id: number, line: Line, at: number): Row {
  return {
    id,
    name: line.name,
    category: line.category,
    type: line.type,
    charset: 'utf-8',
    protocols: toProtocols(id, line),
    su_enabled: line.su !== undefined,
    su_method: line.su === undefined || line.su === 'sudo' ? null : line.su,
    automation: toAutomation(id, line.methods),
    custom_fields: [],
    internal: true,
    gateway_enabled: line.gateway ?? true,
    ds_enabled: false,
    has_package: false,
    date_created: at,
    date_updated: at,
    comment: '',
    created_by: 'System',
    updated_by: 'System',
  };
}

/** The built-in platforms, and one of the company's own for assets of category custom. */
export function seedPlatforms(version: SandboxVersion, at: number): Row[] {
  const rows = LINES.flatMap((line, i) => {
    if (line === null || (version === '3.10.23' && line.category === 'ds')) return [];
    return [toPlatform(i + 1, line, at)];
  });
  const own: Line = { name: 'Crane-Control', category: 'custom', type: 'crane', protocols: 'ssh', methods: {} };
  return [
    ...rows,
    {
      ...toPlatform(101, own, at),
      internal: false,
      custom_fields: [{ name: 'berth', label: 'Berth', type: 'str', default: '', help_text: '', choices: [] }],
    },
  ];
}
