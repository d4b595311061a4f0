import { describe, expect, test } from 'vitest';
import { toAttrRules } from '../../src/upstream/index.ts';
import { createRenames } from '../../src/upstream/renames.ts';
import { type JsonObject, loadSnapshot, type Version } from '../support/recordings.ts';
import { administrator, createStage } from './support/server.ts';

const ZONE = '3c1c6f0e-2f7b-4a51-8a86-0d1b5f1c8a10';

const keysOf = (rows: readonly JsonObject[] = []): ReadonlySet<string> =>
  new Set(rows.flatMap((row) => Object.keys(row)));

test.each(['4.10.0', '4.10.16', '4.10.19'])('%s needs no renames', (version) => {
  expect(createRenames(version)).toBeUndefined();
});

describe.each(['3.10.23', '4.9.0'] as const)('%s', (version) => {
  const renames = createRenames(version);

  test.each([
    ['assets', '/assets/assets/', 'zone'],
    ['hosts', '/assets/hosts/', 'zone'],
    ['gateways', '/assets/gateways/', 'zone'],
    ['platforms', '/assets/platforms/', 'gateway_enabled'],
  ])('rows of %s come out with the names of 4.10', (resource, path, name) => {
    const rows = structuredClone(loadSnapshot(version)[resource] ?? []);
    const before = keysOf(rows);
    renames?.answer(path, { count: rows.length, results: rows });
    const added = [...keysOf(rows)].filter((key) => !before.has(key));
    expect(added).toEqual([name]);
    expect([...keysOf(rows)].filter((key) => key.includes('domain') && key !== 'domain_name')).toEqual([]);
  });

  test('the values stay what they were', () => {
    const [row] = (loadSnapshot(version).assets ?? []).filter(({ domain }) => domain !== null);
    const renamed = renames?.answer('/assets/assets/{id}/', structuredClone(row));
    expect(renamed).toMatchObject({ id: row?.id, zone: row?.domain });
    expect(renamed).not.toHaveProperty('domain');
  });

  test('automation settings inside an asset and counts inside an organisation follow', () => {
    const rename = (resource: string, path: string) =>
      renames?.answer(path, structuredClone(loadSnapshot(version)[resource]?.[0]));
    expect(rename('assets', '/assets/assets/')).toMatchObject({
      auto_config: { gateway_enabled: expect.any(Boolean) },
    });
    expect(rename('orgs', '/orgs/orgs/')).toMatchObject({ resource_statistics: { zones_amount: expect.any(Number) } });
  });

  test('a property of that name elsewhere is left alone', () => {
    expect(renames?.answer('/terminal/sessions/', [{ domain: 'corp' }])).toEqual([{ domain: 'corp' }]);
    expect(renames?.answer('/assets/customs/', [{ custom_info: { domain: 'corp' } }])).toEqual([
      { custom_info: { domain: 'corp' } },
    ]);
  });

  test('a body becomes what the server reads, and its own answer comes back as it went', () => {
    const asset = { name: 'web', zone: ZONE, platform: { pk: 1 } };
    const sent = renames?.body('/assets/hosts/', JSON.stringify(asset)) ?? '';
    expect(JSON.parse(sent)).toEqual({ name: 'web', domain: ZONE, platform: { pk: 1 } });
    expect(renames?.answer('/assets/hosts/', JSON.parse(sent))).toEqual(asset);
  });

  test('paths, filters, projections, orders and rules go out with its names', async () => {
    const stage = createStage(version, undefined, { version });
    const session = stage.upstream.session({ credentials: administrator });
    const rules = (name: string) => toAttrRules([{ name, match: 'in', value: [ZONE] }]);
    await session.api.GET('/assets/zones/', { params: { query: { fields: ['id', 'name'] } } }).catch(() => undefined);
    await session.api
      .GET('/assets/hosts/', {
        params: { query: { zone: ZONE, fields: ['id', 'zone', 'name'], order: '-zone', attr_rules: rules('zone_id') } },
      } as never)
      .catch(() => undefined);
    expect(stage.sent()).toEqual(['GET /assets/domains/', 'GET /assets/hosts/']);
    expect(Object.fromEntries(stage.seen[1]?.url.searchParams ?? [])).toEqual({
      domain: ZONE,
      fields: 'id,domain,name',
      order: '-domain',
      attr_rules: rules('domain_id'),
    });
  });
});

test('the errors of an older server name today’s fields', async () => {
  const version: Version = '4.9.0';
  const stage = createStage(version, () => Response.json({ domain: ['Object does not exist.'] }, { status: 400 }), {
    version,
  });
  const call = stage.upstream
    .session({ credentials: administrator })
    .api.POST('/assets/hosts/', { body: { name: 'web' } } as never);
  await expect(call).rejects.toMatchObject({ code: 'BAD_USER_INPUT', body: { zone: ['Object does not exist.'] } });
});
