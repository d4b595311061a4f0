import { readFileSync } from 'node:fs';
import { Kind, parse, print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { lintSchema } from '../../codegen/lint.ts';

/** SDL → what is wrong with it. */
const CASES: Readonly<Record<string, readonly [sdl: string, wrong: readonly string[]]>> = {
  'nothing is wrong with a described type': ['"A user." type User { "Its name." name: String! }', []],
  'a type, a field and an argument need a description': [
    'type User { name(short: Boolean): String! }',
    ['User has no description.', 'User.name has no description.', 'User.name(short:) has no description.'],
  ],
  'so do a value, an input’s field, a scalar and a directive’s argument': [
    'enum Color { RED } input Find { by: String } scalar Any directive @mark(name: String) on OBJECT',
    [
      '@mark has no description.',
      '@mark(name:) has no description.',
      'Any has no description.',
      'Color has no description.',
      'Color.RED has no description.',
      'Find has no description.',
      'Find.by has no description.',
    ],
  ],
  'a description is a sentence': [
    '"A user" type User { "Its name." name: String! }',
    ['User: its description is no sentence: "A user".'],
  ],
  'names keep to their case': [
    '"A." type user_group { "B." Name("C." Short_form: Boolean): String "D." is_active: Boolean } "E." enum Kind { "F." host }',
    [
      'Kind.host: a value is SCREAMING_SNAKE_CASE.',
      "user_group.Name(Short_form:): an argument's name is camelCase.",
      "user_group.Name: a field's name is camelCase.",
      "user_group.is_active: a field's name is camelCase.",
      "user_group: a type's name is PascalCase.",
    ],
  ],
  'a time ends in At': [
    '"A." type User { "B." joined: DateTime! "C." leftAt: DateTime } "D." input Range { "E." from: DateTime "F." to: DateTime }',
    ['User.joined: a time\'s name ends in "At".'],
  ],
  'a secret never leaves': ['"A." type User { "B." password: Secret }', ['User.password: a Secret never leaves.']],
  'a deprecation says what to use and when it goes': [
    '"A." type User { "B." a: Int @deprecated(reason: "old") "C." b: Int @deprecated(reason: "Use c. Removed in 2.0.") }',
    ['User.a: its deprecation says not "Use x. Removed in N."'],
  ],
  'a Node has an ID': ['"A." type User implements Node { "B." id: String! }', ['User.id: expected ID!, got String!.']],
  'a connection, its edge and its field have Relay’s shape': [
    `"A." type Query { "B." users("C." first: Int): UserConnection } "D." type User implements Node { "E." id: ID! }
     "F." type UserConnection { "G." edges: [UserEdge] "H." nodes: [User!]! "I." pageInfo: PageInfo }
     "J." type UserEdge { "K." node: User }`,
    [
      'Query.users: a connection takes "after".',
      'Query.users: a connection takes "before".',
      'Query.users: a connection takes "last".',
      'UserConnection.edges: expected /^\\[\\w+Edge!\\]!$/, got [UserEdge].',
      'UserConnection.pageInfo: expected PageInfo!, got PageInfo.',
      'UserConnection.totalCount: expected Int!, got nothing.',
      'UserEdge.cursor: expected String!, got nothing.',
      'UserEdge.node: expected /^\\w+!$/, got User.',
    ],
  ],
  'a mutation takes one input and answers its payload': [
    `"A." type Mutation { "B." createUser("C." name: String!): User "D." login("E." input: LoginInput!): LoginResult! "F." renameUser("G." input: RenameUserInput!): RenameUserPayload! }
     "H." input LoginInput { "I." name: String } "J." input RenameUserInput { "K." name: String } "L." type RenameUserPayload { "M." userErrors: [UserError!]! }`,
    [
      'CreateUserPayload: lacks "userErrors".',
      'CreateUserPayload: lacks "warnings".',
      'Mutation.createUser: expected the one argument "input: CreateUserInput!".',
      'Mutation.createUser: expected to answer CreateUserPayload!, got User.',
      'RenameUserPayload: lacks "warnings".',
    ],
  ],
};

describe('the rules for schemas', () => {
  it.each(Object.entries(CASES))('%s', (_, [sdl, wrong]) => {
    expect(lintSchema(parse(sdl))).toEqual(wrong);
  });
});

it('the public schema breaks none of them', () => {
  expect(lintSchema(parse(readFileSync('schema/schema.graphql', 'utf8')))).toEqual([]);
});

it('a secret leaves by five fields, which are marked', () => {
  const marked = parse(readFileSync('schema/schema.graphql', 'utf8')).definitions.flatMap((node) =>
    node.kind !== Kind.OBJECT_TYPE_DEFINITION
      ? []
      : (node.fields ?? []).flatMap((field) => {
          const isMarked = field.directives?.some((it) => print(it) === '@tag(name: "secret")');
          const isTold = field.description?.value.startsWith('**Secret.**');
          return isMarked || isTold ? [`${node.name.value}.${field.name.value} ${isMarked && isTold}`] : [];
        }),
  );
  expect(marked.sort()).toEqual([
    'CreateAccessKeyPayload.secret true',
    'CreateConnectionTokenPayload.value true',
    'CreateTempTokenPayload.secret true',
    'LoginSuccess.token true',
    'RevealAccountSecretPayload.secret true',
  ]);
});
