import type { Exchange } from '../exchange.ts';
import type { Field } from '../field.ts';
import { computed, createdBy, dateCreated, id, numberId, orgFields, text } from '../fields.ts';
import { exact, related } from '../filters.ts';
import { labels } from '../labels.ts';
import { pageOf } from '../lists.ts';
import { memberIds } from '../orgs.ts';
import { bareRef, type Face, linked } from '../related-fields.ts';
import type { Resource } from '../resource.ts';
import { reply } from '../resource.ts';
import { rowOf, textOf, type View } from '../world.ts';
import { mustFind } from '../writes.ts';

const memberFace: Face = (row) => ({
  id: row.id,
  name: row.name ?? '',
  is_service_account: row.is_service_account ?? false,
});

/** Groups of users: `users/groups/` (api.md §5.2). The list has the amount of members, the detail the members. */
export const groups: Resource = {
  table: 'user-groups',
  path: 'users/groups',
  noun: 'UserGroup',
  model: 'users.usergroup',
  scope: 'org',
  fields: [
    id(),
    text('name', { required: true, max: 128 }),
    computed(
      'users_amount',
      'integer',
      (row, look) => look.world.store.table('user-group-relations').where('usergroup', row.id).length,
      { at: 'L' },
    ),
    linked(
      'users',
      { table: 'user-group-relations', own: 'usergroup', other: 'user', rows: 'users' },
      { at: 'DW', face: memberFace },
    ),
    labels('users.usergroup'),
    ...orgFields(),
    dateCreated(),
    text('comment'),
    createdBy(),
  ],
  mini: 'id name',
  small: 'id name date_created comment created_by',
  order: ['name'],
  search: ['name'],
  unique: [['name']],
  filters: { name: exact('name') },
  hooks: {
    deleted: (row, x) => {
      const { store } = x.world;
      for (const table of ['user-group-relations', 'permission-user-groups']) {
        for (const link of store.table(table).where('usergroup', row.id)) store.table(table).remove(link.id);
      }
    },
  },
  actions: [
    {
      method: 'POST',
      path: ':id/add-all-users',
      perm: 'users.change_usergroup',
      run: (x) => {
        const row = mustFind(groups, x);
        const links = x.world.store.table('user-group-relations');
        const known = new Set(links.where('usergroup', row.id).map((link) => link.user));
        for (const user of memberIds(x.world, x.org)) {
          if (!known.has(user)) links.insert({ id: links.nextNumber(), user, usergroup: row.id });
        }
        return reply(200, {});
      },
    },
  ],
};

/** Displays are added to the query, and a page is read again without what was added (api.md §3.1). */
function withoutAdded(fields: readonly Field[], x: Exchange, view: View): readonly Field[] {
  const isPaged = view === 'L' && pageOf(x) !== null;
  return isPaged && x.world.version !== '3.10.23' ? fields.filter(({ name }) => !name.endsWith('_display')) : fields;
}

/** The links between users and groups, not kept to the organisation (api.md §5.2). */
export const groupRelations: Resource = {
  table: 'user-group-relations',
  path: 'users/users-groups-relations',
  shape: withoutAdded,
  noun: 'User_groups',
  title: 'User User Group Relation',
  model: 'users.usergroup',
  scope: 'global',
  key: 'int',
  projected: false,
  fields: [
    numberId(),
    bareRef('user', 'users', { required: true }),
    computed('user_display', 'string', (row, look) => textOf(rowOf(look.world, 'users', row.user)?.name)),
    bareRef('usergroup', 'user-groups', { required: true }),
    computed('usergroup_display', 'string', (row, look) =>
      textOf(rowOf(look.world, 'user-groups', row.usergroup)?.name),
    ),
  ],
  order: ['id'],
  search: [],
  unique: [['user', 'usergroup']],
  clash: () => ({ non_field_errors: ['This user is in this group already.'] }),
  bulkDelete: 'one',
  filters: { user: related('user', 'users'), usergroup: related('usergroup', 'user-groups') },
};
