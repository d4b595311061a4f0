import { afterEach, describe, expect, it } from 'vitest';
import { type StandIn, startStandIn } from './stand-in.ts';

let server: StandIn;
afterEach(() => server.close());

describe('browsers', () => {
  it('of other sites are not let in unless configured', async () => {
    server = await startStandIn();
    const response = await server.app.inject({
      url: '/graphql?query={hello}',
      headers: { origin: 'https://app.example.com' },
    });
    expect(response.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('of a configured site are let in, others not', async () => {
    server = await startStandIn({ CORS_ORIGINS: 'https://app.example.com' });
    const allowed = async (origin: string) => {
      const headers = {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      };
      const response = await server.app.inject({ method: 'OPTIONS', url: '/graphql', headers });
      return response.headers['access-control-allow-origin'];
    };
    expect([await allowed('https://app.example.com'), await allowed('https://evil.example.com')]).toEqual([
      'https://app.example.com',
      undefined,
    ]);
  });

  it('get a policy that loads nothing from elsewhere and runs no inline script', async () => {
    server = await startStandIn();
    const { headers } = await server.app.inject({ url: '/healthz' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("script-src 'self';");
    expect([headers['x-content-type-options'], headers['x-frame-options'], headers['referrer-policy']]).toEqual([
      'nosniff',
      'DENY',
      'no-referrer',
    ]);
  });

  it('get large answers compressed', async () => {
    server = await startStandIn();
    const query = `{ hello(name: "${'x'.repeat(5000)}") }`;
    const response = await server.app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'accept-encoding': 'gzip' },
      payload: { query },
    });
    expect([response.headers['content-encoding'], response.rawPayload.length < 1000]).toEqual(['gzip', true]);
  });
});
