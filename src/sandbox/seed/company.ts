import { createChance } from '../ids.ts';
import { protocolRows } from '../resources/platforms.ts';
import { createStore, type Store } from '../tables/store.ts';
import { createTable } from '../tables/table.ts';
import type { Row, SandboxSeed, SandboxState, SandboxVersion } from '../types.ts';
import { seedAccounts, seedTemplates } from './accounts.ts';
import { seedAcls, seedAutomations, seedOps, seedPersonal, seedTickets } from './administration.ts';
import { seedCodes } from './codes.ts';
import { AGE, type Draft, put } from './draft.ts';
import { seedLabels, seedPermissions } from './grants.ts';
import { createLogs } from './history.ts';
import { seedAssets, seedNodes, seedZones } from './inventory.ts';
import { seedGroups, seedOrgs, seedPasswordLogs, seedUsers } from './people.ts';
import { seedPlatforms } from './platforms.ts';
import { seedRoles } from './roles.ts';

function seedComponents(draft: Draft): void {
  const { chance, seed } = draft;
  const at = seed.at - AGE;
  const storage = (table: string, name: string, type: string, isDefault: boolean): void => {
    put(draft, table, { id: chance.uuid(), name, type, meta: {}, is_default: isDefault, comment: '' });
  };
  for (const table of ['command-storages', 'replay-storages']) {
    storage(table, 'default', 'server', true);
    storage(table, 'null', 'null', false);
  }
  put(draft, 'terminals', {
    id: chance.uuid(),
    name: '[KoKo]-quay-1',
    type: 'koko',
    remote_addr: '10.250.1.1',
    command_storage: 'default',
    replay_storage: 'default',
    is_active: true,
    is_alive: true,
    load: 'normal',
    stat: { cpu_load: 0.4, memory_used: 31, disk_used: 22, session_online: 0 },
    comment: '',
    date_created: at,
  });
  put(draft, 'endpoints', {
    id: '00000000-0000-0000-0000-000000000001',
    name: 'Default',
    host: '',
    ...{
      https_port: 0,
      http_port: 0,
      ssh_port: 2222,
      rdp_port: 3389,
      magnus_port: 0,
      mysql_port: 33_061,
      mariadb_port: 33_062,
    },
    ...{
      postgresql_port: 54_320,
      redis_port: 63_790,
      vnc_port: 15_900,
      oracle_port: 15_210,
      sqlserver_port: 14_330,
      mongodb_port: 27_018,
    },
    is_active: true,
    comment: '',
    date_created: at,
    date_updated: at,
    created_by: 'System',
  });
}
/** The tables of a company that only depends on the seed's numbers. */
function seedTables(version: SandboxVersion, seed: SandboxSeed): Record<string, Row[]> {
  const chance = createChance(seed.seed);
  const draft: Draft = { version, seed, chance, tables: {}, otherOrg: chance.uuid() };
  seedOrgs(draft);
  draft.tables.roles = seedRoles(seed.at - AGE);
  draft.tables['rbac-permissions'] = seedCodes();
  draft.tables.platforms = seedPlatforms(version, seed.at - AGE);
  draft.tables.protocols = [...protocolRows];
  seedUsers(draft);
  seedGroups(draft);
  const leaves = seedNodes(draft);
  const zones = seedZones(draft);
  seedAssets(draft, leaves, zones);
  seedAccounts(draft);
  seedTemplates(draft);
  seedLabels(draft);
  seedPermissions(draft);
  seedComponents(draft);
  seedPasswordLogs(draft);
  for (const part of [seedAcls, seedTickets, seedAutomations, seedOps, seedPersonal]) part(draft);
  return draft.tables;
}

/** A store with a generated company in it; `earlier` is what happened to its logs since. */
export function seedStore(
  version: SandboxVersion,
  seed: SandboxSeed,
  earlier?: Pick<SandboxState, 'tables' | 'logs'>,
): Store {
  const made = seedTables(version, seed);
  const logs = createLogs(seed, made, earlier?.logs);
  const tables = earlier?.tables ?? made;
  return createStore([...Object.entries(tables).map(([name, rows]) => createTable(name, rows)), ...logs]);
}
