import { type Chance, createChance } from '../ids.ts';
import { LABEL_TYPES } from '../labels.ts';
import { protocolRows } from '../resources/platforms.ts';
import { ROLES } from '../rights.ts';
import { createStore, createTable, type Store } from '../store.ts';
import { DAY_MS } from '../time.ts';
import type { Id, JsonObject, Row, SandboxSeed, SandboxState, SandboxVersion } from '../types.ts';
import { DEFAULT_ORG, SYSTEM_ORG, textOf } from '../world.ts';
import { seedCodes } from './codes.ts';
import { createLogs } from './history.ts';
import { FIRST_NAMES, GROUP_NAMES, LAST_NAMES, SITES, STAGES, TIERS } from './names.ts';
import { seedPlatforms } from './platforms.ts';
import { seedRoles } from './roles.ts';

/** What the parts of the seed share. */
export interface Draft {
  version: SandboxVersion;
  seed: SandboxSeed;
  chance: Chance;
  tables: Record<string, Row[]>;
  /** The second organisation. */
  otherOrg: string;
}

/** Adds rows to a table of the draft. */
export function put(draft: Draft, table: string, row: Row): Row {
  draft.tables[table] ??= [];
  draft.tables[table].push(row);
  return row;
}

/** Rows of a table of the draft. */
export const rowsOf = (draft: Draft, table: string): Row[] => draft.tables[table] ?? [];

const DOMAIN = 'harborvale.example';
const AGE = 400 * DAY_MS;

function seedOrgs(draft: Draft): void {
  const { at } = draft.seed;
  const org = (id: string, name: string, internal: boolean, comment: string): Row =>
    put(draft, 'orgs', { id, name, internal, comment, created_by: 'System', date_created: at - AGE });
  org(DEFAULT_ORG, 'Default', true, '');
  org(SYSTEM_ORG, 'SYSTEM', true, '');
  org(draft.otherOrg, 'Vale Robotics', false, 'The daughter company');
}

/** Usernames that the fixed credentials, the documentation and the tests know. */
const FIXED: readonly [string, string][] = [
  ['admin', 'Administrator'],
  ['auditor', 'Sandbox Auditor'],
  ['user', 'Sandbox User'],
];

function addUser(draft: Draft, username: string, name: string, extra: JsonObject = {}): Row {
  const { at } = draft.seed;
  const joined = at - draft.chance.below(350) * DAY_MS - 20 * DAY_MS;
  return put(draft, 'users', {
    id: draft.chance.uuid(),
    name,
    username,
    email: `${username}@${DOMAIN}`,
    wechat: '',
    phone: null,
    mfa_level: 0,
    source: 'local',
    password_strategy: 'email',
    is_service_account: false,
    is_active: true,
    is_otp_secret_key_bound: false,
    need_update_password: false,
    is_first_login: false,
    date_expired: at + 70 * 365 * DAY_MS,
    date_joined: joined,
    last_login: joined + draft.chance.below(20) * DAY_MS,
    date_updated: joined,
    date_api_key_last_used: null,
    date_password_last_updated: joined,
    created_by: 'Administrator',
    updated_by: 'Administrator',
    comment: '',
    ...extra,
  });
}

function bind(draft: Draft, user: Row, role: string, org: string | null): void {
  put(draft, 'role-bindings', {
    id: draft.chance.uuid(),
    user: user.id,
    role,
    scope: org === null ? 'system' : 'org',
    org,
  });
}

