import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/generated/catalogue.ts';
import { toUserErrors, type UserError } from '../../src/graph/write-errors.ts';
import { loadExchanges, type Version, versions } from '../support/recordings.ts';

/** The recorded refusal of that name, told as the mutation with this input would. */
const tell = (version: Version, name: string, type: string) => {
  const found = loadExchanges(version).find((exchange) => exchange.name === name && exchange.response.status >= 400);
  if (!found) throw new Error(`${version} has no refusal named "${name}"`);
  return toUserErrors(found.response.body, { catalogue, type, body: bare(found.request.body) });
};

/** References as Jumpgraph sends them: the recordings have `{pk}`. */
const bare = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  if ('pk' in value) return value.pk;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, bare(inner)]));
};

const codesOf = (errors: readonly UserError[]) => errors.map(({ field, code }) => [field.join('.'), code]);

const DEAD = '00000000-0000-0000-0000-00000000dead';

describe('a recorded refusal is told in terms of the input', () => {
  it.each(versions)('%s: what is missing is REQUIRED at its field', (version) => {
    expect(codesOf(tell(version, 'create user empty', 'CreateUserInput'))).toEqual([
      ['name', 'REQUIRED'],
      ['username', 'REQUIRED'],
      ['email', 'REQUIRED'],
    ]);
  });

  it.each(versions)('%s: what is taken already is DUPLICATE', (version) => {
    expect(codesOf(tell(version, 'create user group duplicate', 'CreateUserGroupInput'))).toEqual([
      ['name', 'DUPLICATE'],
    ]);
    expect(codesOf(tell(version, 'create user duplicate', 'CreateUserInput'))).toContainEqual([
      'username',
      'DUPLICATE',
    ]);
  });

  it.each(versions)('%s: an unknown id in a list is NOT_FOUND at its place', (version) => {
    expect(codesOf(tell(version, 'create user group invalid', 'CreateUserGroupInput'))).toEqual([
      ['name', 'REQUIRED'],
      ['users.0', 'NOT_FOUND'],
    ]);
  });

  it.each([
    ['3.10.23', '该字段是必填项。'],
    ['4.10.19', 'This field is required.'],
  ] as const)('%s: the words are JumpServer’s own, in its language', (version, message) => {
    expect(tell(version, 'create user group empty', 'CreateUserGroupInput')).toEqual([
      { field: ['name'], code: 'REQUIRED', message },
    ]);
  });

  it('a value outside the choices is INVALID', () => {
    expect(tell('4.10.16', 'create user invalid', 'CreateUserInput')).toEqual([
      { field: ['name'], code: 'REQUIRED', message: 'This field may not be blank.' },
      { field: ['email'], code: 'INVALID', message: 'Enter a valid email address.' },
      { field: ['mfaLevel'], code: 'INVALID', message: '"9" is not a valid choice.' },
    ]);
  });

  it('an object inside a list is told with its index and its own field', () => {
    expect(tell('4.10.19', 'create host invalid', 'CreateHostInput')).toEqual([
      { field: ['name'], code: 'REQUIRED', message: 'This field may not be blank.' },
      { field: ['address'], code: 'REQUIRED', message: 'This field may not be blank.' },
      { field: ['platform'], code: 'NOT_FOUND', message: 'Invalid pk "99999" - object does not exist.' },
      {
        field: ['protocols', '0', 'port'],
        code: 'INVALID',
        message: 'Ensure this value is less than or equal to 65535.',
      },
    ]);
  });

  it('a platform of another category is told at the platform, a field of a part within the part', () => {
    expect(tell('4.10.19', 'create postgresql invalid', 'CreateDatabaseInput')).toEqual([
      { field: ['platform'], code: 'INVALID', message: 'Platform does not match: Linux' },
      { field: ['database', 'name'], code: 'REQUIRED', message: 'This field is required.' },
    ]);
  });

  it('a field named by its label is found all the same', () => {
    expect(tell('4.10.19', 'create host empty', 'CreateHostInput')).toEqual([
      { field: ['platform'], code: 'REQUIRED', message: 'Invalid pk "None" - object does not exist.' },
    ]);
  });

  it('an asset that is not there is NOT_FOUND without its id being quoted', () => {
    expect(tell('4.10.19', 'create account invalid', 'CreateAccountInput')).toEqual([
      { field: ['asset'], code: 'NOT_FOUND', message: 'Asset not found' },
    ]);
  });

  it('what several fields have in common is told where JumpServer tells it', () => {
    expect(tell('4.10.19', 'create account duplicate', 'CreateAccountInput')).toEqual([
      {
        field: ['username'],
        code: 'DUPLICATE',
        message: 'Account already exists. Field(s): Username, Asset, Secret type must be unique.',
      },
    ]);
  });

  it('a grant with a wrong action and a wrong time is told at both', () => {
    const told = tell('4.10.19', 'create asset permission invalid', 'GrantPermissionInput');
    expect(told.map(({ field, code }) => [field.join('.'), code])).toEqual([
      ['name', 'REQUIRED'],
      ['users.0', 'NOT_FOUND'],
      ['actions', 'INVALID'],
      ['startsAt', 'INVALID'],
    ]);
  });

  it('a bare list of texts concerns the whole', () => {
    expect(tell('4.10.19', 'create host in root org', 'CreateHostInput')).toEqual([
      { field: [], code: 'INVALID', message: 'Please save in a org' },
    ]);
  });

  it('{detail, code} concerns the whole', () => {
    expect(tell('4.10.19', 'create child node duplicate', 'CreateAssetNodeInput')).toEqual([
      { field: [], code: 'DUPLICATE', message: 'The same level node name cannot be the same' },
    ]);
  });

  it('{error} concerns the whole', () => {
    expect(tell('4.10.19', 'invite users', 'InviteUsersInput')).toEqual([
      {
        field: [],
        code: 'DUPLICATE',
        message: 'This user alice is already a member of the organization. No need to invite again',
      },
    ]);
  });

  it('an empty answer is told in our words', () => {
    expect(tell('4.10.19', 'bulk delete with no filter', 'DeleteAssetsInput')).toEqual([
      { field: [], code: 'INVALID', message: 'JumpServer refused it and did not say why.' },
    ]);
  });

  it('an aligned array is told by row, also where a row is a bare text', () => {
    expect(tell('4.10.19', 'bulk patch hosts partly unknown', 'UpdateAssetInput')).toEqual([
      { field: ['1'], row: 1, code: 'NOT_FOUND', message: 'Host matching query does not exist.' },
    ]);
    const told = tell('4.10.19', 'bulk create hosts partly invalid', 'CreateHostInput');
    expect(told.map(({ field, code, row }) => [field.join('.'), code, row])).toEqual([
      ['1.name', 'REQUIRED', 1],
      ['1.address', 'REQUIRED', 1],
      ['1.protocols', 'REQUIRED', 1],
    ]);
  });

  it('a joining row that is there already is told at the reference that it stands for', () => {
    const [found] = loadExchanges('4.10.19').filter(({ name }) => name === 'add users to permission again');
    const sent = {
      catalogue,
      type: 'AddToPermissionInput',
      body: ['603a0e62-948f-457d-8e1e-393fde5090f6'],
      rows: [{ field: ['users', '4'], row: 4 }],
      isReference: true,
    };
    expect(toUserErrors(found?.response.body, sent)).toEqual([
      {
        field: ['users', '4'],
        row: 4,
        code: 'DUPLICATE',
        message: 'The fields assetpermission, user must make a unique set.',
      },
    ]);
  });
});

