import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../codegen/contract-document.ts';
import { condense, type Exchange, writeEvidence } from '../../codegen/evidence.ts';
import { completeShape } from '../../codegen/repairs/evidence.ts';
import { mergeShapes, shapeOf } from '../../codegen/repairs/shape.ts';
import { loadSnapshot, versions } from '../support/recordings.ts';

const id = '00000000-0000-0000-0000-000000000001';

describe('the shape of a value', () => {
  it.each<[string, Json, object]>([
    ['null', null, { nullable: true }],
    ['a text', 'root', { type: 'string' }],
    ['an id', id, { type: 'string', format: 'uuid' }],
    ['a date', '2024/01/02 10:11:12 +0800', { type: 'string', format: 'jumpserver-date-time' }],
    ['a whole number', 3, { type: 'integer' }],
    ['a number', 0.5, { type: 'number' }],
    ['an empty list', [], { type: 'array' }],
    ['a list', [1, 2.5], { type: 'array', items: { type: 'number' } }],
    ['a list of some nulls', ['a', null], { type: 'array', items: { type: 'string', nullable: true } }],
    [
      'an object',
      { b: 1, a: '' },
      { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } }, required: ['a', 'b'] },
    ],
    [
      'a choice, whose value is a fact',
      { value: 'ok', label: 'Gut' },
      {
        type: 'object',
        properties: { value: { type: 'string', enum: ['ok'] }, label: { type: 'string' } },
        required: ['label', 'value'],
      },
    ],
    [
      'an object by id, whose keys are none',
      { [id]: 1 },
      { type: 'object', additionalProperties: { type: 'integer' } },
    ],
  ])('of %s', (_, value, want) => {
    expect(shapeOf(value)).toEqual(want);
  });

  it('of a choice among rows of one installation lists no values', () => {
    expect(shapeOf({ res_type: { value: 17, label: 'x' } }).properties?.res_type?.properties?.value).toEqual({
      type: 'integer',
    });
  });

  it.each<[string, Json, Json, object]>([
    [
      'what both have is required',
      { a: 1, b: 1 },
      { a: 1, c: 1 },
      {
        type: 'object',
        properties: { a: { type: 'integer' }, b: { type: 'integer' }, c: { type: 'integer' } },
        required: ['a'],
      },
    ],
    [
      'null and an object',
      null,
      { a: 1 },
      { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'], nullable: true },
    ],
    ['two types', 'a', 1, { anyOf: [{ type: 'integer' }, { type: 'string' }] }],
    ['an id and a text', id, 'a', { type: 'string' }],
    [
      'values of a choice',
      { value: 1, label: '' },
      { value: 0, label: '' },
      {
        type: 'object',
        properties: { label: { type: 'string' }, value: { type: 'integer', enum: [0, 1] } },
        required: ['label', 'value'],
      },
    ],
  ])('merges %s, in either order', (_, left, right, want) => {
    expect(mergeShapes(shapeOf(left), shapeOf(right))).toEqual(want);
    expect(mergeShapes(shapeOf(right), shapeOf(left))).toEqual(want);
  });

  it('is completed by another version where it shows nothing, and keeps what it shows', () => {
    const own = shapeOf({ zone: null, nodes: [], name: 'a' });
    const other = shapeOf({ zone: { id }, nodes: [{ id }], name: 1, extra: 1 });
    expect(completeShape(own, other)).toEqual({
      type: 'object',
      properties: {
        zone: { ...shapeOf({ id }), nullable: true },
        nodes: { type: 'array', items: shapeOf({ id }) },
        name: { type: 'string' },
      },
      required: ['name', 'nodes', 'zone'],
    });
  });
});

const exchange = (
  method: string,
  path: string,
  status: number,
  body: Json,
  more: Partial<Exchange['request']> = {},
): Exchange => ({
  name: '',
  request: { method, path: `/api/v1${path}`, query: {}, body: null, ...more },
  response: { status, headers: { allow: 'GET, POST, HEAD, OPTIONS' }, body_kind: 'json', body },
});

