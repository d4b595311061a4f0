import { describePlainWrites } from './plain-writes.ts';
import { list, NOBODY } from './support.ts';

describePlainWrites({
  noun: 'EndpointRule',
  field: 'endpointRule',
  path: '/api/v1/terminal/endpoint-rules/',
  input: async (graph, at) => ({
    priority: 60 + Number(at),
    ipGroup: ['10.0.0.0/8'],
    endpoint: (await list(graph, 'endpoints(first: 1)', 'id'))[0]?.id,
  }),
  selection: 'name ipGroup isActive comment endpoint { name }',
  created: { ipGroup: ['10.0.0.0/8'], isActive: true, endpoint: { name: 'Default' } },
  change: { ipGroup: ['192.0.2.0/24'], isActive: false },
  changed: { ipGroup: ['192.0.2.0/24'], isActive: false },
  repeat: ['name DUPLICATE', 'priority DUPLICATE'],
  refused: [
    [{ name: '' }, ['name REQUIRED']],
    [{ priority: 101 }, ['priority INVALID']],
    [{ endpoint: NOBODY }, ['endpoint NOT_FOUND']],
  ],
});
