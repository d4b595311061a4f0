import { readFileSync } from 'node:fs';
import { buildSchema, isObjectType } from 'graphql';
import { expect, it } from 'vitest';
import { catalogue } from '../../src/generated/catalogue.ts';
import { liveResolvers } from '../../src/live/resolvers.ts';
import { modules } from '../../src/modules/index.ts';

const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'), {
  assumeValidSDL: true,
});

it('serves every field that is declared as hand-written', () => {
  const served = new Set(
    [...modules, liveResolvers].flatMap((module) =>
      Object.entries(module).flatMap(([type, fields]) => Object.keys(fields).map((name) => `${type}.${name}`)),
    ),
  );
  const custom = [...Object.entries(catalogue.nouns), ...Object.entries(catalogue.objects)].flatMap(
    ([type, { fields }]) =>
      Object.entries(fields).flatMap(([name, field]) => (field.kind === 'custom' ? [`${type}.${name}`] : [])),
  );
  // Payloads are served by the mutation runner, whatever their object is (src/graph/write-payload.ts).
  const published = custom.filter((coordinate) => {
    const [type = '', name = ''] = coordinate.split('.');
    const found = schema.getType(type);
    return !type.endsWith('Payload') && isObjectType(found) && name in found.getFields();
  });
  const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {}).map((name) => `Mutation.${name}`);
  expect([...published, ...mutations].filter((coordinate) => !served.has(coordinate))).toEqual([]);
});