describe('condensing a recording', () => {
  it('keeps of a list its methods, its envelopes and the shape of its rows', () => {
    const { routes } = condense(
      '1',
      [
        exchange('GET', '/things/', 200, { count: 1, next: null, previous: null, results: [{ id, name: 'a' }] }),
        exchange('GET', '/things/', 200, [{ id, name: null }]),
      ],
      {},
    );
    expect(routes).toEqual({
      '/things/': {
        allow: ['GET', 'POST'],
        answers: {
          GET: {
            status: '200',
            envelopes: ['page', 'array'],
            shape: {
              type: 'object',
              properties: { id: { type: 'string', format: 'uuid' }, name: { type: 'string', nullable: true } },
              required: ['id', 'name'],
            },
          },
        },
      },
    });
  });

  it('does not take a row of which some properties were asked for as a whole one', () => {
    const rows = [
      exchange('GET', '/things/', 200, [{ id, name: 'a' }]),
      exchange('GET', '/things/', 200, [{ id }], { query: { fields: 'id' } }),
    ];
    expect(condense('1', rows, {}).routes['/things/']?.answers?.GET?.shape?.required).toEqual(['id', 'name']);
    expect(condense('1', rows.toReversed(), {}).routes['/things/']?.answers?.GET?.shape?.properties).toHaveProperty(
      'name',
    );
  });

  it('tells rows under format=json apart', () => {
    const { routes } = condense(
      '1',
      [exchange('GET', '/things/', 200, [{ id, users: [] }], { query: { format: 'json' } })],
      {},
    );
    expect(routes['/things/']?.detailed?.required).toEqual(['id', 'users']);
    expect(routes['/things/']?.answers).toBeUndefined();
  });

  it('reads ids, numbers and self in a path as values, and keeps nothing of a route that is not there', () => {
    const { routes } = condense(
      '1',
      [
        exchange('GET', `/a/${id}/`, 200, {}),
        exchange('GET', '/b/17/', 200, {}),
        exchange('GET', '/c/self/d/', 200, {}),
        exchange('GET', '/gone/', 404, {}),
      ],
      {},
    );
    expect(Object.keys(routes)).toEqual(['/a/{id}/', '/b/{id}/', '/c/{id}/d/']);
  });

  it('keeps of metadata kinds, flags and wire values, without labels', () => {
    const field = {
      type: 'labeled_choice',
      required: true,
      read_only: false,
      write_only: false,
      label: 'Art',
      choices: [
        { value: 'b', label: 'B' },
        { value: 'a', label: 'A' },
      ],
    };
    const { routes } = condense(
      '1',
      [exchange('OPTIONS', '/things/', 200, { name: 'Things', actions: { POST: { kind: field } } })],
      {},
    );
    expect(routes['/things/']?.fields).toEqual({
      kind: { kind: 'labeled_choice', required: true, values: ['a', 'b'] },
    });
  });

  it('tells which bodies were accepted, one by one or in an array', () => {
    const { routes } = condense(
      '1',
      [
        exchange('POST', '/things/', 201, {}, { body: { name: 'a', zone: id } }),
        exchange('POST', '/things/', 201, [{}], { body: [{ name: 'b' }] }),
        exchange('POST', '/things/', 400, {}, { body: { wrong: 1 } }),
      ],
      {},
    );
    expect(routes['/things/']?.bodies?.POST?.required).toEqual(['name']);
    expect(Object.keys(routes['/things/']?.bodies?.POST?.properties ?? {})).toEqual(['name', 'zone']);
    expect(routes['/things/']?.arrays).toEqual(['POST']);
  });
});

describe('the committed evidence', () => {
  it('is what the recordings give', () => {
    const target = mkdtempSync(join(tmpdir(), 'evidence-'));
    const written = writeEvidence(fileURLToPath(new URL('../recordings', import.meta.url)), target);
    expect(written.sort()).toEqual([...versions].sort());
    for (const version of written) {
      const committed = readFileSync(new URL(`../../codegen/evidence/${version}.json`, import.meta.url), 'utf8');
      expect(readFileSync(join(target, `${version}.json`), 'utf8') === committed).toBe(true);
    }
  });

  it.each(versions)('of %s holds no id and no name of any row', (version) => {
    const text = readFileSync(new URL(`../../codegen/evidence/${version}.json`, import.meta.url), 'utf8');
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}/);
    const names = ['users', 'assets', 'accounts'].flatMap((resource) =>
      (loadSnapshot(version)[resource] ?? []).map(({ name }) => `"${name}"`),
    );
    const words = new Set(['"root"', '"admin"']);
    expect(names.filter((name) => !words.has(name) && text.includes(name))).toEqual([]);
  });
});
