// npm run soak: a long run with faults, each answer compared with the sandbox's truth. Options: --operations, --users, --seed,
// --faults, --minutes, --write (keeps the result in docs/results/soak.json). Exits with 1 after a wrong answer, growing memory, open handles or many refusals.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { soak } from '../test/trust/soak/soak.ts';

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '200000' },
    users: { type: 'string', default: '64' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    faults: { type: 'string', default: '0.02' },
    minutes: { type: 'string', default: '30' },
    write: { type: 'boolean', default: false },
  },
});

const options = {
  operations: Number(values.operations),
  users: Number(values.users),
  seed: Number(values.seed),
  faults: Number(values.faults),
  reads: 1_500,
  longest: Number(values.minutes) * 60_000,
};
console.log(`soak: ${JSON.stringify(options)}`);
const result = await soak(options);
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
const report = { commit, node: process.version, options, ...result };
console.log(JSON.stringify(report, null, 2));
if (values.write) {
  mkdirSync('docs/results', { recursive: true });
  writeFileSync('docs/results/soak.json', `${JSON.stringify(report, null, 2)}\n`);
}
// The second measurement has every cache filled; what comes after may not grow by more than a third and 20 MB. In the end all is closed.
const [, filled = 0] = result.heap;
const [before = 0] = result.handles;
const failures = {
  'wrong answers': result.wrong.length > 0,
  'writes done twice': result.writes.twice > 0,
  'a growing heap': (result.heap.at(-1) ?? 0) > filled * 1.33 + 20,
  'handles left open': (result.handles.at(-1) ?? 0) > before,
  'more than 1 % of the answers refused': result.refused > result.reads / 100,
  'operations left out': result.operations !== options.operations,
};
const failed = Object.entries(failures).flatMap(([name, isSo]) => (isSo ? [name] : []));
if (failed.length > 0) {
  console.log(`FAILED: ${failed.join(', ')}`);
  process.exit(1);
}
