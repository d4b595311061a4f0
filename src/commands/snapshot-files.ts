import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fromSnapshot, type Snapshot, toSnapshot } from '../access/snapshot.ts';

/** Writes a snapshot into a folder, one a day and organisation (`2026-01-31-default.jsonl.gz`); answers its path. */
export async function writeSnapshot(folder: string, snapshot: Snapshot): Promise<string> {
  await mkdir(folder, { recursive: true });
  const { inputs, organizationName = inputs.organization } = snapshot;
  const day = new Date(inputs.asOf).toISOString().slice(0, 10);
  const path = join(folder, `${day}-${toFileName(organizationName)}.jsonl.gz`);
  await pipeline(toSnapshot(snapshot), createWriteStream(`${path}.part`, { mode: 0o600 }));
  await rename(`${path}.part`, path);
  return path;
}

/** Reads a snapshot. Throws `AccessError` BAD_SNAPSHOT for a damaged one. */
export function readSnapshot(path: string): Promise<Snapshot> {
  return fromSnapshot(createReadStream(path));
}

/** Names of organisations may hold anything; names of files may not. */
function toFileName(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
      .replaceAll(/^-|-$/g, '') || 'organization'
  );
}
