import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../src/generated/catalogue.ts';
import { createSandbox, SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { type Callers, NOBODY, startCallers } from '../modules/support.ts';
import { furnish } from '../oracle/furnish.ts';
import type { TestGraph } from '../support/graph.ts';
import { ALLOWED, LICENSED, TOLD, UNKNOWN } from './expected.ts';
import { type Mutation, mutations, targetOf, toInput } from './inputs.ts';

/** The sandbox's clock stands still: nothing happens of itself. */
const NOW = Date.parse('2026-11-20T10:00:00Z');

/** An id that no row of the noun has. */
const nobody = (noun: string): string => {
  const id = catalogue.nouns[noun]?.id === 'INT' ? '987654321' : NOBODY;
  return Buffer.from(`${noun}:${id}`).toString('base64url');
};

/** Ids of a row of each noun, as its administrator sees them. */
async function readIds(graph: TestGraph): Promise<ReadonlyMap<string, string>> {
  type Rows = { rows: { nodes: { id: string }[] } | null } | null;
  const lists = Object.entries(catalogue.roots).filter(([, { list }]) => list);
  const ids = lists.map(async ([root, { noun }]): Promise<[string, string]> => {
    const { data } = await graph.query<Rows>(`{ rows: ${root}(first: 1) { nodes { id } } }`);
    return [noun, data?.rows?.nodes[0]?.id ?? nobody(noun)];
  });
  return new Map(await Promise.all(ids));
}

/** What a mutation is refused with: codes of the whole, and `field code` of its parts. */
async function refusalsOf(graph: TestGraph, { name, input, hasUserErrors }: Mutation, values: object) {
  type Told = { userErrors?: { field: string[]; code: string }[] };
  type Payload = { payload: (Told & { rows?: Told[] }) | null } | null;
  const rows = name.startsWith('import') ? 'rows { userErrors { field code } }' : '';
  const selection = hasUserErrors ? `userErrors { field code } ${rows}` : '__typename';
  const document = `mutation($input: ${input.name}!) { payload: ${name}(input: $input) { ${selection} } }`;
  const { data, errors } = await graph.query<Payload>(document, { input: values });
  const told = [data?.payload, ...(data?.payload?.rows ?? [])].flatMap((part) => part?.userErrors ?? []);
  return [
    ...(errors ?? []).map(({ extensions }) => extensions.code),
    ...told.map(({ field, code }) => `${field.join('.')} ${code}`.trim()),
  ];
}

const isLacking = (refusals: readonly string[]): boolean =>
  refusals.length > 0 && refusals.every((refusal) => refusal.endsWith('UNSUPPORTED_BY_SERVER'));

/** On 3.10 everybody may list executions of jobs: one that is not there for the caller is told as that. */
const isOwnExecution = (name: string, refusals: readonly string[]): boolean =>
  name === 'stopJobExecution' && refusals.join() === 'id NOT_FOUND';

/** Mutations that some server has for the callers of this test. */
const served = new Set<string>();

describe.each(SANDBOX_VERSIONS)('every mutation on %s', (version) => {
  let callers: Callers;
  let ids: ReadonlyMap<string, string>;
  const stateOf = () => JSON.stringify(callers.admin.sandbox.exportState());
  const inputOf = ({ input }: Mutation) => toInput(input, (noun) => ids.get(noun) ?? nobody(noun));
  beforeAll(async () => {
    callers = await startCallers(createSandbox({ version, throttle: false, now: () => NOW }));
    await furnish(callers.admin.sandbox);
    ids = await readIds(callers.admin);
  });
  afterAll(() => callers.close());

  it.each(
    mutations.map((mutation) => [mutation.name, mutation] as const),
  )('%s is refused to an ordinary user and writes nothing, or is theirs', async (name, mutation) => {
    const before = stateOf();
    const refusals = await refusalsOf(callers.user, mutation, inputOf(mutation));
    if (isLacking(refusals)) return;
    served.add(name);
    if (ALLOWED.has(name)) return expect(refusals).toEqual([]);
    if (isOwnExecution(name, refusals)) return;
    expect(refusals.join()).toBe(TOLD[name] ?? 'FORBIDDEN');
    // A failed sign-in is noted in the log.
    if (name !== 'login') expect(stateOf() === before).toBe(true);
  });

  it.each(
    mutations.flatMap((mutation) => {
      const target = targetOf(mutation.input);
      return target ? [[mutation.name, target.name, mutation, target] as const] : [];
    }),
  )('%s names an unknown %s', async (name, _field, mutation, target) => {
    const before = stateOf();
    const unknown = nobody(target.noun);
    const input = { ...inputOf(mutation), [target.name]: target.isList ? [unknown] : unknown };
    const refusals = await refusalsOf(callers.admin, mutation, input);
    expect(stateOf() === before).toBe(true);
    if (isLacking(refusals)) return;
    const place = target.isList ? `${target.name}.0` : target.name;
    const told = refusals.length > 0 ? refusals : ['done'];
    expect(
      [`${place} NOT_FOUND`, UNKNOWN[name]].some((one) => told.includes(one ?? '')),
      told.join(),
    ).toBe(true);
  });
});

describe('every mutation', () => {
  it('is served by one of the servers, so that its refusal was seen', () => {
    const unseen = mutations.filter(({ name }) => !served.has(name)).map(({ name }) => name);
    expect(unseen.sort()).toEqual(LICENSED);
  });

  it('named above is there', () => {
    const names = new Set(mutations.map(({ name }) => name));
    expect([...ALLOWED, ...Object.keys(TOLD), ...Object.keys(UNKNOWN)].filter((name) => !names.has(name))).toEqual([]);
  });
});
