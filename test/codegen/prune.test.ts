import { describe, expect, it } from 'vitest';
import type { Document } from '../../codegen/contract-document.ts';
import { readSource } from '../../codegen/contract-sources.ts';
import { printDocument, pruneDocument, sortKeys } from '../../codegen/prune.ts';
import { normalizeDocument, upgradeDocument } from '../../codegen/upgrade.ts';
import { sourceFolder } from './sources.ts';

const json = (name: string) => ({
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
});

const document: Document = {
  openapi: '3.0.3',
  info: { title: 'JumpServer', version: 'v1', description: 'long words' },
  paths: {
    '/z/': {
      get: {
        operationId: 'z_list',
        summary: 'words',
        tags: ['z'],
        responses: { 200: { description: 'words', ...json('Zone') } },
      },
    },
    '/a/{pk}/': {
      get: {
        description: 'words',
        parameters: [
          { name: 'search', in: 'query', description: 'words', required: false, schema: { type: 'string' } },
          { name: 'pk', in: 'path', required: true, schema: { type: 'string', title: 'words' } },
          {
            name: 'ids',
            in: 'query',
            style: 'form',
            explode: false,
            schema: { type: 'array', items: { type: 'string' } },
          },
        ],
        responses: { 200: json('Asset') },
      },
      delete: { responses: { 204: {} } },
    },
  },
  components: {
    schemas: {
      Zone: { type: 'object', properties: { id: { type: 'string' } } },
      Node: { type: 'object', properties: { parent: { $ref: '#/components/schemas/Node' } } },
      Asset: {
        type: 'object',
        title: 'words',
        description: null,
        required: ['name', 'id'],
        properties: {
          name: { type: 'string', title: 'words', description: 'words', default: 'now', nullable: false },
          nodes: { type: 'array', items: { $ref: '#/components/schemas/Node' } },
          id: { type: 'string', readOnly: true, 'x-detail-only': true },
        },
      },
    },
  },
};

const want: Document = {
  openapi: '3.0.3',
  info: { title: 'JumpServer', version: 'v1' },
  paths: {
    '/a/{pk}/': {
      get: {
        parameters: [
          { name: 'pk', in: 'path', required: true, schema: { type: 'string' } },
          {
            name: 'ids',
            in: 'query',
            style: 'form',
            explode: false,
            schema: { type: 'array', items: { type: 'string' } },
          },
          { name: 'search', in: 'query', schema: { type: 'string' } },
        ],
        responses: { 200: { description: '', ...json('Asset') } },
      },
    },
  },
  components: {
    schemas: {
      Asset: {
        type: 'object',
        required: ['id', 'name'],
        properties: {
          id: { type: 'string', 'x-detail-only': true },
          name: { type: 'string' },
          nodes: { type: 'array', items: { $ref: '#/components/schemas/Node' } },
        },
      },
      Node: { type: 'object', properties: { parent: { $ref: '#/components/schemas/Node' } } },
    },
  },
};

describe('pruning', () => {
  it('keeps the operations asked for and what they reach, without words', () => {
    expect(pruneDocument(document, ['GET /a/{id}/'])).toEqual({ document: want, missing: [] });
  });

  it('names the operations that are not there', () => {
    const { missing } = pruneDocument(document, ['GET /z/', 'POST /z/', 'GET /y/', 'nonsense']);
    expect(missing).toEqual(['POST /z/', 'GET /y/', 'nonsense']);
  });

  it('prints the same bytes whatever the order of its input', () => {
    const shuffled = { ...document, paths: Object.fromEntries(Object.entries(document.paths).reverse()) };
    const print = (each: Document, operations: string[]) => printDocument(pruneDocument(each, operations).document);
    expect(print(shuffled, ['GET /z/', 'GET /a/{id}/'])).toBe(print(document, ['GET /a/{id}/', 'GET /z/']));
  });

  it('prints one path and one component a line, and JSON', () => {
    const text = printDocument(want);
    expect(JSON.parse(text)).toEqual({ ...want, servers: [] });
    expect(text.split('\n').filter((line) => line.startsWith('      "Asset": {'))).toHaveLength(1);
  });

  it('sorts keys at any depth and leaves arrays alone', () => {
    expect(JSON.stringify(sortKeys({ b: [{ d: 1, c: 2 }], a: null }))).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
  });

  it('changes nothing when done again, on a real document', async () => {
    const operations = [
      'GET /assets/assets/',
      'POST /assets/hosts/',
      'GET /terminal/sessions/',
      'DELETE /users/users/{id}/',
    ];
    const real = normalizeDocument(await upgradeDocument(readSource(sourceFolder, '4.10.16')));
    const once = pruneDocument(real, operations).document;
    expect(Object.keys(once.paths)).toEqual([
      '/assets/assets/',
      '/assets/hosts/',
      '/terminal/sessions/',
      '/users/users/{id}/',
    ]);
    expect(printDocument(pruneDocument(once, operations).document)).toBe(printDocument(once));
  });
});
