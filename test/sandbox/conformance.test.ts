import { expect, test } from 'vitest';
import { loadExchanges, loadSnapshot, type Version, versions } from '../support/recordings.ts';
import { permute } from './conformance/permute.ts';
import { type Recording, replay } from './conformance/replay.ts';
import { brokenPromises, type Score, toScore } from './conformance/score.ts';
import { openSandbox } from './conformance/server.ts';

const recordingOf = (version: Version): Recording => ({
  version,
  exchanges: loadExchanges(version),
  snapshot: loadSnapshot(version),
});

const scoreOf = async (recording: Recording): Promise<Score> =>
  toScore(await replay(recording, openSandbox(recording)));

test.each(versions)('the sandbox answers the recorded requests as %s did, as far as is promised', async (version) => {
  expect(brokenPromises(await scoreOf(recordingOf(version)))).toEqual([]);
});

test.each(
  versions,
)('with other ids and names and with writes in another order it stands in for %s as well', async (version) => {
  const recorded = await scoreOf(recordingOf(version));
  const permuted = await scoreOf(permute(recordingOf(version), 11));
  expect(recorded.status - permuted.status).toBeLessThanOrEqual(1);
  expect(recorded.shape - permuted.shape).toBeLessThanOrEqual(1);
  expect(recorded.values - permuted.values).toBeLessThanOrEqual(1);
});
