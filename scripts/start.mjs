// npm start: builds when the sources have changed, then serves. npm run jumpgraph -- <command> runs any other command.
import { chdir } from 'node:process';
import { fileURLToPath } from 'node:url';
import { isFresh } from './freshness.mjs';

chdir(fileURLToPath(new URL('..', import.meta.url)));
if (!(await isFresh())) await import('./build.mjs');
const [, , mode, ...rest] = process.argv;
process.argv = [process.argv[0], 'dist/cli.js', ...(mode === 'cli' ? rest : ['serve', ...process.argv.slice(2)])];
await import('../dist/cli.js');
