import { DAY_MS } from '../time.ts';
import type { Id, Json, JsonObject, Row } from '../types.ts';
import { DEFAULT_ORG, ROOT_ORG, textOf } from '../world.ts';
import { type Draft, namedRow, put, rowsOf } from './draft.ts';

const ALL = { type: 'all' };
const these = (rows: readonly Row[]): JsonObject => ({ type: 'ids', ids: rows.map((row) => row.id) });

/** Rules about signing in, connecting and typing (api.md §5.15). None of them stands in the way of the fixed credentials. */
export function seedAcls(draft: Draft): void {
  const people = rowsOf(draft, 'users').slice(3);
  const assets = rowsOf(draft, 'assets').slice(0, 5);
  const reviewer = rowsOf(draft, 'users')[0];
  const acl = (table: string, name: string, action: string, extra: JsonObject): Row =>
    put(
      draft,
      table,
      namedRow(draft, DEFAULT_ORG, name, {
        action,
        priority: 50,
        is_active: true,
        reviewers: [],
        users: ALL,
        ...extra,
      }),
    );
  const everywhere = { ip_group: ['*'], time_period: [] };
  acl('login-acls', 'Partners by day', 'reject', {
    users: these(people.slice(10, 12)),
    rules: { ip_group: ['203.0.113.0/24'], time_period: [{ id: 1, value: '08:00~18:00' }] },
  });
  acl('login-acls', 'Someone agrees first', 'review', {
    users: these(people.slice(20, 22)),
    reviewers: reviewer === undefined ? [] : [reviewer.id],
    rules: everywhere,
    priority: 30,
  });
  acl('login-asset-acls', 'Tell us about the first five', 'notice', {
    assets: these(assets),
    accounts: ['root'],
    rules: everywhere,
    reviewers: reviewer === undefined ? [] : [reviewer.id],
  });
  const group = (name: string, type: string, content: string): Row =>
    put(draft, 'command-groups', namedRow(draft, DEFAULT_ORG, name, { type, content, ignore_case: true }));
  const groups = [
    group('Deletes', 'command', 'rm -rf\nmkfs\ndd if='),
    group('Schema changes', 'regex', '(drop|alter)\\s+table'),
  ];
  acl('command-filter-acls', 'Nothing gets deleted', 'reject', {
    assets: ALL,
    accounts: ['@ALL'],
    command_groups: groups.map((row) => row.id),
    priority: 10,
  });
  acl('connect-method-acls', 'No web SFTP for partners', 'reject', {
    users: these(people.slice(10, 12)),
    connect_methods: ['web_sftp'],
  });
  if (draft.version.startsWith('4.10')) {
    acl('data-masking-rules', 'Hide addresses', 'reject', {
      assets: ALL,
      accounts: ['@ALL'],
      fields_pattern: 'e?mail',
      masking_method: 'fixed_char',
      mask_pattern: '***',
    });
  }
}

function step(draft: Draft, state: string, assignee: Row | undefined): Json {
  return {
    state,
    assignees: assignee === undefined ? [] : [assignee.id],
    assignees_display: assignee === undefined ? [] : [`${textOf(assignee.name)}(${textOf(assignee.username)})`],
    processor: state === 'pending' ? '' : (assignee?.id ?? ''),
    processor_display: state === 'pending' ? '' : `${textOf(assignee?.name)}(${textOf(assignee?.username)})`,
    approval_level: 1,
    approval_date: `${new Date(draft.seed.at).toISOString().slice(0, 19).replace('T', ' ')}.000000+00:00`,
  };
}

/** Requests for access: open, granted, refused and withdrawn ones. */
export function seedTickets(draft: Draft): void {
  const { seed } = draft;
  const [admin, , ordinary] = rowsOf(draft, 'users');
  const others = rowsOf(draft, 'users').slice(3, 6);
  const assets = rowsOf(draft, 'assets');
  const states = ['pending', 'approved', 'rejected', 'closed', 'pending'];
  [ordinary, ...others, ordinary].forEach((applicant, i) => {
    const asset = assets[i * 3];
    const state = states[i % states.length] ?? 'pending';
    if (applicant === undefined || asset === undefined) return;
    const at = seed.at - (i + 1) * 2 * DAY_MS;
    const title = `Access to ${textOf(asset.name)}`;
    const { name: _, ...row } = namedRow(draft, DEFAULT_ORG, '', {
      title,
      type: 'apply_asset',
      state,
      status: state === 'pending' ? 'open' : 'closed',
      serial_num: `20260101${String(i + 1).padStart(4, '0')}`,
      applicant: applicant.id,
      approval_step: 1,
      process_map: [step(draft, state, admin)],
      rel_snapshot: {
        applicant: `${textOf(applicant.name)}(${textOf(applicant.username)})`,
        apply_nodes: [],
        apply_assets: [`${textOf(asset.name)}(${textOf(asset.address)})`],
      },
      apply_nodes: [],
      apply_assets: [asset.id],
      apply_accounts: ['deploy'],
      apply_actions: ['connect'],
      apply_permission_name: `Made of a ticket (${title})`,
      apply_date_start: at,
      apply_date_expired: at + 14 * DAY_MS,
      date_created: at,
      date_updated: at,
      comment: 'For the weekend shift',
    });
    put(draft, 'tickets', row);
  });
}

