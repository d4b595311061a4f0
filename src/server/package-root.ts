import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the package (`schema/schema.graphql`, `dist/editor`), found from the sources and from the bundle alike. */
export const packagePath = (...parts: readonly string[]): string => join(root, ...parts);

const findRoot = (folder: string): string => {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? folder : findRoot(parent);
};

const root = findRoot(dirname(fileURLToPath(import.meta.url)));
