import { DAY_MS } from '../time.ts';
import type { JsonObject, Row } from '../types.ts';
import { DEFAULT_ORG, textOf } from '../world.ts';
import { type Draft, namedRow, put, rowsOf } from './draft.ts';
import { SITES, STAGES, TIERS } from './names.ts';

const DOMAIN = 'harborvale.example';

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
export function seedNodes(draft: Draft): Row[] {
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

/** Three network zones. */
export function seedZones(draft: Draft): Row[] {
  return [
    put(draft, 'zones', namedRow(draft, DEFAULT_ORG, 'Quayside', { comment: 'Behind the harbour firewall' })),
    put(draft, 'zones', namedRow(draft, DEFAULT_ORG, 'Perimeter', { comment: 'What the internet sees' })),
    put(draft, 'zones', namedRow(draft, DEFAULT_ORG, 'Hosted', { comment: 'Rented machines' })),
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

/** Assets of every category, gateways, and the machines of the daughter company. */
export function seedAssets(draft: Draft, leaves: readonly Row[], zones: readonly Row[]): void {
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
