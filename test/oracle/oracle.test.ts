import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../src/generated/catalogue.ts';
import { boundsOfText } from '../support/bounds.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { createOracle, type Oracle } from './evaluate.ts';
import { createRandom, generateOperation, type Samples } from './generate.ts';

/** Nouns whose rows have details of their own and lists by a single key. */
const NOUNS = [
  'User',
  'UserGroup',
  'Role',
  'Asset',
  'AssetNode',
  'Platform',
  'Zone',
  'Gateway',
  'Account',
  'AccountTemplate',
  'Permission',
  'Session',
  'Label',
];
const SEED = 20_261_122;
/** The sandbox's clock stands still: the length of a running session would move on between two readings. */
const NOW = Date.parse('2026-11-20T10:00:00Z');

/** Cursors are the kit's own: what they point to is tested by paging. */
function withoutCursors(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutCursors);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => name !== 'cursor');
  return Object.fromEntries(entries.map(([name, inner]) => [name, withoutCursors(inner)]));
}

/** How many operations each version answers: most on the default one. */
const OPERATIONS = { '4.10.16': 520, '4.10.19': 130, '4.9.0': 130, '3.10.23': 130 } as const;
const BATCH = 26;

describe.each(
  Object.entries(OPERATIONS),
)('on %s, generated reads answer what details and single-key lists say', (name, count) => {
  const version = name as keyof typeof OPERATIONS;
  let graph: TestGraph;
  let oracle: Oracle;
  const samples: Record<string, Samples[string]> = {};

  beforeAll(async () => {
    const sandboxOptions = { throttle: false, now: () => NOW };
    graph = await startGraph({ version, sandboxOptions, config: { MAX_UPSTREAM_CALLS: '5000' } });
    oracle = createOracle(graph.sandbox, version);
    for (const noun of NOUNS.flatMap((each) => catalogue.nouns[each] ?? []))
      samples[noun.name] = await oracle.rows(noun);
    await graph.query('{ serverInfo { version } }');
  });
  afterAll(() => graph.close());

  it.each(Array.from({ length: count / BATCH }, (_, index) => index))('batch %i', async (batch) => {
    for (let index = 0; index < BATCH; index++) {
      const seed = SEED + batch * 1000 + index;
      const random = createRandom(seed);
      const operation = generateOperation(random, { nouns: NOUNS, samples, version }, 1 + Math.floor(random() * 4));
      const { data, errors, extensions } = await graph.query(operation.text);
      const place = `seed ${seed}: ${operation.text}`;
      expect(errors, place).toBeUndefined();
      expect(withoutCursors(data), place).toEqual(await oracle.evaluate(operation));
      const { lower, upper } = boundsOfText(operation.text);
      expect(extensions.upstream.calls, place).toBeLessThanOrEqual(upper);
      expect(extensions.upstream.calls, place).toBeGreaterThanOrEqual(lower);
    }
  });
});
