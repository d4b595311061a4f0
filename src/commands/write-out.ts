import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Surroundings } from './surroundings.ts';

/** Writes to a file, which appears whole or not at all, or (`-`) to the output. */
export async function writeOut(stream: Readable, out: string, { terminal, signal }: Surroundings): Promise<void> {
  if (out === '-') {
    await pipeline(stream, terminal.output, { signal, end: false });
    return;
  }
  const draft = `${out}.part`;
  try {
    await pipeline(stream, createWriteStream(draft), { signal });
    await rename(draft, out);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
