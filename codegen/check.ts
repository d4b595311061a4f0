import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A generated file: its path from the project's root, and its whole text. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** Writes the files that differ from what is on disk; answers how many did. */
export function writeFiles(root: string, files: readonly GeneratedFile[]): number {
  const changed = files.filter((file) => readOrEmpty(root, file) !== file.text);
  for (const file of changed) {
    mkdirSync(dirname(join(root, file.path)), { recursive: true });
    writeFileSync(join(root, file.path), file.text);
  }
  return changed.length;
}

/** The files that differ from what is on disk, each with the first lines that differ. */
export function staleFiles(root: string, files: readonly GeneratedFile[]): { path: string; diff: string }[] {
  return files
    .map((file) => ({ file, before: readOrEmpty(root, file) }))
    .filter(({ file, before }) => before !== file.text)
    .map(({ file, before }) => ({ path: file.path, diff: firstDifference(file.path, before, file.text) }));
}

function readOrEmpty(root: string, file: GeneratedFile): string {
  const path = join(root, file.path);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** The first place where two texts differ, with a few lines of each. */
function firstDifference(path: string, before: string, after: string): string {
  const left = before.split('\n');
  const right = after.split('\n');
  const at = right.findIndex((line, index) => line !== left[index]);
  const from = at < 0 ? right.length : at;
  const show = (mark: string, lines: string[]) =>
    lines.slice(from, from + 5).map((line) => `${mark} ${line.length > 160 ? `${line.slice(0, 160)}…` : line}`);
  return [`--- ${path} (line ${from + 1})`, ...show('-', left), ...show('+', right)].join('\n');
}
