import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joined, own } from '../../examples/supergraph/queries/index.ts';
import { CALLER, codesOf, type Supergraph, startSupergraph } from './supergraph.ts';

let supergraph: Supergraph;
beforeAll(async () => {
  supergraph = await startSupergraph();
  await supergraph.graph.query('{ serverInfo { version } }');
});
afterAll(() => supergraph.close());

/** Plain JSON: gateways answer objects without a prototype. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value));

const run = async (gateway: 'apollo' | 'hive', query: string, headers: Record<string, string> = CALLER) => {
  const before = supergraph.upstreamCalls();
  const result = plain(await supergraph.gateways[gateway].run({ query, headers }));
  return { ...result, calls: supergraph.upstreamCalls() - before };
};

const direct = async <T = Record<string, never>>(query: string) => {
  const before = supergraph.upstreamCalls();
  const { data, errors } = await supergraph.graph.query<T>(query, {}, { headers: CALLER });
  expect(errors).toBeUndefined();
  return { data, calls: supergraph.upstreamCalls() - before };
};

/** What another subgraph names and JumpServer has not is null; Hive Gateway says so besides. */
const expectOnlyUnknown = (gateway: string, errors: readonly { message: string }[] | undefined) => {
  const messages = (errors ?? []).map(({ message }) => message);
  const expected = gateway === 'hive' ? [expect.stringContaining('Cannot return null for non-nullable field')] : [];
  expect(messages).toEqual(expected);
};

