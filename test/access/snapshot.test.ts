import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromSnapshot, toSnapshot } from '../../src/access/snapshot.ts';
import { organizations } from './random-organization.ts';

test('what is read back equals what was stored', async () => {
  await fc.assert(
    fc.asyncProperty(organizations, async (inputs) => {
      const snapshot = { inputs, organizationName: 'Firm "1"', readBy: 'Ann (ann)' };
      expect(await fromSnapshot(toSnapshot(snapshot))).toEqual(snapshot);
    }),
    { numRuns: 50 },
  );
});

test('a snapshot that was cut off is refused', async () => {
  const [inputs] = fc.sample(organizations, { numRuns: 1, seed: 7 });
  if (!inputs) throw new Error('no sample');
  const bytes = await buffer(toSnapshot({ inputs }));
  const cut = Readable.from([bytes.subarray(0, bytes.length - 20)]);
  await expect(fromSnapshot(cut)).rejects.toMatchObject({ code: 'BAD_SNAPSHOT' });
});

test('a file that is no snapshot, and one of another format, are refused', async () => {
  const text = Readable.from([Buffer.from('hello')]);
  await expect(fromSnapshot(text)).rejects.toMatchObject({ code: 'BAD_SNAPSHOT' });
  const other = Readable.from([gzipSync('{"format":"something-else"}\n')]);
  await expect(fromSnapshot(other)).rejects.toMatchObject({ code: 'BAD_SNAPSHOT' });
});

test('a file that cannot be opened is told as such', async () => {
  await expect(fromSnapshot(createReadStream('/nowhere/snapshot.gz'))).rejects.toMatchObject({ code: 'ENOENT' });
});
