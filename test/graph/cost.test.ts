import { describe, expect, it } from 'vitest';
import { boundsOfText } from '../support/bounds.ts';
import { startGraph } from '../support/graph.ts';

describe('the fewest calls of an operation', () => {
  it.each([
    ['one for a list, whatever stands below it', '{ assets { nodes { accounts { nodes { username } } } } }', 1],
    ['one for each different list', '{ assets { totalCount } users { totalCount } }', 2],
    ['one for each different page', '{ a: users(first: 1) { nodes { id } } b: users(first: 2) { nodes { id } } }', 2],
    ['one for each different number', '{ a: users { totalCount } b: users(search: "x") { totalCount } }', 2],
    [
      'one for a number, whatever the page',
      '{ a: users(first: 1) { totalCount } b: users(first: 2) { totalCount } }',
      1,
    ],
    ['one for rows and their number', '{ a: users(first: 7) { nodes { id } } b: users { totalCount } }', 1],
    [
      'one for what means the same',
      '{ a: users(filter: {}) { nodes { id } } b: users(first: 50) { nodes { id } } }',
      1,
    ],
    ['one for a list asked twice', '{ a: users { nodes { name } } b: users { nodes { email } } }', 1],
    ['none for a list that nothing can match', '{ users(filter: { usernameIn: [] }) { totalCount } }', 0],
    ['none for a row, whose id may be malformed', '{ asset(id: "nonsense") { name } }', 0],
    ['none for what no list is read for', '{ __typename }', 0],
  ])('is %s', (_name, text, wanted) => {
    expect(boundsOfText(text).lower).toBe(wanted);
  });
});

describe('the most calls of an operation', () => {
  it('grow with the parents where a batch may not fit', () => {
    const most = (first: number) =>
      boundsOfText(`{ assets(first: ${first}) { nodes { accounts { nodes { username } } } } }`).upper;
    expect([most(1), most(10), most(100)]).toEqual([7, 16, 106]);
  });

  it('grow by one for each hundred related rows', () => {
    const most = (first: number) => boundsOfText(`{ sessions(first: ${first}) { nodes { asset { address } } } }`).upper;
    expect([most(100), most(200), most(1000)]).toEqual([6, 7, 15]);
  });
});

describe('an operation over its budget', () => {
  const LISTS = Array.from(
    { length: 5 },
    (_, index) => `l${index}: users(first: ${index + 1}) { nodes { name } }`,
  ).join(' ');

  it('is refused with the figure before anything is sent', async () => {
    const graph = await startGraph({ config: { MAX_UPSTREAM_CALLS: '4' } });
    const { data, errors, extensions } = await graph.query(`{ ${LISTS} }`);
    expect(data).toBeUndefined();
    expect(errors).toEqual([
      {
        message: 'The operation needs at least 5 calls to JumpServer; 4 are allowed.',
        extensions: { code: 'COST_LIMIT', calls: { lower: 5, upper: 20, budget: 4 }, requestId: expect.any(String) },
      },
    ]);
    expect([extensions.upstream.calls, graph.sandbox.log.length]).toEqual([0, 0]);
    await graph.close();
  });

  it('stops where the budget is reached on the way, and keeps what it has', async () => {
    const graph = await startGraph({ config: { MAX_UPSTREAM_CALLS: '2' } });
    const { data, errors } = await graph.query(
      '{ users(first: 3) { nodes { username sessions(first: 1) { nodes { id } } loginLogs(first: 1) { nodes { id } } } } }',
    );
    expect(data).toMatchObject({ users: { nodes: [{ username: expect.any(String) }, {}, {}] } });
    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['COST_LIMIT']));
    await graph.close();
  });
});
