import type { Sandbox, SandboxVersion } from '../../src/sandbox/index.ts';

/** What an administrator makes: a body whose words `:name` stand for the ids of what is there or was made under that name. */
interface Made {
  /** Servers that have it; all unless told. */
  readonly versions?: readonly SandboxVersion[];
  readonly as?: string;
  readonly path: string;
  readonly body: unknown;
}

const app = { version: '1', author: 'Ada', protocols: ['http'], tags: [] };

/** Rows of the nouns of which a new company has none. */
const MADE: readonly Made[] = [
  { path: '/authentication/temp-tokens/', body: {} },
  {
    as: 'push',
    path: '/accounts/push-account-automations/',
    body: {
      name: 'Nightly',
      accounts: ['root'],
      secret_type: 'password',
      secret_strategy: 'random',
      assets: [':asset'],
    },
  },
  { as: 'task', path: '/accounts/push-account-executions/', body: { automation: ':push' } },
  {
    as: 'sharing',
    path: '/terminal/session-sharings/',
    body: { session: ':session', expired_time: 10, action_permission: 'readonly', users: [':user'] },
  },
  {
    path: '/terminal/session-join-records/',
    body: { session: ':session', sharing: ':sharing', joiner: ':user', verify_code: '1234', remote_addr: '192.0.2.1' },
  },
  { path: '/terminal/tasks/kill-session/', body: [':session'] },
  {
    as: 'applet',
    path: '/terminal/applets/',
    body: { ...app, name: 'chrome', display_name: 'Chrome', type: 'web', edition: 'community' },
  },
  {
    as: 'app',
    path: '/terminal/virtual-apps/',
    body: { ...app, name: 'firefox', display_name: 'F', image_name: 'f:1' },
  },
  {
    as: 'host',
    path: '/terminal/applet-hosts/',
    body: { name: 'Applets', address: '192.0.2.9', platform: ':platform' },
  },
  { path: '/terminal/applet-publications/', body: { applet: ':applet', host: ':host' } },
  { path: '/terminal/applet-host-deployments/', body: { initial_task: ':task', host: ':host' } },
  {
    path: '/authentication/connection-token/',
    body: { asset: ':asset', account: ':account', protocol: 'ssh', connect_method: 'web_cli' },
  },
  {
    versions: ['4.9.0', '4.10.16', '4.10.19'],
    path: '/authentication/ssh-key/',
    body: { name: 'laptop', public_key: `ssh-ed25519 ${'A'.repeat(68)} me`, generate_key_type: 'load' },
  },
  {
    versions: ['4.10.19'],
    path: '/acls/clipboard-acls/',
    body: { name: 'No copies', users: { type: 'all' }, assets: { type: 'all' }, accounts: ['@ALL'] },
  },
  { versions: ['4.10.19'], path: '/assets/favorite-folders/', body: { name: 'work' } },
  { versions: ['4.10.19'], path: '/reports/reports/', body: { name: 'people', tp: 'users' } },
];

/** Where rows are found that a body needs. */
const FOUND: Readonly<Record<string, string>> = {
  asset: '/perms/users/self/assets/?limit=1',
  account: '/perms/users/self/assets/:asset/',
  user: '/users/users/?limit=1&username=admin',
  session: '/terminal/sessions/?limit=1&is_finished=false',
  platform: '/assets/platforms/?limit=1&name=RemoteAppHost',
};

interface Found {
  readonly results?: readonly { readonly id: string }[];
  readonly permed_accounts?: readonly { readonly alias: string }[];
}

/** Adds to a sandbox what its administrator can make: afterwards almost every noun has rows. */
export async function furnish(sandbox: Sandbox): Promise<void> {
  const ids: Record<string, unknown> = {};
  for (const [name, path] of Object.entries(FOUND)) {
    const found = (await ask(sandbox, 'GET', path.replace(':asset', String(ids['asset'])))) as Found;
    ids[name] = found.results?.[0]?.id ?? found.permed_accounts?.[0]?.alias;
  }
  const there = MADE.filter(({ versions }) => versions?.includes(sandbox.version) ?? true);
  for (const { as, path, body } of there) {
    const text = JSON.stringify(body).replace(/":(\w+)"/g, (_, name: string) => JSON.stringify(ids[name]));
    const answer = (await ask(sandbox, 'POST', path, text)) as { id?: string; task?: string };
    if (as) ids[as] = answer.id ?? answer.task;
  }
}

async function ask(sandbox: Sandbox, method: string, path: string, body?: string): Promise<unknown> {
  const headers = { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' };
  const request = new Request(`http://jumpserver.test/api/v1${path}`, { method, headers, ...(body ? { body } : {}) });
  const response = await sandbox.fetch(request);
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}
