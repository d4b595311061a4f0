import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const state = z.object({
  format: z.literal('jumpgraph-watch-1'),
  /** How far each log has been read: the newest time seen, and the rows known from just before it. */
  logs: z.record(z.string(), z.object({ at: z.number(), seen: z.array(z.string()) })),
  /** Failures that may still become an event, by rule and subject in JSON. */
  failures: z.record(z.string(), z.array(z.object({ id: z.string(), at: z.number() }))),
  /** Ids of privileged accounts; null before the first look. */
  privileged: z.array(z.string()).nullable(),
  /** Ids of events that were sent, and when. */
  sent: z.record(z.string(), z.number()),
});

/** What `watch` remembers between two looks: its cursor. */
export type WatchState = z.output<typeof state>;

/** Sent events are remembered for so long. */
const MEMORY_MILLISECONDS = 400 * 86_400_000;

/** Reads the cursor; an empty one when there is none. Throws when the file is damaged: guessing could lose events. */
export async function readState(file: string): Promise<WatchState> {
  try {
    return state.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return emptyState();
    throw error;
  }
}

/** A cursor that has seen nothing. */
function emptyState(): WatchState {
  return { format: 'jumpgraph-watch-1', logs: {}, failures: {}, privileged: null, sent: {} };
}

/** Keeps the cursor; the file is replaced whole. */
export async function writeState(file: string, current: WatchState, now: number): Promise<void> {
  const sent = Object.fromEntries(Object.entries(current.sent).filter(([, at]) => now - at < MEMORY_MILLISECONDS));
  await writeFile(`${file}.part`, JSON.stringify({ ...current, sent }), { mode: 0o600 });
  await rename(`${file}.part`, file);
}
