import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, type StandIn, startStandIn } from './stand-in.ts';

let server: StandIn;
beforeEach(async () => {
  server = await startStandIn();
});
afterEach(() => server.close());

describe('errors', () => {
  it('of a known kind pass with their code, place and the id of the request', async () => {
    const { headers, body } = await ask(server, '{ hello refused }');
    expect(body).toEqual({
      data: { hello: 'Hello world', refused: null },
      errors: [
        {
          message: 'You may not see this.',
          path: ['refused'],
          locations: [{ line: 1, column: 9 }],
          extensions: { code: 'FORBIDDEN', requestId: headers['x-request-id'] },
        },
      ],
    });
  });

  it('of an unknown kind are masked, and logged once with the id of the request', async () => {
    const { headers, body } = await ask(server, '{ broken }');
    expect(body.errors).toMatchObject([
      { message: 'Something went wrong on our side.', path: ['broken'], extensions: { code: 'INTERNAL' } },
    ]);
    const logged = server.log.filter((line) => line.level === 50);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({ 'http.request.id': headers['x-request-id'] });
  });

  it('in the resolvers never reach the client with what they say about the network', async () => {
    const { body } = await ask(server, '{ broken }');
    expect(JSON.stringify(body)).not.toContain('10.0.0.7');
  });

  it('of a null where none may be are ours', async () => {
    const { body } = await ask(server, '{ required }');
    expect(body).toMatchObject({ data: null, errors: [{ extensions: { code: 'INTERNAL' } }] });
  });

  it('in variables are the client’s, and do not repeat the values beside the faulty one', async () => {
    const query = 'mutation ($input: RenameInput!) { rename(input: $input) }';
    const variables = { input: { name: 'a', password: 'at "x"; hunter2', count: 'many' } };
    const { body } = await ask(server, query, {}, { variables });
    expect(body.errors?.map(({ message, extensions }) => [message, extensions.code])).toEqual([
      [
        'Variable "$input" got invalid value at "input.count"; Int cannot represent non-integer value: "many"',
        'BAD_USER_INPUT',
      ],
    ]);
  });

  it('in an unknown field of an input do not repeat the whole input', async () => {
    const query = 'mutation ($input: RenameInput!) { rename(input: $input) }';
    const { body } = await ask(
      server,
      query,
      {},
      { variables: { input: { name: 'a', password: 'hunter2', nmae: 'b' } } },
    );
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  it('in the use of a variable are of the document, not of a value', async () => {
    const { body } = await ask(server, 'query ($a: Int) { hello(name: $a) }', {}, { variables: { a: 1 } });
    expect(body.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });

  it('of a document name their place', async () => {
    const { status, body } = await ask(server, '{ helo }', { accept: 'application/graphql-response+json' });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' }, locations: [{ line: 1, column: 3 }] },
    ]);
  });
});

describe('the log', () => {
  it('has one line for each operation, without variables, text or credentials', async () => {
    const query = 'query Greeting($name: String) { hello(name: $name) }';
    await ask(
      server,
      query,
      { authorization: 'Bearer hunter1', cookie: 'jms_sessionid=hunter2' },
      { variables: { name: 'hunter3' } },
    );
    const lines = server.log.filter((line) => line.msg === 'operation');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      'graphql.operation.name': 'Greeting',
      'event.outcome': 'success',
      'upstream.calls': 2,
    });
    expect(JSON.stringify(server.log)).not.toMatch(/hunter|hello/);
  });

  it('does not show the query string of a GET', async () => {
    await server.app.inject({ url: `/graphql?query=${encodeURIComponent('{ hello(name: "hunter4") }')}` });
    expect(JSON.stringify(server.log)).not.toContain('hunter4');
  });
});
