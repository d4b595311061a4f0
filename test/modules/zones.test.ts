import { describePlainWrites } from './plain-writes.ts';
import { list, type Named, NOBODY } from './support.ts';

describePlainWrites({
  noun: 'Zone',
  field: 'zone',
  path: '/api/v1/assets/zones/',
  input: async (graph) => ({ assets: (await list(graph, 'assets(first: 1)', 'id')).map(({ id }) => id) }),
  selection: 'name comment assetsCount',
  created: { comment: '', assetsCount: 1 },
  change: { comment: 'moved', assets: [] },
  changed: { comment: 'moved', assetsCount: 0 },
  repeat: ['name DUPLICATE'],
  refused: [
    [{ name: '' }, ['name REQUIRED']],
    [{ assets: [NOBODY] }, ['assets.0 NOT_FOUND']],
  ],
});

describePlainWrites({
  noun: 'Gateway',
  field: 'gateway',
  path: '/api/v1/assets/gateways/',
  input: async (graph) => {
    const [zone] = await list(graph, 'zones(first: 1)', 'id');
    const platforms = await list<Named>(graph, 'platforms(first: 100)', 'id name');
    const platform = platforms.find(({ name }) => name === 'Gateway');
    return { address: '10.9.8.7', platform: platform?.id, zone: zone?.id, protocols: [{ name: 'ssh', port: 22 }] };
  },
  selection: 'name address isActive zone { id } protocols { name port }',
  created: { address: '10.9.8.7', isActive: true, protocols: [{ name: 'ssh', port: 22 }] },
  change: { address: '10.9.8.8', isActive: false },
  changed: { address: '10.9.8.8', isActive: false },
  repeat: ['name DUPLICATE'],
  refused: [
    [{ name: '' }, ['name REQUIRED']],
    [{ zone: NOBODY }, ['zone NOT_FOUND']],
    [{ platform: '99999' }, ['platform NOT_FOUND']],
  ],
});
