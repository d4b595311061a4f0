// npm run executors: every operation of the whole suite through both executors, over the same answers of JumpServer; writes bench/EXECUTORS.md.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'jumpgraph-'));
const file = join(folder, 'lines');
writeFileSync(file, '');
const env = { ...process.env, COMPARE_EXECUTORS: file };
// Tests of budgets and of what was asked may fail here; only the comparison counts.
spawnSync('npx', ['vitest', 'run', '--reporter=dot', ...process.argv.slice(2)], { stdio: 'inherit', env });
const lines = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));
rmSync(folder, { recursive: true });
const compared = lines.filter(({ isCompared }) => isCompared);
const unequal = compared.filter(({ isEqual }) => !isEqual);
const shown = unequal.map(
  ({ text, one, other }) => `\`\`\`\n${text}\ncompiled:   ${one}\ngraphql-js: ${other}\n\`\`\``,
);
const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD']).stdout.toString().trim();
const head = `# The compiled executor beside graphql-js

Written by \`npm run executors\`; do not edit. Commit ${commit}: ${compared.length} operations of the test suite, ${compared.length - unequal.length} with the same
data, errors, nulls and order of fields. Not compared: ${lines.length - compared.length}, whose second run asked what JumpServer had not been asked in the first
(shared with operations beside it, or kept from earlier ones), and those that had run out of their time. CI compares 2,100 generated operations
(\`test/server/execute-generated.test.ts\`).
`;
writeFileSync('bench/EXECUTORS.md', [head, ...shown].join('\n'));
console.log(`${compared.length} of ${lines.length} compared, ${unequal.length} unequal: bench/EXECUTORS.md`);
process.exit(compared.length > 0 && unequal.length === 0 ? 0 : 1);
