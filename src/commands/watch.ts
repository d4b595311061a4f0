import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { toGraphQLError } from '../graph/errors.ts';
import { openReportSource } from '../reports/open-source.ts';
import type { ReportSource } from '../reports/sources.ts';
import { openSession } from './open-session.ts';
import { EXIT, type Surroundings } from './surroundings.ts';
import { look } from './watch-look.ts';
import { parseRules, type WatchRules } from './watch-rules.ts';
import { openSink, type Sink, type SinkOptions } from './watch-sinks.ts';
import { readState, writeState } from './watch-state.ts';

/** What `jumpgraph watch` is asked. */
export interface WatchCommand {
  /** A file of rules. */
  readonly rules: string;
  readonly to: SinkOptions['to'];
  readonly address?: string | undefined;
  /** The file that remembers how far the logs have been read and what was sent. */
  readonly state: string;
  readonly organization?: string | undefined;
  /** Look once and end, for cron. */
  readonly once: boolean;
}

/**
 * Watches JumpServer by rules until it is ended. An event is remembered as sent only once it has been taken, so after a failure it comes
 * again, with the same id.
 */
export async function runWatch(command: WatchCommand, surroundings: Surroundings): Promise<number> {
  const rules = parseRules(await readFile(command.rules, 'utf8'));
  const { session, home, close } = await openSession(surroundings, command.organization);
  const source = openReportSource({ session, home, now: surroundings.now });
  const sink = openSink({ ...command, organization: await source.organization() }, surroundings);
  try {
    if (command.once) await watchOnce(rules, source, sink, command.state);
    else await watchForever(rules, command.state, sink, surroundings, command.organization);
    return EXIT.done;
  } finally {
    sink.close();
    await close();
  }
}

async function watchOnce({ rules }: WatchRules, source: ReportSource, sink: Sink, file: string): Promise<void> {
  const { events, state } = await look(rules, source, await readState(file));
  for (const event of events) {
    await sink.send(event);
    state.sent[event.id] = source.now();
  }
  await writeState(file, state, source.now());
}

/** A look that fails is told and done again at the next: JumpServer may be away for a while. Each look has a session of its own, which remembers nothing. */
async function watchForever(
  rules: WatchRules,
  file: string,
  sink: Sink,
  surroundings: Surroundings,
  organization: string | undefined,
): Promise<void> {
  const { signal, terminal, now } = surroundings;
  while (!signal.aborted) {
    const { session, home, close } = await openSession(surroundings, organization);
    try {
      await watchOnce(rules, openReportSource({ session, home, now }), sink, file);
    } catch (error) {
      if (!signal.aborted) terminal.messages.write(`${toGraphQLError(error).message}\n`);
    } finally {
      await close();
    }
    // Whoever stops the watch ends the sleep too, and the loop.
    await sleep(rules.interval * 1000, undefined, { signal }).catch(() => undefined);
  }
}
