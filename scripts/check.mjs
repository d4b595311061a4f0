// npm run check: everything that must hold before a change lands. Runs every step even when one fails, and ends with
// the line that CI reads: "N passed, N failed" (tests, and one for each other step that failed).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'jumpgraph-'));
const report = join(folder, 'tests.json');

const steps = {
  types: ['tsc', '--noEmit'],
  lint: ['biome', 'check', '--error-on-warnings'],
  'generated files': ['tsx', 'codegen/main.ts', '--check'],
  package: ['npm', 'pack', '--dry-run', '--silent'],
  'calls and bytes': ['tsx', 'bench/main.ts', '--counts'],
  'supply chain': ['node', 'scripts/supply-chain.mjs'],
  tests: ['vitest', 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`],
};

const bin = new URL('../node_modules/.bin', import.meta.url).pathname;
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };

const run = ([name, [command, ...parameters]]) => {
  const started = Date.now();
  const { status } = spawnSync(command, parameters, { stdio: ['ignore', 'inherit', 'inherit'], env });
  console.log(`${status === 0 ? 'ok' : 'FAILED'}: ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  return status === 0 ? [] : [name];
};

const readReport = () => {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, success: false };
  }
};

const failedSteps = Object.entries(steps).flatMap(run);
const { numPassedTests, numFailedTests } = readReport();
rmSync(folder, { recursive: true });
// A test run that failed without a failed test (a file that could not be loaded) still counts.
const others = failedSteps.filter((name) => name !== 'tests' || numFailedTests === 0);
if (failedSteps.length > 0) console.log(`failed: ${failedSteps.join(', ')}`);
console.log(`${numPassedTests} passed, ${numFailedTests + others.length} failed`);
process.exit(failedSteps.length === 0 && numPassedTests > 0 ? 0 : 1);
