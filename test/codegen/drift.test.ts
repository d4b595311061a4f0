import { describe, expect, it } from 'vitest';
import type { Document, Schema } from '../../codegen/contract-document.ts';
import { readSource } from '../../codegen/contract-sources.ts';
import { closestVersion, declaredDocument, driftBetween, type GraphMap } from '../../codegen/drift.ts';
import { sourceFolder } from './sources.ts';

const choice = (...values: string[]): Schema => ({
  type: 'object',
  properties: { value: { type: 'string', enum: values }, label: { type: 'string' } },
});

const asset: Schema = {
  type: 'object',
  required: ['name'],
  properties: {
    id: { type: 'string', readOnly: true },
    name: { type: 'string', description: 'how it is called' },
    address: { type: 'string' },
    port: { type: 'number' },
    charset: { type: 'string' },
    created: { type: 'string', format: 'date-time' },
    comment: { type: 'string', nullable: true },
    category: choice('host', 'web'),
    platform: { type: 'object', properties: { id: { type: 'integer' }, name: { type: 'string' } } },
    nodes: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' } } } },
  },
};

const json = (schema: Schema) => ({ content: { 'application/json': { schema } } });
const reference: Schema = { $ref: '#/components/schemas/Asset' };

const documentWith = (
  change: (schema: Required<Pick<Schema, 'properties'>> & Schema, document: Document) => void,
): Document => {
  const schema = structuredClone(asset);
  const document: Document = {
    openapi: '3.0.3',
    info: {},
    paths: {
      '/assets/': {
        get: {
          parameters: [
            { name: 'search', in: 'query', schema: { type: 'string' } },
            { name: 'limit', in: 'query', schema: { type: 'integer' } },
          ],
          responses: { 200: json({ type: 'array', items: reference }) },
        },
        post: { requestBody: json(reference), responses: { 201: json(reference) } },
      },
      '/assets/{id}/': { delete: { parameters: [{ name: 'id', in: 'path', required: true }], responses: { 204: {} } } },
    },
    components: { schemas: { Asset: schema } },
  };
  change({ ...schema, properties: schema.properties ?? {} }, document);
  return document;
};

const field = (name: string, ...property: string[]) => ({ coordinate: `Asset.${name}`, path: '/assets/', property });

const graphMap: GraphMap = {
  fields: [
    field('name', 'name'),
    field('address', 'address'),
    field('port', 'port'),
    field('charset', 'charset'),
    field('createdAt', 'created'),
    field('comment', 'comment'),
    field('category', 'category'),
    field('platform', 'platform'),
    field('nodes', 'nodes'),
  ],
  operations: [
    { coordinate: 'Query.assets', operation: 'GET /assets/' },
    { coordinate: 'Mutation.deleteAsset', operation: 'DELETE /assets/{id}/' },
  ],
};

type Change = Parameters<typeof documentWith>[0];

const table: [string, Change, string[]][] = [
  ['nothing', () => {}, []],
  [
    'a renamed property',
    ({ properties }) => {
      Object.assign(properties, { addr: properties.address });
      delete properties.address;
    },
    [
      'breaking Asset.address "address" is gone from the rows of GET /assets/ (renamed to "addr"?)',
      'additive Asset "addr" is new in the rows of GET /assets/',
    ],
  ],
  [
    'a removed property inside',
    ({ properties }) => void delete properties.platform?.properties?.name,
    ['breaking Asset.platform "platform" of GET /assets/: "name" is gone'],
  ],
  [
    'a removed property inside a list',
    ({ properties }) => void Object.assign(properties.nodes?.items?.properties ?? {}, { id: { type: 'integer' } }),
    ['breaking Asset.nodes "nodes" of GET /assets/: "id": was string, is integer'],
  ],
  [
    'a dropped path',
    (_, { paths }) => void delete paths['/assets/{id}/'],
    ['breaking Mutation.deleteAsset DELETE /assets/{id}/ is gone'],
  ],
  [
    'a narrowed number',
    ({ properties }) => void Object.assign(properties, { port: { type: 'integer' } }),
    ['breaking Asset.port "port" of GET /assets/: was number, is integer'],
  ],
  [
    'a text limited to certain values',
    ({ properties }) => void Object.assign(properties, { charset: { type: 'string', enum: ['utf-8'] } }),
    ['breaking Asset.charset "charset" of GET /assets/: narrowed to "utf-8"'],
  ],
  [
    'a text that became a choice',
    ({ properties }) => void Object.assign(properties, { charset: choice('utf-8') }),
    ['breaking Asset.charset "charset" of GET /assets/: was string, is choice'],
  ],
  [
    'a date that became a text',
    ({ properties }) => void Object.assign(properties, { created: { type: 'string' } }),
    ['breaking Asset.createdAt "created" of GET /assets/: was date-time, is string'],
  ],
  [
    'a property that became nullable',
    ({ properties }) => void Object.assign(properties.name ?? {}, { nullable: true }),
    ['breaking Asset.name "name" of GET /assets/: may be null now'],
  ],
  [
    'a property that is never null now',
    ({ properties }) => void Object.assign(properties.comment ?? {}, { nullable: false }),
    ['additive Asset.comment "comment" of GET /assets/: is never null now'],
  ],
  [
    'an added choice',
    ({ properties }) => void Object.assign(properties, { category: choice('host', 'web', 'cloud') }),
    ['additive Asset.category "category" of GET /assets/: "value": values added: "cloud"'],
  ],
  [
    'a removed choice',
    ({ properties }) => void Object.assign(properties, { category: choice('host') }),
    ['breaking Asset.category "category" of GET /assets/: "value": values removed: "web"'],
  ],
  [
    'a removed parameter',
    (_, { paths }) => void paths['/assets/']?.get?.parameters?.shift(),
    ['breaking Query.assets GET /assets/: parameter "search" is gone'],
  ],
  [
    'a new parameter',
    (_, { paths }) =>
      void paths['/assets/']?.get?.parameters?.push({ name: 'q', in: 'query', schema: { type: 'string' } }),
    ['additive Query.assets GET /assets/: parameter "q" is new'],
  ],
  [
    'other words',
    ({ properties }) => void Object.assign(properties.name ?? {}, { description: 'what it is called' }),
    ['cosmetic Asset.name "name" of GET /assets/: described in other words'],
  ],
];

