import type { Resolvers } from '../../graph/served.ts';
import { done, globalId, mutation, refuse, required, type Write } from '../../graph/write.ts';
import { each } from '../../graph/write-each.ts';
import { act, create, remove, someReferences, update } from '../../graph/write-plain.ts';
import { sendOnce } from '../../graph/write-send.ts';
import { resetPreferences, updatePreferences } from './preferences.ts';

/** The built-in role of an ordinary member; the same id on every server (recorded role rows). */
const ORGANIZATION_MEMBER = '00000000-0000-0000-0000-000000000007';

/** A password given is meant to be used: JumpServer drops it without a word unless the strategy says so. */
function settlePassword(body: Record<string, unknown>): void {
  if (body['password_strategy'] === undefined && body['password'] !== undefined) body['password_strategy'] = 'custom';
  if (body['password_strategy'] === 'custom' && !body['password'])
    refuse([required(['password'], 'With passwordStrategy CUSTOM a password is needed.')]);
}

/** JumpServer resets on a GET (api.md §5.1), which therefore must not be repeated or remembered. */
const resetUserMfa = mutation(async (write) => {
  const id = write.id('id');
  await sendOnce(write.scope.session, 'GET /users/users/{id}/mfa/reset/', { path: { id } });
  return { user: { id } };
});

/** JumpServer's answer may echo what it stores (api.md §5.1), so it is left aside. */
const setUserPassword = mutation(async (write) => {
  const id = write.id('id');
  await write.send('PATCH /users/users/{id}/password/', { path: { id }, body: write.body(['id']) });
  return { user: { id } };
});

const updateProfile = mutation(async (write) => {
  const body = write.body();
  return done(write, 'User', await write.send('PATCH /users/profile/', { body }), body);
});

const inviteUsers = mutation(async (write) => {
  const references = someReferences(write, 'users');
  const body = { org_roles: [ORGANIZATION_MEMBER], ...write.newBody() };
  await write.send('POST /users/users/invite/', { body });
  return { users: references.map(({ id }) => ({ id })) };
});

const removeUsersFromOrganization = mutation(async (write) => {
  const references = someReferences(write, 'users');
  const { succeeded, userErrors } = await each(write, 'users', references, (id) => leave(write, id));
  return { removedIds: succeeded.map(({ id }) => globalId('User', id)), userErrors };
});

/** One by one: the route for many acts on every row when its ids are lost on the way (api.md §5.1). */
async function leave(write: Write, id: string): Promise<unknown> {
  return write.send('POST /users/users/{id}/remove/', { path: { id }, body: {} });
}

/** Writes of users. */
export const users = {
  Mutation: {
    createUser: create('User', settlePassword),
    updateUser: update('User'),
    deleteUser: remove('User'),
    unblockUser: act('User', 'PATCH'),
    resetUserMfa,
    resetUserPassword: act('User', 'PATCH'),
    setUserPassword,
    resetUserPublicKey: act('User', 'PATCH'),
    updateProfile,
    updatePreferences,
    resetPreferences,
    inviteUsers,
    removeUsersFromOrganization,
  },
} satisfies Resolvers;
