// Tells whether dist/ was built from the sources as they are now.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the fingerprint of the built sources stands. */
export const STAMP = 'dist/.stamp';

const FOLDERS = ['src', 'scripts', 'schema'];
const FILES = ['package.json', 'package-lock.json'];

/** A hash over everything that decides what is built. */
export const fingerprint = async () => {
  const listed = await Promise.all(FOLDERS.map((folder) => readdir(folder, { recursive: true, withFileTypes: true })));
  const files = listed
    .flat()
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash('sha256');
  for (const file of [...FILES, ...files.sort()]) hash.update(`${file}\n`).update(await readFile(file));
  return hash.digest('hex');
};

/** Whether dist/ need not be built again. */
export const isFresh = async () => {
  const built = await readFile(STAMP, 'utf8').catch(() => '');
  return built !== '' && built === (await fingerprint());
};
