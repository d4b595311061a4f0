import { confirmed } from '../confirm.ts';
import { ApiError, InvalidValue, notFound, says } from '../errors.ts';
import { caller, type Exchange, objectBody, param } from '../exchange.ts';
import type { Field } from '../field.ts';
import {
  bool,
  type Choices,
  choice,
  computed,
  dateCreated,
  dateUpdated,
  id,
  moment,
  numberId,
  text,
  texts,
} from '../fields.ts';
import { exact, flag, uuid } from '../filters.ts';
import type { Action, Condition, Resource } from '../resource.ts';
import { reply } from '../resource.ts';
import type { Row } from '../types.ts';
import { momentOf, textOf } from '../world.ts';

const MOST_KEYS = 10;
const TEMPORARY = 300_000;
const KEY_TYPES: Choices = { auto: 'Made by the server', load: 'Given' };

/** Rows of the caller only. */
const own = (x: Exchange): Condition[] => [{ column: 'user', values: new Set([caller(x).id]) }];

const secretText = (x: Exchange): string => x.world.chance.uuid().replaceAll('-', '');

/** `POST access-keys/`: the secret is told once. */
const createKey: Action = {
  method: 'POST',
  path: '',
  perm: 'authentication.add_accesskey',
  run: (x) => {
    confirmed(x, 2);
    const keys = x.world.store.table('access-keys');
    const user = caller(x).id;
    if (keys.where('user', user).length >= MOST_KEYS)
      throw new ApiError(400, { error: 'No more keys than ten, please.' });
    const row: Row = {
      id: x.world.chance.uuid(),
      user,
      secret: secretText(x),
      is_active: true,
      ip_group: ['*'],
      date_created: x.world.now(),
      date_last_used: null,
    };
    keys.insert(row);
    return reply(201, { id: row.id, secret: textOf(row.secret), is_active: true, ip_group: ['*'] });
  },
};

/** `POST temp-tokens/`: a password for five minutes. */
const createTemporary: Action = {
  method: 'POST',
  path: '',
  perm: 'authentication.add_temptoken',
  run: (x) => {
    const now = x.world.now();
    const row: Row = {
      id: x.world.chance.uuid(),
      user: caller(x).id,
      username: textOf(caller(x).username),
      secret: secretText(x),
      verified: false,
      date_created: now,
      date_updated: now,
      date_verified: null,
      date_expired: now + TEMPORARY,
    };
    x.world.store.table('temp-tokens').insert(row);
    return reply(201, temporaryAnswer(x, row));
  },
};

const temporaryFields = [
  id({ mode: 'ro' }),
  text('username', { mode: 'ro' }),
  text('secret', { mode: 'ro' }),
  bool('verified', { mode: 'ro' }),
  computed(
    'is_valid',
    'boolean',
    (row, look) => row.verified !== true && (momentOf(row.date_expired) ?? 0) > look.world.now(),
  ),
  dateCreated(),
  dateUpdated(),
  moment('date_verified', { mode: 'ro' }),
  moment('date_expired', { mode: 'ro' }),
];

function temporaryAnswer(x: Exchange, row: Row): Record<string, ReturnType<(typeof temporaryFields)[number]['read']>> {
  const look = { world: x.world, zone: x.zone, org: x.org, user: x.user, view: 'W' } as const;
  return Object.fromEntries(temporaryFields.map((field) => [field.name, field.read(row, look)]));
}

const expireTemporary: Action = {
  method: 'PATCH',
  path: ':id/expire',
  perm: 'authentication.change_temptoken',
  run: (x) => {
    const row = x.world.store.table('temp-tokens').get(param(x, 'id'));
    if (row === undefined || row.user !== caller(x).id) throw notFound('TempToken');
    const expired = x.world.store.table('temp-tokens').update(row.id, { date_expired: x.world.now() }) ?? row;
    return temporaryAnswer(x, expired);
  },
};

/** A public key in OpenSSH's form. */
function publicKey(): Field {
  return {
    ...text('public_key'),
    parse: (value) => {
      const [kind = '', body = ''] = textOf(value).split(/\s+/);
      if (!/^(ssh-|ecdsa-)/.test(kind) || !/^[A-Za-z0-9+/]{40,}={0,2}$/.test(body))
        throw new InvalidValue(['Not a public SSH key.']);
      return textOf(value);
    },
  };
}

