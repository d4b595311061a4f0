import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutSecrets } from '../../src/modules/components/settings.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

let graph: TestGraph;
beforeAll(async () => {
  graph = await startGraph();
  await graph.query('{ serverInfo { version } }');
});
afterAll(() => graph.close());

describe('components', () => {
  it('lead to the storages that they name', async () => {
    const { data, errors, extensions } = await graph.query(
      '{ terminals { nodes { name load isActive commandStorage { name type isDefault } replayStorage { name type } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data['terminals']).toEqual({
      nodes: [
        {
          name: '[KoKo]-quay-1',
          load: 'NORMAL',
          isActive: true,
          commandStorage: { name: 'default', type: 'SERVER', isDefault: true },
          replayStorage: { name: 'default', type: 'SERVER' },
        },
      ],
    });
    expect(extensions.upstream.calls).toBe(3);
  });

  it('are reached by endpoints, which rules choose', async () => {
    const { data, errors } = await graph.query(
      '{ endpointRules { nodes { name priority ipGroup endpoint { name host httpsPort } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data['endpointRules']).toMatchObject({
      nodes: [{ name: 'From the quays', ipGroup: ['10.20.0.0/16'], endpoint: { name: 'Default', host: '' } }],
    });
  });

  it('have ports that differ between versions: what a server lacks is null and says so', async () => {
    const newest = await startGraph({ version: '4.10.19' });
    const query = '{ endpoints(first: 1) { nodes { name mysqlPort databasePort } } }';
    const [older, newer] = [await graph.query(query), await newest.query(query)];
    expect(older.data['endpoints']).toMatchObject({ nodes: [{ mysqlPort: 33061, databasePort: null }] });
    expect(older.errors?.map(({ path, extensions }) => [path?.at(-1), extensions.code])).toEqual([
      ['databasePort', 'UNSUPPORTED_BY_SERVER'],
    ]);
    expect(newer.errors?.map(({ path, extensions }) => [path?.at(-1), extensions.code])).toEqual([
      ['mysqlPort', 'UNSUPPORTED_BY_SERVER'],
    ]);
    await newest.close();
  });
});

describe('settings of storages', () => {
  it('never show what could be a secret', () => {
    expect(
      withoutSecrets({
        BUCKET: 'records',
        ENDPOINT: 'https://user:pass@s3.example/x',
        ACCESS_KEY: 'a',
        SECRET_KEY: 'b',
        hosts: ['http://elastic:changeme@es.example:9200'],
        sftp: { SFTP_HOST: 'h', SFTP_PASSWORD: 'p', STP_PRIVATE_KEY: 'k', STP_PASSPHRASE: 'x' },
      }),
    ).toEqual({
      BUCKET: 'records',
      ENDPOINT: 'https://s3.example/x',
      hosts: ['http://es.example:9200'],
      sftp: { SFTP_HOST: 'h' },
    });
  });
});

describe('commands', () => {
  it('of all storages are one list, newest first, with pages that follow each other', async () => {
    type Commands = {
      commands: { totalCount: number; nodes: { uuid: string; timestamp: string }[]; pageInfo: { endCursor: string } };
    };
    const query =
      'query ($after: String) { commands(first: 40, after: $after) { totalCount nodes { uuid timestamp } pageInfo { endCursor } } }';
    const first = await graph.query<Commands>(query);
    const second = await graph.query<Commands>(query, { after: first.data.commands.pageInfo.endCursor });
    expect(first.data.commands.totalCount).toBe(1600);
    const rows = [...first.data.commands.nodes, ...second.data.commands.nodes];
    expect(new Set(rows.map(({ uuid }) => uuid)).size).toBe(80);
    const times = rows.map(({ timestamp }) => timestamp);
    expect(times).toEqual([...times].sort().reverse());
    expect(first.extensions.upstream.calls).toBe(3);
  });

  it('of one session come from one call', async () => {
    const { data: found } = await graph.query<{ commands: { nodes: { session: { uuid: string } }[] } }>(
      '{ commands(first: 1) { nodes { session { uuid } } } }',
    );
    const { data, extensions } = await graph.query<{
      commands: { totalCount: number; nodes: { session: { uuid: string } }[] };
    }>('query ($session: ID!) { commands(filter: { session: $session }) { totalCount nodes { session { uuid } } } }', {
      session: found.commands.nodes[0]?.session.uuid,
    });
    expect(data.commands.totalCount).toBeGreaterThan(0);
    expect(new Set(data.commands.nodes.map(({ session }) => session.uuid)).size).toBe(1);
    expect(extensions.upstream.calls).toBe(1);
  });

  it('are refused to an ordinary user', async () => {
    const { errors } = await graph.query(
      '{ commands { totalCount } }',
      {},
      { headers: { authorization: 'Bearer sandbox-user' } },
    );
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });
});

describe('recordings', () => {
  it('are null for sessions without one, and say when they can be fetched', async () => {
    const { data, errors } = await graph.query<{
      sessions: { nodes: { hasReplay: boolean; replay: object | null }[] };
    }>('{ sessions(first: 20, filter: { isFinished: true }) { nodes { hasReplay replay { isReady type src } } } }');
    expect(errors).toBeUndefined();
    for (const { hasReplay, replay } of data.sessions.nodes) {
      if (hasReplay) expect(replay).toMatchObject({ isReady: expect.any(Boolean) });
      else expect(replay).toBeNull();
    }
  });
});
