import { permedAccounts, permissionsFor } from '../access.ts';
import { ApiError, refused } from '../errors.ts';
import { caller, type Exchange, lookOf, objectBody } from '../exchange.ts';
import {
  actions,
  bool,
  computed,
  dateCreated,
  dateUpdated,
  id,
  integer,
  json,
  moment,
  orgFields,
  text,
} from '../fields.ts';
import { exact } from '../filters.ts';
import { userText } from '../operate-log.ts';
import { type Face, ref, relatedIn } from '../related-fields.ts';
import { type Action, type Answer, type Resource, reply } from '../resource.ts';
import { fieldsOf, toAnswer } from '../rows.ts';
import type { Json, Row } from '../types.ts';
import { momentOf, ROOT_ORG, textOf } from '../world.ts';
import { mustFind, readInput } from '../writes.ts';

const ONE_TIME = 5 * 60_000;
const REUSABLE = 30 * 86_400_000;

const userFace: Face = (row) => ({ id: row.id, name: row.name ?? '', username: row.username ?? '' });
const assetFace: Face = (row) => ({ id: row.id, name: row.name ?? '', address: row.address ?? '' });

/** A token may only be had for an account that a grant opens, and only for the protocols of the asset. */
function issue(x: Exchange, user: Row): Answer {
  const body = objectBody(x);
  const { faults } = readInput(connectionTokens, x, body, null, { partial: false, bulk: false });
  if (Object.keys(faults).length > 0) throw new ApiError(400, faults);
  const asset = relatedIn(body, 'asset', 'assets', lookOf(x, 'W'));
  const permissions = permissionsFor(x.world, { user: user.id }, asset.id, x.org);
  const alias = textOf(body.account);
  const accounts = permedAccounts(x.world, permissions, asset.id, textOf(user.username));
  const open = accounts.find((one) => one.alias === alias);
  if (open === undefined) throw refused('perm_account_invalid', 'No such account is open to the user.');
  const now = x.world.now();
  const row = x.world.store.table('connection-tokens').insert({
    id: x.world.chance.uuid(),
    value: x.world.chance.uuid().replaceAll('-', '').slice(0, 16),
    user: user.id,
    asset: asset.id,
    account: alias,
    input_username: textOf(body.input_username) || textOf(open.account?.username),
    connect_method: textOf(body.connect_method),
    connect_options: body.connect_options ?? {},
    protocol: textOf(body.protocol) || 'ssh',
    actions: open.actions,
    is_active: true,
    is_reusable: false,
    from_ticket: null,
    org_id: x.org === ROOT_ORG ? textOf(asset.org_id) : x.org,
    date_expired: now + ONE_TIME,
    date_created: now,
    date_updated: now,
    created_by: textOf(caller(x).name),
    updated_by: textOf(caller(x).name),
    user_display: userText(user),
    asset_display: `${textOf(asset.name)}(${textOf(asset.address)})`,
  });
  return reply(201, toAnswer(row, fieldsOf(connectionTokens, x.world.version, 'W'), lookOf(x, 'W')));
}

function expire(x: Exchange): Json {
  const row = mustFind(connectionTokens, x);
  x.world.store.table('connection-tokens').update(row.id, { date_expired: x.world.now(), is_active: false });
  return toAnswer(row, fieldsOf(connectionTokens, x.world.version, 'W'), lookOf(x, 'W'));
}

function reuse(x: Exchange): Json {
  const row = mustFind(connectionTokens, x);
  const isReusable = objectBody(x).is_reusable === true;
  const date_expired = x.world.now() + (isReusable ? REUSABLE : ONE_TIME);
  x.world.store.table('connection-tokens').update(row.id, { is_reusable: isReusable, date_expired });
  return toAnswer(row, fieldsOf(connectionTokens, x.world.version, 'W'), lookOf(x, 'W'));
}