/** What is done to accounts by itself, with a few runs behind it. */
export function seedAutomations(draft: Draft): void {
  const { seed, chance } = draft;
  const node = rowsOf(draft, 'nodes').find((row) => row.parent_key !== '');
  const make = (name: string, type: string, extra: JsonObject): Row =>
    put(
      draft,
      'automations',
      namedRow(draft, DEFAULT_ORG, name, {
        type,
        interval: 24,
        crontab: '',
        is_periodic: true,
        is_active: true,
        accounts: [],
        nodes: [],
        assets: [],
        recipients: [],
        ...extra,
      }),
    );
  const backup = make('Every Sunday', 'backup_account', {
    types: ['linux', 'mysql'],
    recipients_part_one: [],
    recipients_part_two: [],
    backup_type: 'email',
    obj_recipients_part_one: [],
    obj_recipients_part_two: [],
    is_password_divided_by_email: true,
    is_password_divided_by_obj_storage: true,
  });
  const gather = make('Look for new accounts', 'gather_accounts', {
    nodes: node === undefined ? [] : [node.id],
    is_sync_account: false,
    check_risk: true,
  });
  for (let i = 0; i < 6; i += 1) {
    const automation = i % 2 === 0 ? gather : backup;
    put(draft, 'automation-executions', {
      id: chance.uuid(),
      automation: automation.id,
      type: automation.type ?? '',
      trigger: i % 3 === 0 ? 'manual' : 'timing',
      org_id: DEFAULT_ORG,
      snapshot: { name: textOf(automation.name), type: automation.type ?? '' },
      date_published: seed.at - (i + 1) * DAY_MS,
    });
  }
  rowsOf(draft, 'assets')
    .slice(0, 8)
    .forEach((asset, i) => {
      put(draft, 'gathered-accounts', {
        id: chance.uuid(),
        asset: asset.id,
        username: ['nobody', 'tester', 'intern', 'olduser'][i % 4] ?? 'nobody',
        address_last_login: '198.51.100.9',
        status: String(i % 3),
        detail: {},
        remote_present: true,
        present: i % 3 === 1,
        org_id: DEFAULT_ORG,
        date_last_login: seed.at - i * DAY_MS,
        date_updated: seed.at - i * DAY_MS,
      });
    });
  if (draft.version !== '3.10.23') {
    put(
      draft,
      'integration-applications',
      namedRow(draft, DEFAULT_ORG, 'Build server', {
        logo: '/static/img/logo.png',
        accounts: ALL,
        ip_group: ['*'],
        is_active: true,
        date_last_used: null,
      }),
    );
  }
}

/** Commands and playbooks kept for later. */
export function seedOps(draft: Draft): void {
  const creator = rowsOf(draft, 'users')[0]?.id ?? null;
  put(
    draft,
    'adhocs',
    namedRow(draft, DEFAULT_ORG, 'Disk space', {
      creator,
      module: 'shell',
      args: 'df -h',
      scope: 'public',
      variable: [],
    }),
  );
  put(
    draft,
    'adhocs',
    namedRow(draft, DEFAULT_ORG, 'Slow queries', {
      creator,
      module: 'mysql',
      args: 'show processlist',
      scope: 'private',
      variable: [],
    }),
  );
  put(
    draft,
    'playbooks',
    namedRow(draft, DEFAULT_ORG, 'Monthly updates', {
      creator,
      path: null,
      create_method: 'blank',
      vcs_url: '',
      scope: 'public',
      variable: [],
    }),
  );
}

/** Who is signed in, messages, favourites, rules of endpoints. */
export function seedPersonal(draft: Draft): void {
  const { chance, seed } = draft;
  const users = rowsOf(draft, 'users');
  const assets = rowsOf(draft, 'assets');
  users.slice(0, 6).forEach((user, i) => {
    put(draft, 'user-sessions', {
      id: chance.uuid(),
      user: user.id,
      ip: `198.51.100.${20 + i}`,
      city: 'Rotterdam',
      user_agent: 'Mozilla/5.0',
      type: 'W',
      backend: 'Password',
      key: chance.uuid(),
      date_created: seed.at - (i + 1) * 3_600_000,
      date_expired: seed.at + DAY_MS,
    });
    put(draft, 'site-messages', {
      id: chance.uuid(),
      user: user.id,
      subject: 'Maintenance on Sunday',
      message: 'The quay firewall restarts at six.',
      sender: users[0]?.id ?? null,
      has_read: i % 2 === 1,
      read_at: i % 2 === 1 ? seed.at - DAY_MS : null,
      date_created: seed.at - 2 * DAY_MS,
    });
  });
  [users[0], users[2]].forEach((user, i) => {
    for (const asset of assets.slice(i, i + 3)) {
      if (user !== undefined)
        put(draft, 'favorite-assets', {
          id: rowsOf(draft, 'favorite-assets').length + 1,
          asset: asset.id,
          user: user.id,
        });
    }
  });
  const endpoint: Id | undefined = rowsOf(draft, 'endpoints')[0]?.id;
  put(draft, 'endpoint-rules', {
    ...namedRow(draft, ROOT_ORG, 'From the quays'),
    ip_group: ['10.20.0.0/16'],
    priority: 10,
    endpoint: endpoint ?? null,
    is_active: true,
  });
}
