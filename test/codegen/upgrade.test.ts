import { describe, expect, it } from 'vitest';
import { readSource } from '../../codegen/contract-sources.ts';
import { normalizeDocument, type RawDocument, upgradeDocument } from '../../codegen/upgrade.ts';
import { sourceFolder } from './sources.ts';

const swagger = {
  swagger: '2.0',
  info: { title: 'JumpServer', version: 'v1', description: null },
  basePath: '/api/v1',
  paths: {
    '/users/groups/': {
      get: {
        description: null,
        parameters: [{ name: 'limit', in: 'query', type: 'integer', description: null }],
        responses: { 200: { description: '', schema: { $ref: '#/definitions/Group' } } },
      },
      post: {
        parameters: [{ name: 'data', in: 'body', required: true, schema: { $ref: '#/definitions/Group' } }],
        responses: { 201: { description: '', schema: { $ref: '#/definitions/Group' } } },
      },
      parameters: [],
    },
    '/users/groups/{id}/': {
      get: { responses: { 200: { description: '' } } },
      parameters: [{ name: 'id', in: 'path', required: true, type: 'string' }],
    },
  },
  definitions: { Group: { type: 'object', properties: { comment: { type: 'string', 'x-nullable': true } } } },
};

const ref = { $ref: '#/components/schemas/Group' };

describe('upgrading a document', () => {
  it('turns Swagger 2.0 into OpenAPI 3.0: bodies, parameters, nulls, references', async () => {
    const document = normalizeDocument(await upgradeDocument(swagger));
    expect(document.openapi).toBe('3.0.3');
    expect(document.components.schemas.Group).toEqual({
      type: 'object',
      properties: { comment: { type: 'string', nullable: true } },
    });
    const { get, post } = document.paths['/users/groups/'] ?? {};
    expect(get?.parameters?.map(({ name, schema }) => [name, schema])).toEqual([['limit', { type: 'integer' }]]);
    expect(post?.requestBody?.content).toEqual({ 'application/json': { schema: ref } });
    expect(document.paths['/users/groups/{id}/']?.get?.parameters?.map(({ name }) => name)).toEqual(['id']);
  });

  it('leaves OpenAPI 3.0 as it is', async () => {
    const document: RawDocument = { openapi: '3.0.3', info: { description: null }, paths: { '/a/': {} } };
    expect(await upgradeDocument(document)).toEqual(document);
  });

  it('does not change the document that it was given', async () => {
    const before = structuredClone(swagger);
    await upgradeDocument(swagger);
    expect(swagger).toEqual(before);
  });
});

describe('the one dialect', () => {
  const answer = { 200: { content: { 'application/json': {}, 'text/csv': {} } } };
  const normalized = normalizeDocument({
    openapi: '3.0.3',
    info: {},
    paths: {
      '/api/v1/users/users/': { get: { responses: answer } },
      '/api/health/': { get: { responses: answer } },
      '/api/swagger.json': { get: { responses: answer } },
      '/api/v1/terminal/terminals/{var}status/': { get: { parameters: [{ name: 'var', in: 'path' }], responses: {} } },
    },
    components: { schemas: {} },
  });

  it('has paths without /api/v1, the health check among them, and none for the document itself', () => {
    expect(Object.keys(normalized.paths)).toEqual([
      '/users/users/',
      '/health/',
      '/terminal/terminals/{parent}/status/',
    ]);
    expect(normalized.servers).toEqual([{ url: '/api/v1' }]);
  });

  it('names a parameter as its path does', () => {
    expect(normalized.paths['/terminal/terminals/{parent}/status/']?.get?.parameters).toEqual([
      { name: 'parent', in: 'path' },
    ]);
  });

  it('knows JSON bodies only', () => {
    expect(normalized.paths['/users/users/']?.get?.responses).toEqual({ 200: { content: { 'application/json': {} } } });
  });

  it.each([
    ['3.10.23', 555],
    ['4.9.0', 224],
    ['4.10.16', 493],
    ['4.10.19', 518],
  ])('reads what %s really served: %i paths', async (version, paths) => {
    const document = normalizeDocument(await upgradeDocument(readSource(sourceFolder, version)));
    expect(Object.keys(document.paths)).toHaveLength(paths);
    expect(Object.keys(document.paths).filter((path) => path.startsWith('/api/'))).toEqual([]);
  });
});
