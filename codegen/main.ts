import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { Command } from 'commander';
import { staleFiles, writeFiles } from './check.ts';
import type { Document } from './contract-document.ts';
import { readSources } from './contract-sources.ts';
import { closestVersion, declaredDocument, driftBetween } from './drift.ts';
import { createGraphMap, generateAll, SOURCES } from './generate.ts';
import { pullDocument } from './pull.ts';
import type { RawDocument } from './upgrade.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface SourceOptions {
  readonly header?: readonly string[];
  readonly serverVersion?: string;
}

async function generate({ check }: { check?: boolean }): Promise<void> {
  const { files, report } = await generateAll(root);
  for (const name of report.idle) console.error(`repair "${name}" no longer changes anything: remove it`);
  if (!check) {
    console.log(`${writeFiles(root, files)} of ${files.length} generated files changed`);
    return;
  }
  const stale = staleFiles(root, files);
  for (const { diff } of stale) console.error(diff);
  if (stale.length === 0) return;
  console.error(`${stale.length} generated files are stale: run npm run codegen and commit the result.`);
  process.exitCode = 1;
}

/** Credentials come as headers (`-H "Authorization: Token …"`), or from the environment, which keeps them out of the process list. */
function headersOf({ header = [] }: SourceOptions): Record<string, string> {
  const own = process.env['JUMPSERVER_AUTHORIZATION'];
  const pairs = header.map((text) => {
    const at = text.indexOf(':');
    return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  });
  return { ...(own ? { Authorization: own } : {}), ...Object.fromEntries(pairs) };
}

function pulled(source: string, options: SourceOptions): Promise<RawDocument> {
  return pullDocument(source, { fetch, headers: headersOf(options) });
}

async function declaredSources(): Promise<Record<string, Document>> {
  const sources = Object.entries(readSources(join(root, SOURCES)));
  return Object.fromEntries(
    await Promise.all(sources.map(async ([version, raw]) => [version, await declaredDocument(raw)])),
  );
}

/** The version a fresh document stands beside: the one that was named, or the known one it resembles most. */
async function versionOf(raw: RawDocument, options: SourceOptions): Promise<string> {
  if (options.serverVersion) return options.serverVersion;
  const version = closestVersion(await declaredSources(), await declaredDocument(raw));
  if (!version) throw new Error('The document resembles no known version: name it with --server-version.');
  return version;
}

async function pull(source: string, options: SourceOptions): Promise<void> {
  const raw = await pulled(source, options);
  const version = await versionOf(raw, options);
  writeFileSync(join(root, SOURCES, `${version}.json.br`), brotliCompressSync(JSON.stringify(raw)));
  console.log(`kept the document of ${version} in ${SOURCES}`);
  const { files, report } = await generateAll(root);
  for (const { version: to, operation, from } of report.borrowed)
    console.log(`${to}: ${operation} is not documented there, taken from ${from}`);
  for (const { version: of, operation } of report.absent) console.log(`${of}: ${operation} does not exist there`);
  console.log(`${writeFiles(root, files)} of ${files.length} generated files changed`);
}

/** Exit code 1 for breaking changes, so that CI stops. */
async function drift(source: string, options: SourceOptions): Promise<void> {
  const raw = await pulled(source, options);
  const version = await versionOf(raw, options);
  const known = (await declaredSources())[version];
  if (!known) throw new Error(`${version} is not known: pull its document first.`);
  const found = driftBetween(known, await declaredDocument(raw), createGraphMap(root));
  for (const { severity, where, what } of found) console.log(`${severity}: ${where}: ${what}`);
  const breaking = found.filter(({ severity }) => severity === 'breaking').length;
  console.log(`${breaking} breaking of ${found.length} differences from ${version}`);
  if (breaking > 0) process.exitCode = 1;
}

const program = new Command('codegen').description('Generates contracts, catalogue, public SDL and their types.');
const withSource = (command: Command): Command =>
  command
    .argument('<source>', "a server's address (https://jms.example/api/docs/) or a file")
    .option('-H, --header <line...>', 'header to send, e.g. "Authorization: Token …"; or set JUMPSERVER_AUTHORIZATION')
    .option('--server-version <version>', 'version of the server; the most similar known one unless given');
program
  .option('--check', 'write nothing; fail with a diff when a generated file is stale')
  .action((options: { check?: boolean }) => generate(options));
withSource(program.command('pull').description("keep a server's API document and generate everything from it")).action(
  pull,
);
withSource(program.command('drift').description('say what a changed API document means for the graph')).action(drift);

program.parseAsync().catch((error: unknown) => {
  const known = error instanceof Error && (error.name === 'SourceError' || error.name === 'PullError');
  console.error(known ? (error as Error).message : error);
  process.exitCode = 1;
});
