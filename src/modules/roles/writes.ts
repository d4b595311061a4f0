import { rowsIn } from '../../graph/fetch.ts';
import { isRow, type Row, relatedId } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { done, globalId, mutation, refuse, type Write } from '../../graph/write.ts';
import type { Body } from '../../graph/write-body.ts';
import type { UserError } from '../../graph/write-errors.ts';
import { knownRow } from '../../graph/write-known.ts';

/** Where a role holds, as the paths of its writes name it (api.md §5.16: the common path is for reading). */
type Scope = 'org' | 'system';

function scopeOf(row: Body): Scope {
  const scope = row['scope'];
  return (isRow(scope) ? scope['value'] : scope) === 'system' ? 'system' : 'org';
}

const createRole = mutation(async (write) => {
  const body = write.newBody();
  const query = write.input['cloneOf'] ? { clone_from: write.id('cloneOf') } : {};
  if (write.input['cloneOf'] && write.input['codes'])
    refuse([{ field: ['cloneOf'], code: 'INVALID', message: 'Give `codes` or `cloneOf`, not both.' }]);
  if (write.input['cloneOf']) await knownRow(write, 'Role', 'cloneOf');
  const scope = scopeOf(body);
  const row = await write.send(`POST /rbac/${scope}-roles/`, { query, body });
  return done(write, 'Role', row, body);
});

const updateRole = mutation(async (write) => {
  const role = await changeableRole(write);
  const body = write.body(['id']);
  const row = await write.send(`PATCH /rbac/${scopeOf(role)}-roles/{id}/`, { path: { id: write.id('id') }, body });
  return done(write, 'Role', row, body);
});

const deleteRole = mutation(async (write) => {
  const role = await changeableRole(write);
  if (Number(role['users_amount']) > 0) refuse([onId('CONFLICT', 'Somebody holds the role; take it from them first.')]);
  const id = write.id('id');
  await write.send(`DELETE /rbac/${scopeOf(role)}-roles/{id}/`, { path: { id } });
  return { deletedIds: [globalId('Role', id)] };
});

/** The role's row. Throws a refusal for one that comes with JumpServer. */
async function changeableRole(write: Write): Promise<Row> {
  const role = await knownRow(write, 'Role', 'id', ['id', 'scope', 'builtin', 'users_amount']);
  if (role['builtin'] === true) refuse([onId('FORBIDDEN', 'The role comes with JumpServer and can’t be changed.')]);
  return role;
}

function onId(code: UserError['code'], message: string): UserError {
  return { field: ['id'], code, message };
}

const createRoleBinding = mutation(async (write) => {
  const scope = scopeOf(await knownRow(write, 'Role', 'role', ['id', 'scope']));
  const body = write.newBody();
  if (await isBound(write, scope, write.id('user')))
    refuse([{ field: ['role'], code: 'DUPLICATE', message: 'The user holds it already.' }]);
  return done(write, 'RoleBinding', await write.send(`POST /rbac/${scope}-role-bindings/`, { body }), body);
});

const updateRoleBinding = mutation(async (write) => {
  const binding = await knownRow(write, 'RoleBinding', 'id', ['id', 'scope', 'user']);
  const role = await knownRow(write, 'Role', 'role', ['id', 'scope']);
  const scope = scopeOf(binding);
  if (scopeOf(role) !== scope)
    refuse([{ field: ['role'], code: 'INVALID', message: 'The role holds elsewhere: give one of the same scope.' }]);
  if (await isBound(write, scope, relatedId(binding['user'])))
    refuse([{ field: ['role'], code: 'DUPLICATE', message: 'The user holds it already.' }]);
  const body = write.body(['id']);
  const path = { id: write.id('id') };
  return done(write, 'RoleBinding', await write.send(`PATCH /rbac/${scope}-role-bindings/{id}/`, { path, body }), body);
});

/** Asked first: the database lets the same role of the whole server be bound twice, for its organisation is null. */
async function isBound(write: Write, scope: Scope, user: string | null): Promise<boolean> {
  if (user === null) return false;
  const role = write.id('role');
  const query = { user, role, limit: 10 };
  const rows = rowsIn(await write.send(`GET /rbac/${scope}-role-bindings/`, { query }));
  return rows.some((row) => relatedId(row['user']) === user && relatedId(row['role']) === role);
}

const deleteRoleBinding = mutation(async (write) => {
  const scope = scopeOf(await knownRow(write, 'RoleBinding', 'id', ['id', 'scope']));
  const id = write.id('id');
  await write.send(`DELETE /rbac/${scope}-role-bindings/{id}/`, { path: { id } });
  return { deletedIds: [globalId('RoleBinding', id)] };
});

/** Writes of roles and of who holds them. */
export const roleWrites = {
  Mutation: { createRole, updateRole, deleteRole, createRoleBinding, updateRoleBinding, deleteRoleBinding },
} satisfies Resolvers;
