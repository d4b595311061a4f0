import { isRow } from '../../graph/row.ts';
import { done, mutation, refuse } from '../../graph/write.ts';
import { inputFields } from '../../graph/write-body.ts';
import { knownRow } from '../../graph/write-known.ts';
import type { Operation } from '../../graph/write-send.ts';

/** The address of each category (api.md §5.3): only there an asset takes what its category alone has. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  host: 'PATCH /assets/hosts/{id}/',
  device: 'PATCH /assets/devices/{id}/',
  database: 'PATCH /assets/databases/{id}/',
  cloud: 'PATCH /assets/clouds/{id}/',
  web: 'PATCH /assets/webs/{id}/',
  ds: 'PATCH /assets/directories/{id}/',
  gpt: 'PATCH /assets/gpts/{id}/',
  custom: 'PATCH /assets/customs/{id}/',
};

/** The category that a part of the input belongs to, where it is not the part's own name. */
const WIRE: Readonly<Record<string, string>> = { directory: 'ds' };

/** Changes an asset through the address of its category. */
export const updateAsset = mutation(async (write) => {
  const row = await knownRow(write, 'Asset', 'id', ['id', 'category']);
  const category = String(isRow(row['category']) ? row['category']['value'] : row['category']);
  const operation = OPERATIONS[category];
  if (!operation) throw new Error(`assets of category "${category}" have no address`);
  const parts = Object.entries(inputFields(write.catalogue, write.type)).filter(([, field]) => field.to === '');
  const strange = parts.filter(([name]) => write.input[name] && (WIRE[name] ?? name) !== category);
  refuse(strange.map(([name]) => ({ field: [name], code: 'INVALID', message: `The asset is no ${name}.` })));
  const body = write.body(['id']);
  return done(write, 'Asset', await write.send(operation, { path: { id: write.id('id') }, body }), body);
});
