/** A company of a handful of rows whose access can be worked out on paper. */
import { toActionSet } from '../../src/access/actions.ts';
import type { AccessInputs, AccessPermission } from '../../src/access/inputs.ts';

/** When the company is looked at. */
export const today = Date.parse('2026-06-15T12:00:00Z');

/** A permission that gives nothing yet: say what it differs in. */
export function permission(id: string, differences: Partial<AccessPermission>): AccessPermission {
  return {
    id,
    name: id,
    users: [],
    userGroups: [],
    assets: [],
    nodes: [],
    accounts: ['@ALL'],
    protocols: ['all'],
    actions: toActionSet(['connect']),
    isActive: true,
    startsAt: Date.parse('2026-01-01T00:00:00Z'),
    expiresAt: Date.parse('2027-01-01T00:00:00Z'),
    createdBy: 'Administrator',
    isFromTicket: false,
    ...differences,
  };
}

/**
 * Ann and Ben are operators, Cem is a contractor whose account ended in March. Under `/Firm` hang `prod` with `prod/db`,
 * and `prod-old`, whose key begins like that of `prod`. `web` hangs in prod, `orders` in prod/db, `attic` in prod-old.
 */
export const company: AccessInputs = {
  organization: 'firm',
  asOf: today,
  users: [
    user('ann', { groups: ['operators'] }),
    user('ben', { groups: ['operators'], isActive: false }),
    user('cem', { expiresAt: Date.parse('2026-03-31T00:00:00Z'), isExpired: true }),
  ],
  groups: [
    { id: 'operators', name: 'operators' },
    { id: 'nobody', name: 'nobody' },
  ],
  nodes: [
    node('firm', '1', '/Firm'),
    node('prod', '1:1', '/Firm/prod'),
    node('db', '1:1:0', '/Firm/prod/db'),
    node('old', '1:10', '/Firm/prod-old'),
  ],
  assets: [asset('web', 'prod'), asset('orders', 'db'), { ...asset('attic', 'old'), isActive: false }],
  permissions: [
    permission('operate', { userGroups: ['operators'], nodes: ['prod'], accounts: ['@ALL', '!root'] }),
    permission('ann-root', {
      users: ['ann'],
      assets: ['orders'],
      accounts: ['root'],
      actions: toActionSet(['connect', 'upload']),
    }),
    permission('over', { users: ['ann'], assets: ['attic'], expiresAt: Date.parse('2026-06-15T12:00:00Z') }),
    permission('contract', { users: ['cem'], assets: ['attic'], expiresAt: null }),
    permission('off', { users: ['cem'], nodes: ['firm'], isActive: false }),
  ],
};

function user(id: string, differences: Partial<AccessInputs['users'][number]>): AccessInputs['users'][number] {
  return { id, name: id, username: id, isActive: true, isExpired: false, expiresAt: null, groups: [], ...differences };
}

function node(id: string, key: string, path: string): AccessInputs['nodes'][number] {
  return { id, key, name: path.split('/').at(-1) ?? '', path };
}

function asset(id: string, nodeId: string): AccessInputs['assets'][number] {
  return { id, name: id, address: `${id}.firm`, category: 'host', isActive: true, nodes: [nodeId], labels: [] };
}