function seedUsers(draft: Draft): void {
  const { seed } = draft;
  const [admin, auditor, ordinary] = FIXED.map(([username, name]) => addUser(draft, username, name));
  if (admin === undefined || auditor === undefined || ordinary === undefined) return;
  bind(draft, admin, ROLES.systemAdmin, null);
  bind(draft, auditor, ROLES.systemAuditor, null);
  bind(draft, ordinary, ROLES.user, null);
  bind(draft, admin, ROLES.orgAdmin, DEFAULT_ORG);
  bind(draft, auditor, ROLES.orgAuditor, DEFAULT_ORG);
  bind(draft, ordinary, ROLES.orgUser, DEFAULT_ORG);
  bind(draft, admin, ROLES.orgAdmin, draft.otherOrg);
  const taken = new Set<string>();
  for (let i = FIXED.length; i < seed.users; i += 1) {
    const first = FIRST_NAMES[i % FIRST_NAMES.length] ?? 'Nemo';
    const last = LAST_NAMES[(i * 7 + Math.floor(i / FIRST_NAMES.length)) % LAST_NAMES.length] ?? 'Nobody';
    const base = `${first}.${last}`.toLowerCase();
    const username = taken.has(base) ? `${base}${i}` : base;
    taken.add(base);
    const name = username === base ? `${first} ${last}` : `${first} ${last} ${i}`;
    seedPerson(draft, username, name, i);
  }
}

function seedPerson(draft: Draft, username: string, name: string, i: number): void {
  const { seed } = draft;
  const isGone = i % 11 === 7;
  const user = addUser(draft, username, name, {
    is_active: !isGone,
    date_expired: i % 17 === 9 ? seed.at - 5 * DAY_MS : seed.at + 70 * 365 * DAY_MS,
    mfa_level: i % 13 === 5 ? 2 : i % 9 === 4 ? 1 : 0,
    is_otp_secret_key_bound: i % 13 === 5 || i % 9 === 4,
    otp_secret: i % 13 === 5 || i % 9 === 4 ? `otp-${username}` : null,
    source: i % 8 === 3 ? 'ldap' : 'local',
    phone: i % 4 === 1 ? { code: '+31', phone: `6100${String(i).padStart(5, '0')}` } : null,
    last_login: i % 10 === 6 ? null : seed.at - draft.chance.below(40 * 24) * 3_600_000,
    is_first_login: i % 10 === 6,
    comment: isGone ? 'Left the company' : '',
  });
  bind(draft, user, ROLES.user, null);
  bind(draft, user, i === 4 ? ROLES.orgAdmin : i === 5 ? ROLES.orgAuditor : ROLES.orgUser, DEFAULT_ORG);
  if (i % 12 === 2 || i === 6) bind(draft, user, i === 6 ? ROLES.orgAdmin : ROLES.orgUser, draft.otherOrg);
}

function orgRow(draft: Draft, org: string, name: string, comment = ''): Row {
  const at = draft.seed.at - 300 * DAY_MS + draft.chance.below(100) * DAY_MS;
  return {
    id: draft.chance.uuid(),
    name,
    comment,
    org_id: org,
    created_by: 'Administrator',
    date_created: at,
    date_updated: at,
  };
}

function seedGroups(draft: Draft): void {
  const made = GROUP_NAMES.map(([name, comment]) =>
    put(draft, 'user-groups', orgRow(draft, DEFAULT_ORG, name, comment)),
  );
  const other = put(draft, 'user-groups', orgRow(draft, draft.otherOrg, 'Robotics Lab', 'Everyone there'));
  let number = 0;
  const join = (user: Row, group: Row): void => {
    number += 1;
    put(draft, 'user-group-relations', { id: number, user: user.id, usergroup: group.id });
  };
  rowsOf(draft, 'users').forEach((user, i) => {
    const count = i % 7 === 0 ? 0 : i % 5 === 2 ? 3 : i % 3 === 1 ? 2 : 1;
    for (let k = 0; k < count; k += 1) {
      const group = made[(i + k * 3) % made.length];
      if (group !== undefined) join(user, group);
    }
    if (i % 12 === 2) join(user, other);
  });
}