/** Takes a program's token back. */
const revokeToken: Action = {
  method: 'DELETE',
  path: ':id/revoke',
  perm: 'any',
  run: (x) => {
    const tokens = x.world.store.table('access-tokens');
    const row = tokens.get(Number(param(x, 'id')));
    if (row === undefined || row.user !== caller(x).id) throw notFound('AccessToken');
    tokens.remove(row.id);
    return reply(204);
  },
};

const registerPasskey: Action = {
  method: 'GET POST',
  path: 'register',
  perm: 'authentication.add_passkey',
  run: (x) => {
    objectBody(x);
    confirmed(x, 2);
    throw new ApiError(400, { error: 'A browser is needed to register a passkey.' });
  },
};

const mine = { scope: 'global', projected: false, only: own, order: ['-date_created'], bulkDelete: 'never' } as const;

/** What callers prove themselves with: keys, passkeys, temporary passwords, each their own (api.md §1.5). */
export const credentials: readonly Resource[] = [
  {
    ...mine,
    table: 'access-keys',
    path: 'authentication/access-keys',
    noun: 'AccessKey',
    model: 'authentication.accesskey',
    methods: 'LCRUD',
    filters: { id: uuid('id') },
    fields: [
      id({ mode: 'ro' }),
      bool('is_active', { fill: true }),
      dateCreated(),
      moment('date_last_used', { mode: 'ro' }),
      texts('ip_group', {
        type: 'list',
        fill: ['*'],
        meta: { help_text: 'Addresses it may be used from; * is everywhere' },
      }),
      text('secret', { at: '' }),
    ],
    actions: [createKey],
  },
  {
    ...mine,
    table: 'ssh-keys',
    path: 'authentication/ssh-key',
    noun: 'SSHKey',
    title: 'Ss Hkey List',
    model: 'authentication.sshkey',
    methods: 'LCRUD',
    since: '4.9.0',
    filters: { id: uuid('id'), name: exact('name'), is_active: flag('is_active') },
    fields: [
      id({ mode: 'ro' }),
      text('name', { required: true, max: 128 }),
      publicKey(),
      bool('is_active', { fill: true }),
      text('comment'),
      text('public_key_comment', { mode: 'ro' }),
      text('public_key_hash_md5', { mode: 'ro' }),
      moment('date_last_used', { mode: 'ro' }),
      dateCreated(),
      dateUpdated(),
      choice('generate_key_type', KEY_TYPES, { fill: 'auto', meta: { help_text: 'Whose key it is' } }),
    ],
    check: ({ values, x, row, given, faults }) => {
      if (row === null) values.user = caller(x).id;
      const loads = row === null && given.generate_key_type === 'load';
      if (loads && textOf(given.public_key) === '') faults.public_key = [says.required];
      if (values.public_key !== undefined) values.public_key_comment = textOf(values.public_key).split(/\s+/)[2] ?? '';
    },
  },
  {
    ...mine,
    table: 'access-tokens',
    path: 'authentication/access-tokens',
    noun: 'AccessToken',
    model: 'oauth2_provider.accesstoken',
    perms: { view: 'any', delete: 'any' },
    key: 'int',
    since: '4.10.16',
    methods: 'LRD',
    order: ['-created'],
    fields: [
      numberId(),
      text('scope', { mode: 'ro' }),
      moment('created', { mode: 'ro' }),
      moment('updated', { mode: 'ro' }),
      moment('expires', { mode: 'ro' }),
    ],
    actions: [revokeToken],
  },
  {
    ...mine,
    table: 'temp-tokens',
    path: 'authentication/temp-tokens',
    noun: 'TempToken',
    model: 'authentication.temptoken',
    methods: 'LC',
    filters: { id: uuid('id') },
    fields: temporaryFields,
    actions: [createTemporary, expireTemporary],
  },
  {
    ...mine,
    table: 'passkeys',
    path: 'authentication/passkeys',
    noun: 'Passkey',
    model: 'authentication.passkey',
    methods: 'LCRD',
    filters: { id: uuid('id') },
    fields: [
      id({ mode: 'ro' }),
      text('name', { mode: 'ro' }),
      bool('is_active', { fill: true }),
      text('platform', { mode: 'ro' }),
      text('created_by', { mode: 'ro' }),
      moment('date_last_used', { mode: 'ro' }),
      dateCreated(),
    ],
    actions: [registerPasskey],
  },
];