const ownActions: Action[] = [
  { method: 'POST', path: '', perm: 'authentication.add_connectiontoken', run: (x) => issue(x, caller(x)) },
  { method: 'PATCH', path: ':id/expire', perm: 'authentication.expire_connectiontoken', run: expire },
  { method: 'PATCH', path: ':id/reuse', perm: 'authentication.reuse_connectiontoken', run: reuse },
  {
    method: 'POST',
    path: 'exchange',
    perm: 'authentication.add_connectiontoken',
    run: (x) => {
      const old = mustFind(connectionTokens, x, textOf(objectBody(x).id));
      const { id: _, ...copy } = old;
      const row = x.world.store.table('connection-tokens').insert({
        ...copy,
        id: x.world.chance.uuid(),
        value: x.world.chance.uuid().replaceAll('-', '').slice(0, 16),
        date_expired: x.world.now() + ONE_TIME,
      });
      return reply(201, toAnswer(row, fieldsOf(connectionTokens, x.world.version, 'W'), lookOf(x, 'W')));
    },
  },
];

/** One-time tickets to connect with, the caller's own (api.md §5.13). */
export const connectionTokens: Resource = {
  table: 'connection-tokens',
  path: 'authentication/connection-token',
  noun: 'ConnectionToken',
  model: 'authentication.connectiontoken',
  scope: 'global',
  methods: 'LCR',
  fields: [
    id(),
    text('value', { mode: 'ro' }),
    ref('user', 'users', { mode: 'ro', face: userFace }),
    ref('asset', 'assets', { nullable: true, face: assetFace }),
    text('account', { required: true, max: 128 }),
    text('input_username', { max: 128, nullable: true }),
    text('input_secret', { mode: 'wo', max: 40_960, nullable: true }),
    text('connect_method', { required: true, max: 32 }),
    json('connect_options', { fill: {} }),
    text('protocol', { max: 16, fill: 'ssh' }),
    actions('actions', { mode: 'ro' }),
    bool('is_active', { fill: true }),
    bool('is_reusable'),
    computed('from_ticket', 'object_related_field', () => null),
    computed('from_ticket_info', 'field', () => ({})),
    integer('expire_time', { mode: 'ro' }),
    computed('is_expired', 'boolean', (row, look) => (momentOf(row.date_expired) ?? 0) <= look.world.now()),
    text('user_display', { mode: 'ro' }),
    text('asset_display', { mode: 'ro' }),
    moment('date_expired', { mode: 'ro' }),
    dateCreated(),
    dateUpdated(),
    text('created_by', { mode: 'ro' }),
    text('updated_by', { mode: 'ro' }),
    ...orgFields(),
  ].map((field) =>
    field.name === 'expire_time'
      ? {
          ...field,
          column: null,
          read: (row: Row, look: { world: { now(): number } }) =>
            Math.max(0, Math.floor(((momentOf(row.date_expired) ?? 0) - look.world.now()) / 1000)),
        }
      : field,
  ),
  order: ['-date_expired'],
  search: ['account'],
  filters: { user_display: exact('user_display'), asset_display: exact('asset_display') },
  only: (x) => [{ column: 'user', values: new Set([caller(x).id]) }],
  actions: ownActions,
};

/** The same under the users' path. */
export const userConnectionTokens: Resource = { ...connectionTokens, path: 'users/connection-token' };

/** Tokens for another user, for components and the privileged. */
export const superConnectionTokens: Resource = {
  ...connectionTokens,
  path: 'authentication/super-connection-token',
  model: 'authentication.superconnectiontoken',
  methods: 'LR',
  only: () => [],
  actions: [
    {
      method: 'POST',
      path: '',
      perm: 'authentication.add_superconnectiontoken',
      run: (x) => issue(x, relatedIn(objectBody(x), 'user', 'users', lookOf(x, 'W'))),
    },
    {
      method: 'GET',
      path: ':id/check',
      perm: 'authentication.view_superconnectiontoken',
      run: (x) => {
        const row = mustFind(superConnectionTokens, x);
        const isOpen = (momentOf(row.date_expired) ?? 0) > x.world.now();
        if (!isOpen) throw refused('perm_expired', 'The token has expired.');
        return { detail: 'Valid', expire_at: Number(row.date_expired) / 1000 };
      },
    },
  ],
};
