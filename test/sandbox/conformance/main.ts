/** `npm run sandbox:conformance -- [--version X] [--permute SEED] [--verbose]`: exits with 1 when a promise is broken. */
import { parseArgs } from 'node:util';
import { loadExchanges, loadSnapshot, versions } from '../../support/recordings.ts';
import { permute } from './permute.ts';
import { type Outcome, replay } from './replay.ts';
import { brokenPromises, toScore, toTable } from './score.ts';
import { openSandbox } from './server.ts';

const { values: options } = parseArgs({
  options: { version: { type: 'string' }, permute: { type: 'string' }, verbose: { type: 'boolean', default: false } },
});

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const printOutcome = (outcome: Outcome): void => {
  if (outcome.excluded !== undefined) print(`  left out  ${outcome.name}: ${outcome.excluded}`);
  else if (!outcome.values) {
    const level = outcome.shape ? 'values' : outcome.status ? 'shape ' : 'status';
    print(`  ${level}    ${outcome.name} (${outcome.request})`);
    for (const reason of outcome.reasons.slice(0, options.verbose ? 12 : 1)) print(`              ${reason}`);
  }
};

const playVersion = async (version: (typeof versions)[number]): Promise<Outcome[]> => {
  const recorded = { version, exchanges: loadExchanges(version), snapshot: loadSnapshot(version) };
  const recording = options.permute === undefined ? recorded : permute(recorded, Number(options.permute));
  return replay(recording, openSandbox(recording));
};

const scores = new Map<string, ReturnType<typeof toScore>>();
for (const version of versions) {
  if (options.version !== undefined && options.version !== version) continue;
  const outcomes = await playVersion(version);
  print(version);
  outcomes.forEach(printOutcome);
  scores.set(version, toScore(outcomes));
}
print(`\n${toTable(scores)}`);
const broken = [...scores].flatMap(([version, score]) => brokenPromises(score).map((line) => `${version}: ${line}`));
broken.forEach(print);
process.exitCode = broken.length > 0 || scores.size === 0 ? 1 : 0;