describe('whatever shape a refusal has', () => {
  const type = 'CreateHostInput';
  const tellBody = (refusal: unknown, body: unknown = {}) => toUserErrors(refusal, { catalogue, type, body });

  it.each([
    ['a text', 'Not now', [{ field: [], code: 'INVALID', message: 'Not now' }]],
    ['nothing', undefined, [{ field: [], code: 'INVALID', message: 'JumpServer refused it and did not say why.' }]],
    ['null', null, [{ field: [], code: 'INVALID', message: 'JumpServer refused it and did not say why.' }]],
    ['{msg}', { msg: 'No' }, [{ field: [], code: 'INVALID', message: 'No' }]],
    [
      '{non_field_errors}',
      { non_field_errors: ['a', 'b'] },
      [
        { field: [], code: 'INVALID', message: 'a' },
        { field: [], code: 'INVALID', message: 'b' },
      ],
    ],
    ['a field of no input', { secret_key: ['Wrong'] }, [{ field: [], code: 'INVALID', message: 'secret_key: Wrong' }]],
    [
      'a known code',
      { detail: 'In use', code: 'referenced_by_others' },
      [{ field: [], code: 'CONFLICT', message: 'In use' }],
    ],
  ])('%s is told', (_name, refusal, want) => {
    expect(tellBody(refusal)).toEqual(want);
  });

  it('a dictionary by index is told like a list', () => {
    const body = { accounts: [{ username: 'a' }, { username: 'b' }] };
    expect(tellBody({ accounts: { 1: { username: ['Bad'] } } }, body)).toEqual([
      { field: ['accounts', '1', 'username'], code: 'INVALID', message: 'Bad' },
    ]);
  });

  it('an address or a stack never goes out', () => {
    for (const inside of ['see http://10.0.0.1/api/v1/', 'Traceback (most recent call last)', '<html>']) {
      expect(tellBody({ name: [inside] }, { name: 'x' })).toEqual([
        { field: ['name'], code: 'INVALID', message: 'JumpServer does not accept this value.' },
      ]);
    }
  });

  it('a secret that a message quotes never goes out', () => {
    const sent = { catalogue, type: 'CreateUserInput', body: { password: 'hunter2', name: 'x' } };
    expect(toUserErrors({ password: ['"hunter2" is too simple'] }, sent)).toEqual([
      { field: ['password'], code: 'INVALID', message: 'JumpServer does not accept this value.' },
    ]);
  });

  it.each([
    ['该字段必须唯一。', 'DUPLICATE'],
    ['具有 Username 的 User 已存在。', 'DUPLICATE'],
    ['该字段不能为空。', 'REQUIRED'],
    ['对象不存在', 'NOT_FOUND'],
    ['请输入合法的邮件地址。', 'INVALID'],
  ])('%s is recognised in Chinese too', (message, code) => {
    expect(tellBody({ name: [message] }, { name: 'x' })).toEqual([{ field: ['name'], code, message }]);
  });

  it('an id that the message quotes is NOT_FOUND in any language', () => {
    const body = { nodes: ['a3ba1682-5f79-4fdc-b44d-88f642b5e444', DEAD] };
    expect(tellBody({ nodes: [`xx "${DEAD}" yy`] }, body)).toEqual([
      { field: ['nodes', '1'], code: 'NOT_FOUND', message: `xx "${DEAD}" yy` },
    ]);
  });
});
