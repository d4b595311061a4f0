import { describe, expect, it, vi } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { createTestClock, createTestSandbox, startLive, startSession } from '../live/support.ts';
import { FAULTS, LEAKS, strike } from './faults.ts';

const STARTED = `subscription ($after: String) {
  sessionStarted(after: $after) { id cursor session { uuid } }
}`;
const SESSIONS = '/terminal/sessions/';

interface Started {
  readonly sessionStarted: {
    readonly id: string;
    readonly cursor: string;
    readonly session: { readonly uuid: string };
  };
}
type Live = Awaited<ReturnType<typeof startLive>>;

/** Follows from an instant or cursor; `settled` waits until so many events have come, or the stream has ended. */
function follow(live: Live, after: string) {
  const subscribed = live.subscribe<Started>(STARTED, { after });
  const events = () => subscribed.answers.flatMap(({ data }) => (data ? [data.sessionStarted] : []));
  const codes = () =>
    subscribed.answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => String(extensions?.['code'])));
  const settled = (count: number) =>
    vi.waitFor(
      () => {
        if (events().length < count && codes().length === 0) throw new Error(`${events().length} of ${count} events`);
      },
      { timeout: 30_000, interval: 20 },
    );
  return { events, codes, settled, answers: subscribed.answers };
}

const begin = async (sandbox: Sandbox, count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) ids.push(await startSession(sandbox));
  return ids;
};

describe.concurrent('a subscription', () => {
  it.each(FAULTS)('under $name tells what began or ends with why, and goes on after the last cursor', async ({
    faults,
    read,
  }) => {
    const clock = createTestClock();
    const sandbox = createTestSandbox(clock);
    const since = new Date(clock.now()).toISOString();
    const live = await startLive(clock, sandbox, { OPERATION_TIMEOUT: '6' });
    const first = follow(live, since);
    clock.advance(1_000);
    const early = await begin(sandbox, 2);
    await live.until(SESSIONS, 1);
    await live.look(SESSIONS);
    await first.settled(2);
    strike(sandbox, { path: SESSIONS, method: 'GET' }, faults);
    clock.advance(1_000);
    const late = await begin(sandbox, 3);
    clock.advance(10_000);
    await first.settled(5);
    if (read === 'right') expect([first.codes(), first.events().length]).toEqual([[], 5]);
    else expect(read).toEqual(expect.arrayContaining(first.codes()));
    expect(JSON.stringify(first.answers)).not.toMatch(LEAKS);
    sandbox.faults.clear();
    await live.close();
    // A new server, so that no waiting of the old one stands in the way; and one more session.
    const again = await startLive(clock, sandbox, { OPERATION_TIMEOUT: '6' });
    const more = await begin(sandbox, 1);
    const second = follow(again, first.events().at(-1)?.cursor ?? since);
    const begun = [...early, ...late, ...more];
    await second.settled(begun.length - first.events().length);
    const told = [...first.events(), ...second.events()];
    expect(told.map(({ session }) => session.uuid).sort()).toEqual([...begun].sort());
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
    await again.close();
  });

  it('that misses rows between two pages of a look ends, and tells each once when it begins again', async () => {
    const clock = createTestClock();
    const sandbox = createTestSandbox(clock);
    const since = new Date(clock.now()).toISOString();
    clock.advance(1_000);
    const begun = await begin(sandbox, 150);
    sandbox.faults.add({ path: SESSIONS, method: 'GET', fault: { kind: 'vanishingRow' } });
    const live = await startLive(clock, sandbox);
    const first = follow(live, since);
    await first.settled(begun.length);
    expect([first.codes(), first.events()]).toEqual([['UPSTREAM_CONTRACT'], []]);
    sandbox.faults.clear();
    const second = follow(live, since);
    await second.settled(begun.length);
    expect(
      second
        .events()
        .map(({ session }) => session.uuid)
        .sort(),
    ).toEqual([...begun].sort());
    await live.close();
  });
});
