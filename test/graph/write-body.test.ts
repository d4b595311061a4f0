import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/generated/catalogue.ts';
import { toGlobalId } from '../../src/graph/identity.ts';
import { Secret } from '../../src/graph/secret.ts';
import { toBody } from '../../src/graph/write-body.ts';
import { findIgnored } from '../../src/graph/write-ignored.ts';

const UUID = 'a3ba1682-5f79-4fdc-b44d-88f642b5e444';
const OTHER = '4538752a-1fa0-4da2-8446-647accae4fea';

describe('an input becomes the body that JumpServer takes', () => {
  it.each([
    ['names', 'CreateUserInput', { username: 'a', isActive: true }, { username: 'a', is_active: true }],
    [
      'choices, numbers among them',
      'CreateUserInput',
      { source: 'LDAP_HA', mfaLevel: 'FORCED' },
      {
        source: 'ldap_ha',
        mfa_level: 2,
      },
    ],
    ['lists of choices', 'AddToPermissionInput', { actions: ['CONNECT', 'SHARE'] }, { actions: ['connect', 'share'] }],
    ['times', 'GrantPermissionInput', { expiresAt: '2031-05-06T07:08:09Z' }, { date_expired: '2031-05-06T07:08:09Z' }],
    [
      'ids in either form, bare',
      'CreateUserInput',
      { groups: [UUID.toUpperCase(), toGlobalId('UserGroup', OTHER)] },
      {
        groups: [UUID, OTHER],
      },
    ],
    ['ids without dashes', 'CreateAccountInput', { asset: UUID.replaceAll('-', '') }, { asset: UUID }],
    ['numbers as ids', 'CreateHostInput', { platform: toGlobalId('Platform', '17') }, { platform: 17 }],
    ['secrets, revealed here alone', 'CreateAccountInput', { secret: new Secret('s') }, { secret: 's' }],
    ['objects', 'CreateUserInput', { phone: { code: '+49', phone: '1' } }, { phone: { code: '+49', phone: '1' } }],
    [
      'lists of objects',
      'CreateHostInput',
      { accounts: [{ isPrivileged: true, template: UUID }] },
      {
        accounts: [{ privileged: true, template: UUID }],
      },
    ],
    [
      'parts beside the rest',
      'CreateDatabaseInput',
      { name: 'a', database: { name: 'b', useSsl: false } },
      {
        name: 'a',
        db_name: 'b',
        use_ssl: false,
      },
    ],
    ['nothing for what is left out', 'CreateUserInput', { comment: undefined }, {}],
    ['null for what is cleared', 'UpdateAssetInput', { zone: null }, { zone: null }],
    ['an empty text for a cleared text', 'UpdateUserInput', { comment: null }, { comment: '' }],
    ['an empty list for a cleared list', 'UpdateUserInput', { groups: null }, { groups: [] }],
    ['nothing for a part that is null', 'UpdateAssetInput', { database: null }, {}],
  ])('%s', (_what, type, input, want) => {
    expect(toBody(catalogue, type, input)).toEqual(want);
  });

  it('leaves out what it is told to', () => {
    expect(toBody(catalogue, 'UpdateUserInput', { id: UUID, name: 'a' }, ['id'])).toEqual({ name: 'a' });
  });

  it.each([
    ['CreateUserInput', { groups: [UUID, 'nonsense'] }, 'input.groups.1: expected the id of a UserGroup'],
    ['CreateHostInput', { accounts: [{}, { template: 'x' }] }, 'input.accounts.1.template: expected the id of a'],
    ['CreateHostInput', { platform: UUID }, 'input.platform: expected the id of a Platform'],
    ['CreateHostInput', { zone: toGlobalId('User', UUID) }, 'input.zone: expected the id of a Zone'],
    ['CreateUserInput', { source: 'UNKNOWN' }, 'input.source: expected a known UserSource, got UNKNOWN'],
  ])('%s %j is refused with its place', (type, input, message) => {
    expect(() => toBody(catalogue, type, input)).toThrow(message);
  });
});

describe('references that JumpServer has left out', () => {
  const find = (body: object, row: object) =>
    findIgnored(catalogue, 'CreateHostInput', { ...body }, { ...row }).map(({ field }) => field.join('.'));

  it.each([
    ['all came back', { nodes: [UUID, OTHER] }, { nodes: [{ id: OTHER }, { id: UUID }] }, []],
    ['one of a list is missing', { nodes: [UUID, OTHER] }, { nodes: [{ id: OTHER }] }, ['nodes.0']],
    ['a single one came back', { zone: UUID }, { zone: { id: UUID } }, []],
    ['a single one is missing', { zone: UUID }, { zone: null }, ['zone']],
    ['none was sent', { zone: null, nodes: [] }, { zone: null, nodes: [{ id: UUID }] }, []],
    ['the answer does not say', { nodes: [UUID] }, {}, []],
    ['a number came back as a number', { platform: 17 }, { platform: { id: 17 } }, []],
  ])('%s', (_what, body, row, want) => {
    expect(find(body, row)).toEqual(want);
  });
});