const print = (committed: Document, fresh: Document, map: GraphMap): string[] =>
  driftBetween(committed, fresh, map).map(({ severity, where, what }) => `${severity} ${where} ${what}`);

describe('drift between two documents', () => {
  it.each(table)('says what %s means for the graph', (_, change, want) => {
    expect(
      print(
        documentWith(() => {}),
        documentWith(change),
        graphMap,
      ),
    ).toEqual(want);
  });

  it('tells of a write what it demands, takes and no longer takes', () => {
    const fresh = documentWith((schema) => {
      delete schema.properties.address;
      Object.assign(schema.properties, {
        zone: { type: 'string' },
        site: { type: 'string' },
        rank: { type: 'integer', readOnly: true },
      });
      schema.required?.push('zone');
    });
    const map: GraphMap = {
      fields: [],
      operations: [{ coordinate: 'Mutation.createAsset', operation: 'POST /assets/' }],
    };
    expect(
      print(
        documentWith(() => {}),
        fresh,
        map,
      ),
    ).toEqual([
      'breaking Mutation.createAsset POST /assets/: "address" is gone',
      'breaking Mutation.createAsset POST /assets/: "zone" is demanded now',
      'breaking Mutation.createAsset POST /assets/: answers: "address" is gone',
      'additive Mutation.createAsset POST /assets/: takes "site" now',
    ]);
  });

  it('keeps silent about a property that no document ever declared', () => {
    const map: GraphMap = { fields: [field('secret', 'never_declared')], operations: [] };
    expect(
      print(
        documentWith(() => {}),
        documentWith(() => {}),
        map,
      ),
    ).toEqual([]);
  });

  it('finds a renamed property in the document of a real server', async () => {
    const map: GraphMap = {
      fields: [{ coordinate: 'Asset.address', path: '/assets/assets/', property: ['address'] }],
      operations: [],
    };
    const raw = readSource(sourceFolder, '4.10.19');
    const changed = JSON.parse(
      JSON.stringify(raw).replaceAll('"address":', '"addr":').replaceAll('"address"', '"addr"'),
    );
    const [first] = driftBetween(await declaredDocument(raw), await declaredDocument(changed), map);
    expect(first).toEqual({
      severity: 'breaking',
      where: 'Asset.address',
      what: '"address" is gone from the rows of GET /assets/assets/ (renamed to "addr"?)',
    });
  });

  it('sees zones come in 4.10 where 4.9 had domains', async () => {
    const [old, fresh] = await Promise.all(
      ['4.9.0', '4.10.16'].map((version) => declaredDocument(readSource(sourceFolder, version))),
    );
    const map: GraphMap = {
      fields: [{ coordinate: 'Asset.zone', path: '/assets/assets/', property: ['domain'] }],
      operations: [{ coordinate: 'Mutation.createZone', operation: 'POST /assets/domains/' }],
    };
    const found = old && fresh ? print(old, fresh, map) : [];
    expect(found).toContain('breaking Mutation.createZone POST /assets/domains/ is gone');
    expect(found).toContain('breaking Asset.zone "domain" is gone from the rows of GET /assets/assets/');
    expect(found).toContain('additive Asset "zone" is new in the rows of GET /assets/assets/');
  });

  it('recognises which known version a document resembles', async () => {
    const known = Object.fromEntries(
      await Promise.all(
        ['3.10.23', '4.9.0', '4.10.19'].map(
          async (version) => [version, await declaredDocument(readSource(sourceFolder, version))] as const,
        ),
      ),
    );
    expect(closestVersion(known, await declaredDocument(readSource(sourceFolder, '4.10.16')))).toBe('4.10.19');
  });
});