describe.each(['apollo', 'hive'] as const)('through the %s gateway', (gateway) => {
  it.each(Object.entries(own))('%s: the direct answer, with no call more', async (_, query) => {
    const expected = await direct(query);
    const { data, errors, calls } = await run(gateway, query);
    expect(errors).toBeUndefined();
    expect(data).toEqual(expected.data);
    expect(calls).toBe(expected.calls);
  });

  it('assets of the CMDB, by name: one call for them and their platforms', async () => {
    const { data, errors, calls } = await run(gateway, joined['assets of the CMDB, by name'] ?? '');
    const { data: known } = await direct<Record<string, unknown>>(
      `{ ${['app-0000', 'app-0001', 'app-0002'].map((name, at) => `a${at}: asset(name: "${name}") { uuid name category platform { name } }`).join(' ')} }`,
    );
    expectOnlyUnknown(gateway, errors);
    expect(data).toEqual({
      configurationItems: [
        { tag: 'CI-1001', costCenter: 'shop', asset: known['a0'] },
        { tag: 'CI-1002', costCenter: 'shop', asset: known['a1'] },
        { tag: 'CI-1003', costCenter: 'data', asset: known['a2'] },
        { tag: 'CI-1004', costCenter: 'data', asset: null },
      ],
    });
    expect(calls).toBe(1);
  });

  it('assets of the network, by address: one call, null for what JumpServer has not', async () => {
    const { data, errors, calls } = await run(gateway, joined['assets of the network, by address'] ?? '');
    const { data: known } = await direct<Record<string, unknown>>(
      '{ a0: asset(name: "app-0000") { uuid name accountsCount } a1: asset(name: "app-0001") { uuid name accountsCount } }',
    );
    expectOnlyUnknown(gateway, errors);
    expect(data).toEqual({
      ports: [
        { label: 'sw1/1', asset: known['a0'] },
        { label: 'sw1/2', asset: known['a1'] },
        { label: 'sw1/3', asset: null },
      ],
    });
    expect(calls).toBe(1);
  });

  it('accounts of employees, by e-mail address: one call', async () => {
    const { data, errors, calls } = await run(gateway, joined['accounts of employees, by e-mail address'] ?? '');
    const { data: known } = await direct<Record<string, unknown>>(
      `{ ${['admin', 'amara.haverkamp', 'astrid.drozd'].map((name, at) => `u${at}: user(username: "${name}") { username groups { name } }`).join(' ')} }`,
    );
    expectOnlyUnknown(gateway, errors);
    expect(data).toEqual({
      employees: [
        { department: 'Operations', user: known['u0'] },
        { department: 'Payments', user: known['u1'] },
        { department: 'Payments', user: known['u2'] },
        { department: 'Canteen', user: null },
      ],
    });
    expect(calls).toBe(1);
  });

  it('what the others know of assets: Jumpgraph is asked once', async () => {
    const { data, errors, calls } = await run(gateway, joined['what the others know of assets'] ?? '');
    const { data: known } = await direct<{ assets: { nodes: { name: string; address: string }[] } }>(
      '{ assets(first: 5) { nodes { name address } } }',
    );
    const centers: Record<string, string> = { 'app-0000': 'shop', 'app-0001': 'shop', 'app-0002': 'data' };
    const vlans: Record<string, number> = { '10.20.0.0': 20, '10.20.0.1': 20 };
    const nodes = known.assets.nodes.map(({ name, address }) => ({
      name,
      configurationItem: name in centers ? { costCenter: centers[name] } : null,
      port: address in vlans ? { vlan: vlans[address] } : null,
    }));
    expect(errors).toBeUndefined();
    expect(data).toEqual({ assets: { nodes } });
    expect(calls).toBe(1);
  });

  it('departments of those who hold a permission: no call more than without them', async () => {
    const { data, errors, calls } = await run(gateway, joined['departments of those who hold a permission'] ?? '');
    const expected = await direct<{
      permissions: { nodes: { name: string; users: { nodes: { username: string; email: string }[] } }[] };
    }>('{ permissions(first: 10) { nodes { name users { nodes { username email } } } } }');
    const departments: Record<string, string> = {
      'admin@harborvale.example': 'Operations',
      'amara.haverkamp@harborvale.example': 'Payments',
      'astrid.drozd@harborvale.example': 'Payments',
    };
    const nodes = expected.data.permissions.nodes.map(({ name, users }) => ({
      name,
      users: {
        nodes: users.nodes.map(({ username, email }) => ({
          username,
          employee: email in departments ? { department: departments[email] } : null,
        })),
      },
    }));
    expect(errors).toBeUndefined();
    expect(data).toEqual({ permissions: { nodes } });
    expect(calls).toBe(expected.calls);
  });

  it('credentials and organisation are forwarded: without the first nothing is seen, an unknown second is an error', async () => {
    const anonymous = await run(gateway, '{ users(first: 1) { nodes { name } } }', {});
    expect(anonymous.data).toEqual({ users: null });
    expect(codesOf(anonymous)).toEqual(['UNAUTHENTICATED']);
    const astray = await run(gateway, '{ users(first: 1) { nodes { name } } }', {
      ...CALLER,
      'x-jms-org': 'no such organisation',
    });
    expect(astray.data).toEqual({ users: null });
    expect(codesOf(astray)).toHaveLength(1);
  });

  it('another caller sees what JumpServer lets them see', async () => {
    const query = '{ viewer { user { username } } employees { user { username } } }';
    const { data, errors } = await run(gateway, query, { authorization: 'Bearer sandbox-user' });
    const admin = await run(gateway, query);
    expect(data?.['viewer']).not.toEqual(admin.data?.['viewer']);
    expect(errors?.length).toBeGreaterThan(0);
  });
});

it.each(
  Object.entries(own).slice(0, 6),
)('%s: traced for a gateway, the same answer for the same calls', async (_, query) => {
  const expected = await direct(query);
  const headers = { ...CALLER, 'apollo-federation-include-trace': 'ftv1' };
  const { data, errors, extensions } = await supergraph.graph.query(query, {}, { headers });
  expect(errors).toBeUndefined();
  expect(data).toEqual(expected.data);
  expect(extensions.upstream.calls).toBe(expected.calls);
  expect(extensions).toHaveProperty('ftv1');
});

it('no other subgraph ever got JumpServer’s credentials', () => {
  const names = new Set(supergraph.others.flatMap(({ received }) => received.flat()));
  expect(names).not.toContain('authorization');
  expect(names).not.toContain('x-jms-org');
  expect(names).not.toContain('cookie');
  expect(supergraph.others.every(({ received }) => received.length > 0)).toBe(true);
});
