import type { Recording, Server } from './replay.ts';

/** A sandbox that holds the recording's snapshot. */
export const openSandbox = (recording: Recording): Server => {
  throw new Error(`no sandbox of ${recording.version} yet`);
};