function addNode(draft: Draft, parent: Row | null, org: string, value: string): Row {
  const rows = rowsOf(draft, 'nodes');
  const mark = parent === null ? 0 : Number(parent.child_mark);
  if (parent !== null) parent.child_mark = mark + 1;
  const key =
    parent === null ? String(rows.filter((row) => row.parent_key === '').length + 1) : `${textOf(parent.key)}:${mark}`;
  return put(draft, 'nodes', {
    id: draft.chance.uuid(),
    key,
    parent_key: parent === null ? '' : textOf(parent.key),
    value,
    full_value: `${parent === null ? '' : textOf(parent.full_value)}/${value}`,
    child_mark: 0,
    org_id: org,
  });
}

/** Forty nodes below the root: sites, stages, tiers; more below the tiers of a big company. */
function seedNodes(draft: Draft): Row[] {
  const root = addNode(draft, null, DEFAULT_ORG, 'Default');
  const leaves: Row[] = [];
  SITES.forEach((site, i) => {
    const place = addNode(draft, root, DEFAULT_ORG, site);
    for (const stage of STAGES) {
      const level = addNode(draft, place, DEFAULT_ORG, stage);
      const tiers = i < 2 ? TIERS : TIERS.slice(0, 3);
      for (const tier of tiers) leaves.push(addNode(draft, level, DEFAULT_ORG, tier));
    }
  });
  const more = Math.min(1500, Math.floor(draft.seed.assets / 16)) - 40;
  const tops = [...leaves];
  for (let i = 0; i < more; i += 1) {
    const parent = tops[i % tops.length];
    if (parent !== undefined)
      leaves.push(addNode(draft, parent, DEFAULT_ORG, `Cell ${Math.floor(i / tops.length) + 1}`));
  }
  const other = addNode(draft, null, draft.otherOrg, 'Vale Robotics');
  addNode(draft, other, draft.otherOrg, 'Lab');
  return leaves;
}

function seedZones(draft: Draft): Row[] {
  return [
    put(draft, 'zones', orgRow(draft, DEFAULT_ORG, 'Quayside', 'Behind the harbour firewall')),
    put(draft, 'zones', orgRow(draft, DEFAULT_ORG, 'Perimeter', 'What the internet sees')),
    put(draft, 'zones', orgRow(draft, DEFAULT_ORG, 'Hosted', 'Rented machines')),
  ];
}

/** Kinds of assets with their share of 21, platform and how they are addressed. */
const KINDS: readonly {
  share: number;
  platform: string;
  word: string;
  address: (i: number) => string;
  extra?: (i: number) => JsonObject;
}[] = [
  { share: 5, platform: 'Linux', word: 'app', address: ip, extra: linuxFacts },
  { share: 1, platform: 'Linux', word: 'batch', address: ip, extra: linuxFacts },
  { share: 2, platform: 'Windows', word: 'desk', address: ip },
  { share: 2, platform: 'Cisco', word: 'switch', address: ip },
  { share: 1, platform: 'Huawei', word: 'router', address: ip },
  { share: 2, platform: 'MySQL', word: 'orders-db', address: ip, extra: () => db('orders') },
  {
    share: 2,
    platform: 'PostgreSQL',
    word: 'ledger-db',
    address: ip,
    extra: (i) => ({ ...db('ledger'), use_ssl: i % 2 === 0, pg_ssl_mode: 'require' }),
  },
  { share: 1, platform: 'Redis', word: 'cache', address: ip, extra: () => db('0') },
  { share: 2, platform: 'Website', word: 'portal', address: (i) => `https://portal-${i}.${DOMAIN}`, extra: site },
  { share: 1, platform: 'Kubernetes', word: 'cluster', address: (i) => `https://k8s-${i}.${DOMAIN}` },
  {
    share: 1,
    platform: 'Crane-Control',
    word: 'crane',
    address: ip,
    extra: (i) => ({ custom_info: { berth: `B${i % 9}` } }),
  },
  { share: 1, platform: 'General', word: 'directory', address: ip, extra: () => ({ domain_name: DOMAIN }) },
];

function ip(i: number): string {
  return `10.${20 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`;
}

