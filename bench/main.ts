// npm run bench [-- --counts [--update]]
import { checkCounts } from './counts.ts';

if (process.argv.includes('--counts')) {
  const faults = await checkCounts(process.argv.includes('--update'));
  for (const fault of faults) console.log(`worse: ${fault}`);
  process.exit(faults.length === 0 ? 0 : 1);
}
const { runBench } = await import('./run.ts');
await runBench();
process.exit(0);
