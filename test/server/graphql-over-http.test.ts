import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StandIn, startStandIn } from './stand-in.ts';

let server: StandIn;
let url: string;

beforeAll(async () => {
  server = await startStandIn();
  url = `${await server.app.listen({ port: 0 })}/graphql`;
});
afterAll(() => server.close());

const callers: Record<string, Record<string, string>> = {
  'a Bearer token': { authorization: 'Bearer abc' },
  'a private token': { authorization: 'Token abc' },
  'a session cookie': { cookie: 'jms_sessionid=abc; jms_csrftoken=def', 'x-csrftoken': 'def' },
};

describe.each(Object.entries(callers))('GraphQL over HTTP, with %s', (_, credentials) => {
  const fetchFn = (address: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(credentials)) headers.set(name, value);
    return fetch(address, { ...init, headers });
  };
  for (const audit of serverAudits({ url: () => url, fetchFn })) {
    it(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn();
      expect('reason' in result ? result.reason : '').toBe('');
      expect(result.status).toBe('ok');
    });
  }
});
