import type { Resolver } from '../../graph/resolve.ts';
import { scopeOf } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { mutation } from '../../graph/write.ts';
import { act, create, remove, someReferences, update } from '../../graph/write-plain.ts';
import { addRelated, type Relation, removeRelated } from '../../graph/write-relations.ts';
import { readGrantedNodes } from '../asset-nodes/granted.ts';

const MEMBERS: Relation = { name: 'users', route: '/users/users-groups-relations/', mine: 'usergroup', theirs: 'user' };

const addUsersToGroup = mutation(async (write) => {
  someReferences(write, 'users');
  const warnings = await addRelated(write, MEMBERS);
  return { userGroup: { id: write.id('id') }, warnings };
});

const removeUsersFromGroup = mutation(async (write) => {
  someReferences(write, 'users');
  const warnings = await removeRelated(write, MEMBERS);
  return { userGroup: { id: write.id('id') }, warnings };
});

const nodesOf: Resolver = (row, _args, context, info) => {
  const parameters = { id: String(row['id']) };
  return readGrantedNodes('/perms/user-groups/{id}/nodes/', parameters, scopeOf(row, context.scope), context, info);
};

/** The nodes of user groups, and writes of them. Members come and go by their own rows, never by overwriting the whole list. */
export const userGroups = {
  UserGroup: { nodes: nodesOf },
  Mutation: {
    createUserGroup: create('UserGroup'),
    updateUserGroup: update('UserGroup'),
    deleteUserGroup: remove('UserGroup'),
    addUsersToGroup,
    addAllUsersToGroup: act('UserGroup', 'POST'),
    removeUsersFromGroup,
  },
} satisfies Resolvers;
