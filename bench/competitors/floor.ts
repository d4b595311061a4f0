// The floor: the same HTTP server, one page of JumpServer parsed and printed again. No GraphQL, no checks, no log.
import { fastify } from 'fastify';
import { Agent, request } from 'undici';

const [base = ''] = process.argv.slice(2);
const agent = new Agent({ connections: 64, keepAliveTimeout: 3_000 });
const fields = 'id,name,address,comment,is_active,date_created,category,connectivity,platform';
const paths: Readonly<Record<string, string>> = {
  list: `/api/v1/assets/assets/?order=name,date_created&limit=200&fields=${fields}`,
  small: '/api/v1/users/users/?order=name,date_joined&limit=3&fields=id,name,username,email',
};

const app = fastify();
app.post('/graphql', async (incoming, reply) => {
  const { query = '' } = incoming.body as { query?: string };
  const path = query.includes('assets') ? paths['list'] : paths['small'];
  const headers = { authorization: String(incoming.headers.authorization), 'x-tz': 'UTC', accept: 'application/json' };
  const { body } = await request(`${base}${path}`, { headers, dispatcher: agent });
  const data: unknown = JSON.parse(await body.text());
  return reply.type('application/json; charset=utf-8').send(JSON.stringify({ data }));
});
console.log(`listening ${await app.listen({ port: 0, host: '127.0.0.1' })}`);
