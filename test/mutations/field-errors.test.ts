import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsOf, readLimits } from './faults.ts';
import { mutations } from './inputs.ts';
import { BY_STEPS } from './outcomes.ts';
import { createStage, isLacking, run, type Stage } from './stage.ts';

/** The oldest and the newest: what the others limit, one of these limits too. */
describe.each(['3.10.23', '4.10.19'] as const)('field errors of every mutation on %s', (version) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await createStage(version, 'ENTERPRISE');
  });
  afterAll(() => stage.close());

  it.each(
    mutations.filter(({ name }) => !(name in BY_STEPS)).map((mutation) => [mutation.name, mutation] as const),
  )('%s tells each at the input’s own name, and writes nothing', async (_name, mutation) => {
    const { graph, input } = await stage.set(mutation);
    const faults = faultsOf(mutation, await readLimits(graph.sandbox, mutation), input);
    const told: Record<string, string> = {};
    for (const { title, field, value, refusal } of faults) {
      const { refusals, taken } = await run(graph, mutation, { ...input, [field]: value });
      told[title] = isLacking(refusals) ? refusal : refusals.join() || 'done';
      if (taken === 0) continue;
      const isWritten = refusal === 'done' || isLacking(refusals) || title === 'labels unknown';
      expect([title, isWritten]).toEqual([title, true]);
      await stage.set(mutation);
    }
    expect(told).toEqual(Object.fromEntries(faults.map(({ title, refusal }) => [title, refusal])));
  });
});
