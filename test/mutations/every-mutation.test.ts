import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { ALLOWED, LICENSED, SENT, TOLD, UNKNOWN } from './expected.ts';
import { type Mutation, mutations, targetOf, toInput } from './inputs.ts';
import { createStage, isLacking, nobody, run, type Stage } from './stage.ts';

/** On 3.10 everybody may list executions of jobs: one that is not there for the caller is told as that. */
const isOwnExecution = (name: string, refusals: readonly string[]): boolean =>
  name === 'stopJobExecution' && refusals.join() === 'id NOT_FOUND';

/** Mutations that some server has for the callers of this test. */
const served = new Set<string>();

describe.each(SANDBOX_VERSIONS)('every mutation on %s', (version) => {
  let stage: Stage;
  const inputOf = ({ input }: Mutation) => toInput(input, (noun) => stage.ids.get(noun) ?? nobody(noun));
  beforeAll(async () => {
    stage = await createStage(version, 'COMMUNITY');
  });
  afterAll(() => stage.close());

  it.each(
    mutations.map((mutation) => [mutation.name, mutation] as const),
  )('%s is refused to an ordinary user and writes nothing, or is theirs', async (name, mutation) => {
    const { refusals, taken } = await run(stage.user, mutation, inputOf(mutation));
    if (isLacking(refusals)) return;
    served.add(name);
    if (ALLOWED.has(name)) return expect(refusals).toEqual([]);
    if (isOwnExecution(name, refusals)) return;
    expect(refusals.join()).toBe(TOLD[name] ?? 'FORBIDDEN');
    expect(taken).toBe(0);
  });

  it.each(
    mutations.flatMap((mutation) => {
      const target = targetOf(mutation.input);
      return target ? [[mutation.name, target.name, mutation, target] as const] : [];
    }),
  )('%s names an unknown %s', async (name, _field, mutation, target) => {
    const unknown = nobody(target.noun);
    const input = { ...inputOf(mutation), [target.name]: target.isList ? [unknown] : unknown };
    const { refusals, taken } = await run(stage.admin, mutation, input);
    expect(taken).toBe(SENT.has(name) ? 1 : 0);
    if (isLacking(refusals)) return;
    const place = target.isList ? `${target.name}.0` : target.name;
    const told = refusals.length > 0 ? refusals : ['done'];
    expect(
      [`${place} NOT_FOUND`, UNKNOWN[name]].some((one) => told.includes(one ?? '')),
      told.join(),
    ).toBe(true);
  });
});

describe('with a licence', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await createStage('4.10.19', 'ENTERPRISE');
  });
  afterAll(() => stage.close());

  it.each(LICENSED)('%s is refused to an ordinary user, and writes nothing', async (name) => {
    const mutation = mutations.find((one) => one.name === name) as Mutation;
    const input = toInput(mutation.input, (noun) => stage.ids.get(noun) ?? nobody(noun));
    expect(await run(stage.user, mutation, input)).toMatchObject({ refusals: ['FORBIDDEN'], taken: 0 });
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
