import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../src/generated/catalogue.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Who may import whom: a room, and the rooms that its files may import besides their own. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/cli.ts': ['src/config.ts', 'src/server', 'src/sandbox', 'src/commands', 'src/client', 'src/reports', 'src/live'],
  'src/index.ts': ['src/config.ts', 'src/server'],
  'src/config.ts': [],
  'src/server': [
    'src/config.ts',
    'src/generated',
    'src/graph',
    'src/modules',
    'src/upstream',
    'src/reports',
    'src/live',
    'src/access',
  ],
  'src/commands': [
    'src/config.ts',
    'src/server',
    'src/generated',
    'src/graph',
    'src/modules',
    'src/upstream',
    'src/reports',
    'src/live',
    'src/access',
    'src/client',
  ],
  'src/modules': ['src/access', 'src/reports', 'src/graph', 'src/upstream', 'src/generated'],
  'src/reports': ['src/access', 'src/graph', 'src/upstream', 'src/generated'],
  'src/live': ['src/modules', 'src/access', 'src/graph', 'src/upstream', 'src/generated'],
  'src/access': ['src/graph', 'src/upstream', 'src/generated'],
  'src/graph': ['src/upstream', 'src/generated'],
  'src/upstream': ['src/generated'],
  'src/sandbox': ['src/generated'],
  'src/client': ['src/generated'],
  'src/generated': ['src/graph'],
  codegen: ['codegen.ts'],
};

/** Packages and globals that have one home. */
const HOMES: readonly { readonly pattern: RegExp; readonly homes: readonly string[] }[] = [
  { pattern: /from '@apollo\/server/, homes: ['src/server'] },
  { pattern: /from 'fastify'/, homes: ['src/server'] },
  { pattern: /from 'openapi-fetch'/, homes: ['src/upstream'] },
  { pattern: /from 'undici'/, homes: ['src/upstream'] },
  { pattern: /from 'dataloader'/, homes: ['src/graph', 'src/modules'] },
  { pattern: /process\.env/, homes: ['src/config.ts', 'codegen/main.ts'] },
  { pattern: /\bconsole\./, homes: ['src/cli.ts', 'src/commands', 'codegen/main.ts'] },
];

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return path.endsWith('server/editor') ? [] : filesBelow(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

const files = [...filesBelow('src'), ...filesBelow('codegen')];

/** What people wrote. */
const own = files.filter((file) => !file.startsWith('src/generated/'));

function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function roomOf(path: string): string {
  const rooms = [...Object.keys(MAY_IMPORT), 'codegen.ts'];
  return rooms.find((room) => path === room || path.startsWith(`${room}/`)) ?? path;
}

function importsOf(file: string): string[] {
  const found = textOf(file).matchAll(/(?:from|import\()\s*'(\.[^']+)'/g);
  return [...found].map(([, path]) => toFile(file, path));
}

function toFile(from: string, path = ''): string {
  return relative(root, resolve(root, dirname(from), path));
}

/** Imports that are more than types, and not put off until they are needed. */
function runtimeImportsOf(file: string): string[] {
  const found = textOf(file).matchAll(
    /^(?:import|export) (?!type\b)(?:\{([^}]*)\}|[\w*][^;{]*?)\s+from '(\.[^']+)';/gm,
  );
  return [...found].flatMap(([, names, path]) => {
    const isTypesAlone = names?.split(',').every((name) => /^\s*(type\b|$)/.test(name));
    return isTypesAlone ? [] : [toFile(file, path)];
  });
}

describe('the house', () => {
  it('lets a room import only what stands below it', () => {
    const wrong = files.flatMap((file) => {
      const own = roomOf(file);
      return importsOf(file)
        .filter((imported) => roomOf(imported) !== own && !(MAY_IMPORT[own] ?? []).includes(roomOf(imported)))
        .map((imported) => `${file} imports ${imported}`);
    });
    expect(wrong).toEqual([]);
  });

  it('gives each package and each global one home', () => {
    const wrong = HOMES.flatMap(({ pattern, homes }) =>
      files
        .filter((file) => !homes.some((home) => file === home || file.startsWith(`${home}/`)))
        .filter((file) => pattern.test(textOf(file)))
        .map((file) => `${file}: ${pattern.source}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has no import cycle: what a file needs at run time never needs that file', () => {
    const needs = new Map(files.map((file) => [file, runtimeImportsOf(file)]));
    // Files that need nothing which is left are taken away, until only cycles remain.
    for (let size = -1; size !== needs.size; ) {
      size = needs.size;
      for (const [file, imports] of needs) if (!imports.some((imported) => needs.has(imported))) needs.delete(file);
    }
    expect([...needs.keys()]).toEqual([]);
  });

  it('says in a sentence what each export is for', () => {
    const bare = own.flatMap((file) => {
      const lines = textOf(file).split('\n');
      return lines.flatMap((line, at) => {
        const isExport = /^export (?:async )?(?:const|function|class|interface|type \w|abstract)/.test(line);
        return isExport && !lines[at - 1]?.endsWith('*/') ? [`${file}:${at + 1}`] : [];
      });
    });
    expect(bare).toEqual([]);
  });

  it('names files in kebab-case and keeps each to one idea', () => {
    expect(files.filter((file) => !/^[a-z0-9/-]+\.tsx?$/.test(file))).toEqual([]);
    expect(own.filter((file) => textOf(file).split('\n').length > 450)).toEqual([]);
  });

  it('has a kit that names no noun', () => {
    const nouns = Object.keys(catalogue.nouns).join('|');
    const named = new RegExp(`['"](${nouns})['"]`);
    const wrong = files.filter((file) => file.startsWith('src/graph/') && named.test(textOf(file)));
    expect(wrong).toEqual([]);
  });
});
