import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue, type Noun } from '../../src/generated/catalogue.ts';
import { boundsOfText } from '../support/bounds.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { createOracle, type Oracle } from './evaluate.ts';
import { furnish } from './furnish.ts';
import { generateOperation, type Samples } from './generate.ts';
import { createRandom } from './random.ts';

const SEED = 20_261_122;
/** The sandbox's clock stands still: the length of a running session would move on between two readings. */
const NOW = Date.parse('2026-11-20T10:00:00Z');

/** How many operations each root answers on a version: most on the default one. */
const OPERATIONS = { '4.10.16': 12, '4.10.19': 4, '4.9.0': 4, '3.10.23': 4 } as const;
type Version = keyof typeof OPERATIONS;

/** Nouns that no server of the sandbox lists: their rows are not witnessed (docs/coverage.md). */
const NOWHERE = ['AccountCheckEngine', 'ChatPrompt', 'PushAccountRecord'];
/** Nouns that a Community server refuses, and (jobs) one on which commands are switched off. */
const LICENSED = ['AccountRisk', 'AssetRisk', 'ChangeSecretProgress', 'CheckAccount', 'CheckAccountExecution', 'Job'];
const LICENSED_LATER = ['ChangeSecret', 'ChangeSecretExecution', 'ChangeSecretRecord', 'JobExecution'];

/** Nouns whose list a server refuses to its administrator, or does not have. */
const REFUSED: Readonly<Record<Version, readonly string[]>> = {
  '3.10.23': [
    ...NOWHERE,
    ...LICENSED,
    'ClipboardAcl',
    'DataMaskingRule',
    'FavoriteFolder',
    'IntegrationApplication',
    'OauthToken',
    'OpsVariable',
    'SavedReport',
    'ScheduledJob',
    'ServiceAccessLog',
    'SshKey',
  ],
  '4.9.0': [
    ...NOWHERE,
    ...LICENSED,
    ...LICENSED_LATER,
    'ClipboardAcl',
    'DataMaskingRule',
    'FavoriteFolder',
    'OauthToken',
    'SavedReport',
  ],
  '4.10.16': [...NOWHERE, ...LICENSED, ...LICENSED_LATER, 'ClipboardAcl', 'FavoriteFolder', 'SavedReport'],
  '4.10.19': [...NOWHERE, ...LICENSED, ...LICENSED_LATER],
};

/** Nouns of which the sandbox has no rows, whatever an administrator makes: they are asked all the same, and answer nothing. */
const EMPTY = [
  'AccessKey',
  'AppProvider',
  'BackgroundTask',
  'ChangeSecret',
  'ChangeSecretExecution',
  'ChangeSecretRecord',
  'JobExecution',
  'JobLog',
  'OauthToken',
  'OpsVariable',
  'ScheduledJob',
  'ServiceAccessLog',
  'VirtualAppPublication',
];

/** Cursors are the kit's own: what they point to is tested by paging. */
function withoutCursors(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutCursors);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => name !== 'cursor');
  return Object.fromEntries(entries.map(([name, inner]) => [name, withoutCursors(inner)]));
}

const nouns = Object.values(catalogue.nouns);

/** Listed for a parent only: reached through the rows that have them. */
const hasParent = (noun: Noun): boolean => noun.needs !== undefined && noun.spread === undefined;

describe.each(
  Object.keys(OPERATIONS) as Version[],
)('on %s, generated reads answer what details and single-key lists say', (version) => {
  let graph: TestGraph;
  let oracle: Oracle;
  const samples: Record<string, Samples[string]> = {};
  const roots = Object.keys(catalogue.roots).filter((root) => {
    const noun = catalogue.roots[root]?.noun ?? '';
    return !REFUSED[version].includes(noun);
  });

  beforeAll(async () => {
    const sandboxOptions = { throttle: false, now: () => NOW };
    graph = await startGraph({ version, sandboxOptions, config: { MAX_UPSTREAM_CALLS: '5000' } });
    await furnish(graph.sandbox);
    oracle = createOracle(graph.sandbox, version);
    for (const noun of nouns) {
      const rows = hasParent(noun) ? [] : await oracle.rows(noun);
      if (rows) samples[noun.name] = rows;
    }
    await graph.query('{ serverInfo { version } }');
  });
  afterAll(() => graph.close());

  it('every noun that the server lists takes part, almost all with rows', () => {
    const refused = nouns.filter(({ name }) => samples[name] === undefined).map(({ name }) => name);
    expect(refused.sort()).toEqual([...REFUSED[version]].sort());
    const empty = nouns.filter((noun) => samples[noun.name]?.length === 0 && !hasParent(noun) && !noun.variantOf);
    expect(EMPTY).toEqual(expect.arrayContaining(empty.map(({ name }) => name)));
  });

  it.each(roots)('%s', async (root) => {
    for (let index = 0; index < OPERATIONS[version]; index++) {
      const seed = SEED + index;
      const random = createRandom(seed);
      const material = { nouns: new Set(Object.keys(samples)), samples, version };
      const operation = generateOperation(random, root, material, 1 + Math.floor(random() * 4));
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