function db(name: string): JsonObject {
  return {
    db_name: name,
    ca_cert: '',
    client_cert: '',
    client_key: '',
    pg_ssl_mode: 'prefer',
    use_ssl: false,
    allow_invalid_cert: false,
  };
}

function site(): JsonObject {
  return {
    autofill: 'basic',
    username_selector: 'name=username',
    password_selector: 'name=password',
    submit_selector: 'id=login_button',
    script: [],
  };
}

function linuxFacts(i: number): JsonObject {
  if (i % 3 !== 0) return {};
  return {
    gathered_info: {
      vendor: 'QuayBox',
      model: `QB-${i % 4}`,
      cpu_count: 2,
      cpu_cores: 8,
      memory: '64',
      disk_total: '960',
      distribution: 'Debian',
      distribution_version: '12',
      arch: 'x86_64',
    },
  };
}

function addAsset(draft: Draft, platform: Row, name: string, address: string, extra: JsonObject): Row {
  const at = draft.seed.at - (5 + draft.chance.below(300)) * DAY_MS;
  const primary = (platform.protocols as JsonObject[]).find((one) => one.primary === true) ?? {};
  const web = address.startsWith('https');
  return put(draft, 'assets', {
    id: draft.chance.uuid(),
    name,
    address,
    zone: null,
    platform: platform.id,
    protocols: [{ name: primary.name ?? 'ssh', port: web ? 443 : (primary.port ?? 22) }],
    directory_services: [],
    category: platform.category ?? null,
    type: platform.type ?? null,
    connectivity: '-',
    gathered_info: {},
    is_active: true,
    date_verified: null,
    date_last_login: null,
    date_created: at,
    date_updated: at,
    comment: '',
    created_by: 'Administrator',
    org_id: DEFAULT_ORG,
    ...extra,
  });
}

function seedAssets(draft: Draft, leaves: readonly Row[], zones: readonly Row[]): void {
  const { chance, seed } = draft;
  const platforms = new Map(rowsOf(draft, 'platforms').map((row) => [textOf(row.name), row]));
  const linux = platforms.get('Linux');
  if (linux === undefined) return;
  const kinds = KINDS.flatMap((kind) => Array.from({ length: kind.share }, () => kind));
  const words = String(Math.max(seed.assets, 1000)).length;
  for (let i = 0; i < seed.assets; i += 1) {
    const kind = kinds[i % kinds.length];
    const platform = kind === undefined ? undefined : platforms.get(kind.platform);
    if (kind === undefined || platform === undefined) continue;
    const leaf = leaves[chance.below(leaves.length)];
    const second = i % 9 === 4 ? leaves[chance.below(leaves.length)] : undefined;
    addAsset(draft, platform, `${kind.word}-${String(i).padStart(words, '0')}`, kind.address(i), {
      nodes: [...new Set([leaf, second].flatMap((node) => (node === undefined ? [] : [node.id])))],
      zone: i % 6 === 1 ? (zones[i % zones.length]?.id ?? null) : null,
      is_active: i % 23 !== 8,
      connectivity: i % 4 === 0 ? 'ok' : i % 29 === 3 ? 'err' : '-',
      date_verified: i % 4 === 0 ? seed.at - chance.below(30) * DAY_MS : null,
      comment: i % 15 === 2 ? 'Handle with care' : '',
      ...kind.extra?.(i),
    });
  }
  const gateway = platforms.get('Gateway');
  if (gateway !== undefined) {
    zones.slice(0, 2).forEach((zone, i) => {
      addAsset(draft, gateway, `gate-${textOf(zone.name).toLowerCase()}`, `10.250.0.${i + 1}`, {
        zone: zone.id,
        nodes: leaves[0] === undefined ? [] : [leaves[0].id],
      });
    });
  }
  const lab = rowsOf(draft, 'nodes').find((node) => node.value === 'Lab');
  for (let i = 0; i < 12; i += 1) {
    addAsset(draft, linux, `arm-${i}`, `10.240.0.${i + 1}`, {
      org_id: draft.otherOrg,
      nodes: lab === undefined ? [] : [lab.id],
    });
  }
}

