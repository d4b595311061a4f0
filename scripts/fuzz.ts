// npm run fuzz: generated operations and broken HTTP requests against the real server over a sandbox. Options: --operations,
// --requests, --seed, --write (keeps the result in docs/results/fuzz.json). Exits with 1 after any failure of ours.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fuzz } from '../test/trust/fuzz/fuzz.ts';

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '20000' },
    requests: { type: 'string', default: '5000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    write: { type: 'boolean', default: false },
  },
});
const options = { operations: Number(values.operations), requests: Number(values.requests), seed: Number(values.seed) };
console.log(`fuzz: ${JSON.stringify(options)}`);
const started = performance.now();
const result = await fuzz(options);
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
const report = { commit, node: process.version, ...result, seconds: Math.round((performance.now() - started) / 1000) };
console.log(JSON.stringify(report, null, 2));
if (values.write) {
  mkdirSync('docs/results', { recursive: true });
  writeFileSync('docs/results/fuzz.json', `${JSON.stringify(report, null, 2)}\n`);
}
// Half way through 20,000 operations the caches of documents are full; a leak would go on growing.
const isGrowing = options.operations >= 20_000 && (result.heap.at(-1) ?? 0) > (result.heap[4] ?? 0) * 1.2 + 20;
if (isGrowing) console.log('FAILED: the heap grows');
if (result.faults.length > 0 || isGrowing) process.exit(1);
