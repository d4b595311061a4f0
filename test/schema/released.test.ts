import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { breakingChanges, undeclared } from '../../codegen/compare.ts';

const RELEASED = `
  type Query { user(id: ID!, withGroups: Boolean): User }
  type User { id: ID! name: String! email: String }
  enum Color { RED GREEN }
  input UserFilter { name: String }
  type Group { users(filter: UserFilter): [User!]! color: Color }`;

/** What was changed → coordinates and words of what breaks. */
const CASES: Readonly<
  Record<string, readonly [from: string, to: string, found: readonly (readonly [string, RegExp])[]]>
> = {
  'a removed field': ['email: String', '', [['User.email', /Field 'email' was removed from object type 'User'/]]],
  'a changed nullability': [
    'name: String!',
    'name: String',
    [['User.name', /changed type from 'String!' to 'String'/]],
  ],
  'a renamed argument': [
    'withGroups: Boolean',
    'includeGroups: Boolean',
    [['Query.user.withGroups', /Argument 'withGroups: Boolean' was removed from field 'Query.user'/]],
  ],
  'a removed value': ['RED GREEN', 'RED', [['Color.GREEN', /Enum value 'GREEN' was removed/]]],
  'a demanded field of an input': [
    'input UserFilter { name: String }',
    'input UserFilter { name: String! }',
    [['UserFilter.name', /changed type from 'String' to 'String!'/]],
  ],
  'a removed type': [
    'type Group { users(filter: UserFilter): [User!]! color: Color }',
    '',
    [['Group', /Type 'Group' was removed/]],
  ],
  'nothing, when a field is added': ['email: String', 'email: String phone: String', []],
};

describe('what breaks clients', () => {
  it.each(Object.entries(CASES))('%s', async (_, [from, to, found]) => {
    const changes = await breakingChanges(RELEASED, RELEASED.replace(from, to));
    expect(changes.map(({ coordinate }) => coordinate)).toEqual(found.map(([coordinate]) => coordinate));
    for (const [at, [, words]] of found.entries()) expect(changes[at]?.message).toMatch(words);
  });

  it('passes when the next release’s section of the change log names it under Breaking, and only then', () => {
    const changes = [
      { coordinate: 'User.email', message: 'gone' },
      { coordinate: 'User.name', message: 'nullable' },
    ];
    const log = (next: string) =>
      `# Changes\n\n## Unreleased\n\n${next}\n\n## 1.0.0\n\n### Breaking\n\n- \`User.name\`\n`;
    expect(undeclared(changes, log(''))).toEqual(changes);
    expect(undeclared(changes, log('### Breaking\n\n- `User.email` is gone: use `User.mail`.'))).toEqual([changes[1]]);
    expect(undeclared(changes, log('### Added\n\n- `User.email`'))).toEqual(changes);
  });
});

it('the public schema breaks nothing of the released one, or the change log says so', async () => {
  const released = readFileSync('schema/released.graphql', 'utf8');
  const changelog = existsSync('CHANGELOG.md') ? readFileSync('CHANGELOG.md', 'utf8') : '';
  const changes = await breakingChanges(released, readFileSync('schema/schema.graphql', 'utf8'));
  expect(undeclared(changes, changelog).map(({ coordinate, message }) => `${coordinate}: ${message}`)).toEqual([]);
});