function seedAccounts(draft: Draft): void {
  const { chance, seed } = draft;
  rowsOf(draft, 'assets').forEach((asset, i) => {
    const admin = asset.type === 'windows' ? 'Administrator' : 'root';
    const names = i % 10 === 7 ? [admin] : i % 10 === 3 ? [admin, 'deploy', 'backup'] : [admin, 'deploy'];
    let first: Id | null = null;
    names.forEach((username, k) => {
      const secretType =
        asset.type === 'k8s'
          ? 'token'
          : k === 1 && i % 5 === 0 && asset.category === 'host' && asset.type === 'linux'
            ? 'ssh_key'
            : 'password';
      const at = Number(asset.date_created);
      const verified = (i + k) % 4 === 0 ? seed.at - chance.below(60) * DAY_MS : null;
      const row = put(draft, 'accounts', {
        id: chance.uuid(),
        name: username,
        username,
        secret_type: secretType,
        secret: (i + k) % 6 === 5 ? null : `sandbox-secret-${i}-${k}`,
        asset: asset.id,
        su_from: k === 2 ? first : null,
        version: 1 + (i % 3),
        source: i % 14 === 6 ? 'collected' : 'local',
        source_id: null,
        login_by: null,
        connectivity: verified === null ? '-' : 'ok',
        change_secret_status: null,
        org_id: asset.org_id ?? DEFAULT_ORG,
        privileged: k === 0,
        is_active: (i + k) % 31 !== 12,
        secret_reset: true,
        date_created: at,
        date_updated: at,
        date_last_login: (i + k) % 5 === 0 ? seed.at - chance.below(20) * DAY_MS : null,
        date_verified: verified,
        date_change_secret: i % 7 === 0 ? seed.at - chance.below(200) * DAY_MS : null,
        created_by: 'Administrator',
        comment: '',
      });
      first ??= row.id;
    });
  });
}

function seedTemplates(draft: Draft): void {
  for (const [name, username, privileged] of [
    ['Linux root', 'root', true],
    ['Deployment', 'deploy', false],
  ] as const) {
    put(draft, 'account-templates', {
      ...orgRow(draft, DEFAULT_ORG, name),
      username,
      privileged,
      secret_type: 'password',
      secret: `sandbox-template-${username}`,
      secret_strategy: privileged ? 'random' : 'specific',
      password_rules: { length: 16, lowercase: true, uppercase: true, digit: true, symbol: true, exclude_symbols: '' },
      push_params: {},
      platforms: [],
      su_from: null,
      is_active: true,
      auto_push: false,
    });
  }
}

const LABELS: readonly [string, string][] = [
  ['stage', 'production'],
  ['stage', 'staging'],
  ['owner', 'harbour'],
  ['owner', 'shop'],
  ['class', 'gold'],
  ['class', 'silver'],
];

function seedLabels(draft: Draft): void {
  const made = LABELS.map(([name, value]) =>
    put(draft, 'labels', { ...orgRow(draft, DEFAULT_ORG, name), value, color: '' }),
  );
  const number = (model: string): number => LABEL_TYPES[model]?.number[draft.version] ?? 0;
  const tag = (row: Row, label: Row | undefined, type: number): void => {
    if (label === undefined) return;
    put(draft, 'labeled-resources', {
      id: draft.chance.uuid(),
      label: label.id,
      res_type: type,
      res_id: row.id,
      org_id: DEFAULT_ORG,
      date_created: Number(row.date_created ?? draft.seed.at),
      date_updated: Number(row.date_created ?? draft.seed.at),
    });
  };
  const mine = rowsOf(draft, 'assets')
    .filter((asset) => asset.org_id === DEFAULT_ORG)
    .slice(0, 5000);
  mine.forEach((asset, i) => {
    if (i % 3 === 0) tag(asset, made[i % 2], number('assets.asset'));
    if (i % 5 === 1) tag(asset, made[2 + (i % 2)], number('assets.asset'));
  });
  rowsOf(draft, 'users')
    .slice(0, 500)
    .forEach((user, i) => {
      if (i % 8 === 2) tag(user, made[4 + (i % 2)], number('users.user'));
    });
  rowsOf(draft, 'user-groups')
    .slice(0, 2)
    .forEach((group) => {
      tag(group, made[2], number('users.usergroup'));
    });
}

