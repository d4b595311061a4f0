import { afterEach, describe, expect, it } from 'vitest';
import { ask, type StandIn, startStandIn } from './stand-in.ts';

let server: StandIn;
afterEach(() => server.close());

describe('the life of a server', () => {
  it('is healthy and ready without having asked JumpServer anything', async () => {
    server = await startStandIn({ JUMPSERVER_URL: 'http://127.0.0.1:9' });
    const statuses = await Promise.all(
      ['/healthz', '/readyz'].map(async (url) => (await server.app.inject({ url })).statusCode),
    );
    expect(statuses).toEqual([200, 200]);
  });

  it('lives under a base path', async () => {
    server = await startStandIn({ BASE_PATH: '/graph' });
    const statuses = await Promise.all(
      ['/graph/readyz', '/graph/graphql?query={hello}', '/readyz'].map(
        async (url) => (await server.app.inject({ url })).statusCode,
      ),
    );
    expect(statuses).toEqual([200, 200, 404]);
  });

  it('counts operations for Prometheus', async () => {
    server = await startStandIn();
    await ask(server, '{ hello }');
    await ask(server, '{ refused }');
    const { body } = await server.app.inject({ url: '/metrics' });
    expect(body).toContain('jumpgraph_operation_seconds_count{type="query",outcome="success"} 1');
    expect(body).toContain('jumpgraph_errors_total{code="FORBIDDEN"} 1');
    expect(body).toContain('jumpgraph_upstream_calls_total 4');
  });

  it('has no metrics when they are off', async () => {
    server = await startStandIn({ METRICS: 'off' });
    expect((await server.app.inject({ url: '/metrics' })).statusCode).toBe(404);
  });

  it('ends an operation at its deadline', async () => {
    server = await startStandIn({ OPERATION_TIMEOUT: '1' });
    const { body } = await ask(server, '{ hang }');
    expect(body).toMatchObject({ data: { hang: null }, errors: [{ path: ['hang'] }] });
  });

  it('ends the work for a caller who has gone', async () => {
    server = await startStandIn();
    const address = await server.app.listen({ port: 0 });
    const gone = new AbortController();
    const answer = fetch(`${address}/graphql?query={hang}`, { signal: gone.signal });
    const lines = (message: string) => server.log.filter(({ msg }) => msg === message).length;
    const refused = expect(answer).rejects.toThrow();
    await expect.poll(() => lines('hanging')).toBe(1);
    gone.abort();
    await refused;
    await expect.poll(() => lines('operation')).toBe(1);
  });
});
