// npm start: builds when the sources have changed, then serves. npm run jumpgraph -- <command> runs any other command.
import { readFileSync } from 'node:fs';
import { chdir, exit, versions } from 'node:process';
import { fileURLToPath } from 'node:url';
import { isFresh } from './freshness.mjs';

chdir(fileURLToPath(new URL('..', import.meta.url)));
refuseOldNode();
if (!(await isFresh())) await import('./build.mjs');
const [, , mode, ...rest] = process.argv;
process.argv = [process.argv[0], 'dist/cli.js', ...(mode === 'cli' ? rest : ['serve', ...process.argv.slice(2)])];
await import('../dist/cli.js');

/** An older Node fails somewhere inside a package, with a message about something else. */
function refuseOldNode() {
  const least = JSON.parse(readFileSync('package.json', 'utf8')).engines.node.replace('>=', '');
  if (versions.node.localeCompare(least, 'en', { numeric: true }) >= 0) return;
  console.error(`Jumpgraph needs Node ${least} or newer; this is Node ${versions.node}.`);
  exit(2);
}