const ACTION_SETS: readonly string[][] = [
  ['connect'],
  ['connect', 'upload', 'download'],
  ['connect', 'upload', 'download', 'copy', 'paste'],
  ['connect', 'upload', 'download', 'copy', 'paste', 'delete', 'share'],
];

const ACCOUNT_RULES: readonly string[][] = [
  ['@ALL'],
  ['root'],
  ['deploy'],
  ['@SPEC', 'deploy', 'backup'],
  ['@USER', '@INPUT'],
  ['@ALL', '!root'],
  [],
];

/** Grants of every kind: through groups and nodes, expired, future, inactive, empty. */
function seedPermissions(draft: Draft): void {
  const { chance, seed } = draft;
  const users = rowsOf(draft, 'users');
  const groups = rowsOf(draft, 'user-groups').filter((group) => group.org_id === DEFAULT_ORG);
  const assets = rowsOf(draft, 'assets').filter((asset) => asset.org_id === DEFAULT_ORG);
  const nodes = rowsOf(draft, 'nodes').filter((node) => node.org_id === DEFAULT_ORG);
  const count = Math.max(30, Math.min(400, Math.round(seed.users / 4)));
  const links: Record<string, number> = {};
  const link = (table: string, permission: Row, column: string, other: Row | undefined): void => {
    if (other === undefined) return;
    const known = rowsOf(draft, table).some((one) => one.assetpermission === permission.id && one[column] === other.id);
    if (known) return;
    links[table] = (links[table] ?? 0) + 1;
    put(draft, table, { id: links[table] ?? 1, assetpermission: permission.id, [column]: other.id });
  };
  for (let i = 0; i < count; i += 1) {
    const permission = put(draft, 'asset-permissions', {
      ...orgRow(draft, DEFAULT_ORG, `${String(i + 1).padStart(3, '0')} ${i % 2 === 0 ? 'Daily work' : 'On duty'}`),
      accounts: [...(ACCOUNT_RULES[i % ACCOUNT_RULES.length] ?? [])],
      protocols: i % 6 === 5 ? ['ssh', 'rdp'] : ['all'],
      actions: [...(ACTION_SETS[i % ACTION_SETS.length] ?? [])],
      is_active: i % 10 !== 9,
      from_ticket: i % 15 === 14,
      date_start: i % 12 === 11 ? seed.at + 30 * DAY_MS : seed.at - 200 * DAY_MS,
      date_expired: i % 8 === 6 ? seed.at - 10 * DAY_MS : i % 8 === 3 ? seed.at + 20 * DAY_MS : seed.at + 3650 * DAY_MS,
    });
    if (i === count - 1) continue;
    for (let k = 0; k <= i % 3; k += 1) link('permission-users', permission, 'user', users[chance.below(users.length)]);
    if (i % 5 === 0) link('permission-users', permission, 'user', users[2]);
    if (i % 2 === 0) link('permission-user-groups', permission, 'usergroup', groups[(i / 2) % groups.length]);
    for (let k = 0; k < i % 5; k += 1)
      link('permission-assets', permission, 'asset', assets[chance.below(assets.length)]);
    if (i % 3 !== 1) link('permission-nodes', permission, 'node', nodes[1 + chance.below(nodes.length - 1)]);
  }
  const other = put(draft, 'asset-permissions', {
    ...orgRow(draft, draft.otherOrg, 'Lab access'),
    accounts: ['@ALL'],
    protocols: ['all'],
    actions: ['connect'],
    is_active: true,
    from_ticket: false,
    date_start: seed.at - 100 * DAY_MS,
    date_expired: seed.at + 3650 * DAY_MS,
  });
  link(
    'permission-user-groups',
    other,
    'usergroup',
    rowsOf(draft, 'user-groups').find((group) => group.org_id === draft.otherOrg),
  );
  link(
    'permission-nodes',
    other,
    'node',
    rowsOf(draft, 'nodes').find((node) => node.value === 'Vale Robotics'),
  );
}

