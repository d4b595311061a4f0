import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { PullError, pullDocument, toDocumentUrl } from '../../codegen/pull.ts';
import { sourceFolder } from './sources.ts';

const document = { openapi: '3.0.3', info: { title: 'JumpServer' }, paths: {} };

interface Call {
  url: string;
  headers: Record<string, string>;
}

const serverAnswering = (status: number, body: string, headers: Record<string, string> = {}) => {
  const calls: Call[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    calls.push({ url: String(input), headers: Object.fromEntries(new Headers(init?.headers)) });
    return new Response(body, { status, headers });
  };
  return { fetch: fetch as typeof globalThis.fetch, calls };
};

const unused = serverAnswering(500, '').fetch;

describe('the address of the document', () => {
  it.each([
    ['https://jms.example/api/docs/', 'https://jms.example/api/swagger.json'],
    ['https://jms.example/api/docs/#/users', 'https://jms.example/api/swagger.json'],
    ['https://jms.example/api/redoc/', 'https://jms.example/api/swagger.json'],
    ['https://jms.example', 'https://jms.example/api/swagger.json'],
    ['https://jms.example/', 'https://jms.example/api/swagger.json'],
    ['https://jms.example/api/v1/', 'https://jms.example/api/swagger.json'],
    ['https://proxy.example/jms/api/docs/', 'https://proxy.example/jms/api/swagger.json'],
    ['http://127.0.0.1:8080/api/docs/?format=openapi', 'http://127.0.0.1:8080/api/swagger.json'],
    ['https://files.example/doc.json?v=2', 'https://files.example/doc.json?v=2'],
  ])('of %s is %s', (given, want) => {
    expect(toDocumentUrl(given)).toBe(want);
  });
});

describe('pulling the document', () => {
  it('asks a running server with the credential it was given', async () => {
    const { fetch, calls } = serverAnswering(200, JSON.stringify(document));
    const pulled = await pullDocument('https://jms.example/api/docs/', {
      fetch,
      headers: { Authorization: 'Token abc' },
    });
    expect(pulled).toEqual(document);
    expect(calls).toEqual([
      {
        url: 'https://jms.example/api/swagger.json',
        headers: { accept: 'application/json', authorization: 'Token abc' },
      },
    ]);
  });

  it.each([
    [401, '{"detail":"x"}', {}, 'expected 200, 401 came; it wants a credential'],
    [403, '{"detail":"x"}', {}, 'expected 200, 403 came; the credential is known but may not read the document'],
    [404, '<h1>no</h1>', {}, 'expected 200, 404 came; there is no JumpServer at this address'],
    [500, '', {}, 'expected 200, 500 came'],
    [302, '', { location: '/core/auth/login/' }, '302, sent to /core/auth/login/; it wants a credential'],
    [200, '<!doctype html><title>Login</title>', {}, 'expected the API document, an HTML page came'],
    [200, 'openapi: 3.0.3', {}, 'expected the API document, something that is not JSON came'],
    [200, '{"openapi":"3.0.3","info":{', {}, 'expected the API document, something that is not JSON came'],
    [200, '{"count":0,"results":[]}', {}, 'expected a Swagger 2.0 or OpenAPI 3.0 document, other JSON came'],
    [200, '[]', {}, 'expected a Swagger 2.0 or OpenAPI 3.0 document, other JSON came'],
  ])('says plainly what is wrong with an answer %i %s', async (status, body, headers, message) => {
    const { fetch } = serverAnswering(status, body, headers as Record<string, string>);
    const pulling = pullDocument('https://jms.example/api/docs/', { fetch });
    await expect(pulling).rejects.toThrow(PullError);
    await expect(pulling).rejects.toThrow(message);
  });

  it('says that a dead server gives no answer', async () => {
    const fetch: typeof globalThis.fetch = () => Promise.reject(new TypeError('connect ECONNREFUSED'));
    await expect(pullDocument('http://127.0.0.1:9/', { fetch })).rejects.toThrow('no answer (connect ECONNREFUSED)');
  });

  it('reads a file, compressed or not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pull-'));
    await writeFile(join(folder, 'a.json'), JSON.stringify(document));
    await writeFile(join(folder, 'a.json.gz'), gzipSync(JSON.stringify(document)));
    expect(await pullDocument(join(folder, 'a.json'), { fetch: unused })).toEqual(document);
    expect(await pullDocument(join(folder, 'a.json.gz'), { fetch: unused })).toEqual(document);
  });

  it.each(['3.10.23', '4.9.0', '4.10.16', '4.10.19'])('reads what %s served', async (version) => {
    const pulled = await pullDocument(join(sourceFolder, `${version}.json.br`), { fetch: unused });
    expect(Object.keys(pulled.paths ?? {}).length).toBeGreaterThan(200);
  });

  it('names the file that is not there', async () => {
    await expect(pullDocument('no/such.json', { fetch: unused })).rejects.toThrow('no/such.json: no such file');
  });
});
