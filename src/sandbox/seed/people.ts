import { ROLES } from '../rights.ts';
import { DAY_MS } from '../time.ts';
import type { JsonObject, Row } from '../types.ts';
import { DEFAULT_ORG, SYSTEM_ORG, textOf } from '../world.ts';
import { AGE, type Draft, namedRow, put, rowsOf } from './draft.ts';
import { FIRST_NAMES, GROUP_NAMES, LAST_NAMES } from './names.ts';

const DOMAIN = 'harborvale.example';

/** The built-in organisations and a daughter company. */
export function seedOrgs(draft: Draft): void {
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

/** The three fixed users and everybody else, some of them gone, expired or with a second factor. */
export function seedUsers(draft: Draft): void {
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

/** Groups and who is in them: some people in none, some in three. */
export function seedGroups(draft: Draft): void {
  const made = GROUP_NAMES.map(([name, comment]) =>
    put(draft, 'user-groups', namedRow(draft, DEFAULT_ORG, name, { comment: comment })),
  );
  const other = put(
    draft,
    'user-groups',
    namedRow(draft, draft.otherOrg, 'Robotics Lab', { comment: 'Everyone there' }),
  );
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
/** Who got their password when. */
export function seedPasswordLogs(draft: Draft): void {
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