function seedComponents(draft: Draft): void {
  const { chance, seed } = draft;
  const at = seed.at - AGE;
  const storage = (table: string, name: string, type: string, isDefault: boolean): void => {
    put(draft, table, { id: chance.uuid(), name, type, meta: {}, is_default: isDefault, comment: '' });
  };
  for (const table of ['command-storages', 'replay-storages']) {
    storage(table, 'default', 'server', true);
    storage(table, 'null', 'null', false);
  }
  put(draft, 'terminals', {
    id: chance.uuid(),
    name: '[KoKo]-quay-1',
    type: 'koko',
    remote_addr: '10.250.1.1',
    command_storage: 'default',
    replay_storage: 'default',
    is_active: true,
    is_alive: true,
    load: 'normal',
    stat: { cpu_load: 0.4, memory_used: 31, disk_used: 22, session_online: 0 },
    comment: '',
    date_created: at,
  });
  put(draft, 'endpoints', {
    id: '00000000-0000-0000-0000-000000000001',
    name: 'Default',
    host: '',
    ...{
      https_port: 0,
      http_port: 0,
      ssh_port: 2222,
      rdp_port: 3389,
      magnus_port: 0,
      mysql_port: 33_061,
      mariadb_port: 33_062,
    },
    ...{
      postgresql_port: 54_320,
      redis_port: 63_790,
      vnc_port: 15_900,
      oracle_port: 15_210,
      sqlserver_port: 14_330,
      mongodb_port: 27_018,
    },
    is_active: true,
    comment: '',
    date_created: at,
    date_updated: at,
    created_by: 'System',
  });
}

function seedPasswordLogs(draft: Draft): void {
  for (const user of rowsOf(draft, 'users')) {
    put(draft, 'password-change-logs', {
      id: draft.chance.uuid(),
      user: `${textOf(user.name)}(${textOf(user.username)})`,
      change_by: 'Administrator(admin)',
      remote_addr: '198.51.100.7',
      datetime: Number(user.date_joined ?? draft.seed.at),
    });
  }
}

/** The tables of a company that only depends on the seed's numbers. */
export function seedTables(version: SandboxVersion, seed: SandboxSeed): Record<string, Row[]> {
  const chance = createChance(seed.seed);
  const draft: Draft = { version, seed, chance, tables: {}, otherOrg: chance.uuid() };
  seedOrgs(draft);
  draft.tables.roles = seedRoles(seed.at - AGE);
  draft.tables['rbac-permissions'] = seedCodes();
  draft.tables.platforms = seedPlatforms(version, seed.at - AGE);
  draft.tables.protocols = [...protocolRows];
  seedUsers(draft);
  seedGroups(draft);
  const leaves = seedNodes(draft);
  const zones = seedZones(draft);
  seedAssets(draft, leaves, zones);
  seedAccounts(draft);
  seedTemplates(draft);
  seedLabels(draft);
  seedPermissions(draft);
  seedComponents(draft);
  seedPasswordLogs(draft);
  return draft.tables;
}

/** A store with a generated company in it; `earlier` is what happened to its logs since. */
export function seedStore(
  version: SandboxVersion,
  seed: SandboxSeed,
  earlier?: Pick<SandboxState, 'tables' | 'logs'>,
): Store {
  const made = seedTables(version, seed);
  const logs = createLogs(seed, made, earlier?.logs);
  const tables = earlier?.tables ?? made;
  return createStore([...Object.entries(tables).map(([name, rows]) => createTable(name, rows)), ...logs]);
}
