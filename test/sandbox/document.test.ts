import { expect, test } from 'vitest';
import { createSandbox, type SandboxVersion } from '../../src/sandbox/index.ts';

async function documentOf(version: SandboxVersion, token: string | null = 'sandbox-admin') {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await createSandbox({ version }).fetch(new Request('http://here/api/swagger.json', { headers }));
  return { status: response.status, body: JSON.parse(await response.text()) };
}

test('a 4.10 server describes itself in OpenAPI 3, to those who are signed in', async () => {
  const { body } = await documentOf('4.10.16');
  expect(body.openapi).toBe('3.0.3');
  expect(body.components.schemas.Asset.properties.platform.type).toBe('object');
  expect(body.paths['/api/v1/assets/zones/'].get.responses['200'].content['application/json'].schema).toEqual({
    $ref: '#/components/schemas/PaginatedZoneListList',
  });
  expect((await documentOf('4.10.16', null)).status).toBe(401);
});

test('a 3.10 server does it in Swagger 2, with domains and without directories', async () => {
  const { body } = await documentOf('3.10.23');
  expect(body.swagger).toBe('2.0');
  expect(Object.keys(body.paths)).toContain('/assets/domains/');
  expect(Object.keys(body.paths)).not.toContain('/assets/directories/');
});

test('a 4.9 server shows it to anybody, and leaves whole apps out', async () => {
  const { status, body } = await documentOf('4.9.0', null);
  expect(status).toBe(200);
  const apps = new Set(Object.keys(body.paths).map((path) => path.split('/')[1]));
  expect(apps.has('users')).toBe(true);
  expect(apps.has('terminal')).toBe(false);
});

test('bulk writes and executions stand in no document, though they are there', async () => {
  const { body } = await documentOf('4.10.19');
  const paths = Object.keys(body.paths);
  expect(paths.filter((path) => path.includes('executions'))).toEqual([]);
  expect(Object.keys(body.paths['/api/v1/users/groups/'])).toEqual(['get', 'post']);
});
