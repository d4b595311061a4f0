import { Trace } from '@apollo/usage-reporting-protobuf';
import { stripIgnoredCharacters } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProducts } from './products.ts';

let running: Awaited<ReturnType<typeof startProducts>>;
let sdl: string;
beforeAll(async () => {
  running = await startProducts();
  const { data } = await running.products<{ _service: { sdl: string } }>('{ _service { sdl } }');
  sdl = stripIgnoredCharacters(data?._service.sdl ?? '');
});
afterAll(() => running.close());

const entities = async (representations: readonly unknown[], selection: string) => {
  const query = `query($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`;
  return running.products<{ _entities: unknown[] }>(query, { representations });
};

describe('the cases of Apollo’s subgraph compatibility suite, with our stack’s products subgraph', () => {
  it('introspection: the schema can be read', async () => {
    const { data, errors } = await running.products('{ __schema { queryType { name } types { name } } }');
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ __schema: { queryType: { name: 'Query' } } });
  });

  it('_service: the SDL is told', () => {
    expect(sdl).toContain('type Product');
    expect(sdl).not.toContain('_entities');
  });

  it('the specification’s own types are in the schema', async () => {
    const { data } = await running.products(`{
      service: __type(name: "_Service") { kind fields { name type { kind ofType { name kind } } } }
      entity: __type(name: "_Entity") { kind possibleTypes { name } }
      any: __type(name: "_Any") { kind } purpose: __type(name: "link__Purpose") { kind } }`);
    expect(data).toEqual({
      service: {
        kind: 'OBJECT',
        fields: [{ name: 'sdl', type: { kind: 'NON_NULL', ofType: { name: 'String', kind: 'SCALAR' } } }],
      },
      entity: {
        kind: 'UNION',
        possibleTypes: ['Product', 'DeprecatedProduct', 'ProductResearch', 'User', 'Inventory'].map((name) => ({
          name,
        })),
      },
      any: { kind: 'SCALAR' },
      purpose: { kind: 'ENUM' },
    });
  });

  it('@link: one federation specification, with imports', () => {
    expect(sdl.match(/specs\.apollo\.dev\/federation\/v2\.\d/g)).toHaveLength(1);
    expect(sdl).toMatch(/@link\(url:"https:\/\/specs\.apollo\.dev\/federation\/v2\.3" import:\["@composeDirective"/);
  });

  it('@key: one field', async () => {
    const { data } = await entities([{ __typename: 'User', email: 'maker@example.com' }], '... on User { email name }');
    expect(data?._entities).toEqual([{ email: 'maker@example.com', name: 'The Maker' }]);
  });

  it('@key: several fields', async () => {
    const { data } = await entities(
      [{ __typename: 'DeprecatedProduct', sku: 'old-tool', package: 'tools' }],
      '... on DeprecatedProduct { sku package reason }',
    );
    expect(data?._entities).toEqual([{ sku: 'old-tool', package: 'tools', reason: 'Nobody needs it.' }]);
  });

  it('@key: a field of an object', async () => {
    const { data } = await entities(
      [{ __typename: 'ProductResearch', study: { caseNumber: '1234' } }],
      '... on ProductResearch { study { caseNumber description } outcome }',
    );
    expect(data?._entities).toEqual([{ study: { caseNumber: '1234', description: 'A study' }, outcome: 'Done' }]);
  });

  it('@key: several keys of one type', async () => {
    const { data } = await entities(
      [
        { __typename: 'Product', id: 'tool-1' },
        { __typename: 'Product', sku: 'tool', package: 'tools' },
        { __typename: 'Product', sku: 'tool', variation: { id: 'red' } },
        { __typename: 'Product', id: 'no such product' },
      ],
      '... on Product { id }',
    );
    expect(data?._entities).toEqual([{ id: 'tool-1' }, { id: 'tool-1' }, { id: 'tool-1' }, null]);
  });

  it('@requires: fields of another subgraph are computed with', async () => {
    expect(sdl).toContain(
      'averageProductsCreatedPerYear:Int@requires(fields:"totalProductsCreated yearsOfEmployment")',
    );
    const { data, errors } = await running.gateway(
      '{ product(id: "tool-1") { createdBy { averageProductsCreatedPerYear email } delivery(zip: "1") { estimatedDelivery } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      product: {
        createdBy: { averageProductsCreatedPerYear: 134, email: 'maker@example.com' },
        delivery: { estimatedDelivery: 'small, 1' },
      },
    });
  });

  it('@provides: a field of another subgraph is answered here', async () => {
    expect(sdl).toContain('createdBy:User@provides(fields:"totalProductsCreated")');
    const { data } = await running.products('{ product(id: "tool-1") { createdBy { email totalProductsCreated } } }');
    expect(data).toEqual({ product: { createdBy: { email: 'maker@example.com', totalProductsCreated: 1337 } } });
  });

  it('@external and @extends: the other subgraph’s fields stay the other’s', async () => {
    expect(sdl).toContain('type User@extends@key(fields:"email")');
    expect(sdl).toContain('yearsOfEmployment:Int!@external');
    const { data } = await running.gateway('{ product(id: "tool-1") { createdBy { email yearsOfEmployment } } }');
    expect(data).toEqual({ product: { createdBy: { email: 'maker@example.com', yearsOfEmployment: 10 } } });
  });

  it('@shareable: a type of two subgraphs', async () => {
    expect(sdl).toContain('type ProductDimension@shareable');
    const { data } = await running.gateway('{ product(id: "tool-1") { dimensions { size weight } } }');
    expect(data).toEqual({ product: { dimensions: { size: 'small', weight: 1 } } });
  });

  it('@override: the field is taken over from the other subgraph', async () => {
    expect(sdl).toContain('name:String@override(from:"users")');
    const { data } = await running.gateway('{ product(id: "tool-1") { createdBy { name } } }');
    expect(data).toEqual({ product: { createdBy: { name: 'The Maker' } } });
  });

  it('@inaccessible: served by the subgraph, hidden by the gateway', async () => {
    expect(sdl).toContain('unit:String@inaccessible');
    const query = '{ product(id: "tool-1") { dimensions { unit } } }';
    expect((await running.products(query)).data).toEqual({ product: { dimensions: { unit: 'kg' } } });
    expect((await running.gateway(query)).errors?.[0]?.message).toContain('Cannot query field "unit"');
  });

  it('@tag: stands in the SDL and in the supergraph, and hides nothing', async () => {
    expect(sdl).toContain('notes:String@tag(name:"internal")');
    expect(running.supergraph).toContain('@tag(name: "internal")');
    const { data } = await running.gateway('{ product(id: "tool-1") { notes } }');
    expect(data).toEqual({ product: { notes: 'not for everybody' } });
  });

  it('@composeDirective: an own directive reaches the supergraph', () => {
    expect(sdl).toContain('@composeDirective(name:"@custom")');
    expect(running.supergraph).toMatch(/directive @custom on OBJECT/);
    expect(running.supergraph).toMatch(/type Product\n[^{]*(key: "sku variation \{ id \}"\))?[^}]*@custom/);
  });

  it('@interfaceObject: fields for every type of another subgraph’s interface', async () => {
    expect(sdl).toContain('type Inventory@interfaceObject@key(fields:"id")');
    const { data, errors } = await running.gateway(
      '{ inventory(id: "main") { __typename id deprecatedProducts { sku reason } products { id sku } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      inventory: {
        __typename: 'OpenSourceInventory',
        id: 'main',
        deprecatedProducts: [{ sku: 'old-tool', reason: 'Nobody needs it.' }],
        products: [{ id: 'tool-1', sku: 'tool' }],
      },
    });
  });

  it('ftv1: how long each field took, for the gateway that asks and for nobody else', async () => {
    const query = '{ product(id: "tool-1") { sku dimensions { size } } }';
    const untraced = await running.products(query);
    const { data, extensions } = await running.products(query, {}, { 'apollo-federation-include-trace': 'ftv1' });
    expect(untraced.extensions).toBeUndefined();
    expect(data).toEqual(untraced.data);
    const trace = Trace.decode(Buffer.from(String(extensions?.['ftv1']), 'base64'));
    expect(namesOf(trace.root ?? {})).toEqual(['', ['product', ['sku'], ['dimensions', ['size']]]]);
    expect(Number(trace.durationNs)).toBeGreaterThan(0);
  });
});

const namesOf = ({ responseName, child }: Trace.INode): unknown[] => [responseName, ...(child ?? []).map(namesOf)];
