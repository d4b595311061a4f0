/** The documents that the recorded servers served, kept compressed beside the contracts made from them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { RawDocument } from './upgrade.ts';

const suffix = '.json.br';

/** Reads `schema/openapi/source`: each server's own document by its version. */
export const readSources = (folder: string): Record<string, RawDocument> => {
  const versions = readdirSync(folder).flatMap((name) =>
    name.endsWith(suffix) ? [name.slice(0, -suffix.length)] : [],
  );
  return Object.fromEntries(versions.map((version) => [version, readSource(folder, version)]));
};

/** Reads one version's own document. */
export const readSource = (folder: string, version: string): RawDocument =>
  JSON.parse(brotliDecompressSync(readFileSync(join(folder, `${version}${suffix}`))).toString('utf8'));
