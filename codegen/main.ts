import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { type GeneratedFile, staleFiles, writeFiles } from './check.ts';
import { generateAll } from './generate.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

async function generate(options: { check?: boolean }): Promise<void> {
  const files: GeneratedFile[] = await generateAll(root);
  if (!options.check) {
    console.log(`${writeFiles(root, files)} of ${files.length} generated files changed`);
    return;
  }
  const stale = staleFiles(root, files);
  for (const file of stale) console.error(file.diff);
  if (stale.length > 0) {
    console.error(`${stale.length} generated files are stale: run npm run codegen and commit the result.`);
    process.exitCode = 1;
  }
}

const program = new Command('codegen').description(
  'Generates the catalogue, the public SDL, the contract and their types.',
);
program
  .option('--check', 'write nothing; fail with a diff when a generated file is stale')
  .action((options: { check?: boolean }) => generate(options));

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error && error.name === 'SourceError' ? error.message : error);
  process.exitCode = 1;
});
