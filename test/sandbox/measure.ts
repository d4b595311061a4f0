/** `npx tsx test/sandbox/measure.ts`: how long companies take to make, what they weigh, how fast they answer a page. */
import { createSandbox, type SandboxOptions } from '../../src/sandbox/index.ts';

const SIZES: readonly SandboxOptions[] = [{}, { assets: 50_000, users: 2000, sessions: 1_000_000 }];
const PAGES = [
  'users/users/?limit=100',
  'assets/assets/?limit=100',
  'assets/hosts/?limit=100',
  'accounts/accounts/?limit=100',
  'perms/asset-permissions/?limit=100&format=json',
  'perms/users/self/assets/?limit=100',
  'terminal/sessions/?limit=100',
  'terminal/sessions/?limit=100&offset=400',
  'audits/login-logs/?limit=100',
];
const ROUNDS = 15;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const megabytes = (): number => Math.round(process.memoryUsage().rss / 1e6);

for (const size of SIZES) {
  const started = performance.now();
  const sandbox = createSandbox({ throttle: false, ...size });
  print(`${JSON.stringify(size)}: made in ${Math.round(performance.now() - started)} ms, ${megabytes()} MB`);
  for (const page of PAGES) {
    const times: number[] = [];
    for (let i = 0; i < ROUNDS; i += 1) {
      const at = performance.now();
      const request = new Request(`http://sandbox.test/api/v1/${page}`, {
        headers: { authorization: 'Bearer sandbox-admin' },
      });
      await (await sandbox.fetch(request)).text();
      times.push(performance.now() - at);
    }
    const [first = 0] = times;
    const median = times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
    print(`  ${page.padEnd(50)} first ${first.toFixed(1)} ms, median ${median.toFixed(1)} ms`);
  }
  print(`  ${megabytes()} MB after that`);
}
