// npm run supply-chain: licences of every package of the lock file, install scripts, known vulnerabilities, and a CycloneDX SBOM
// (dist/sbom.json). Licences and SBOM come from the lock file and never need the network; where the registry does not answer, the audit
// is said not to have been made: a fault with --require-audit, for a CI whose registry has advisories. Exits with 1 for a licence that
// nobody allowed, an SBOM that can't be made, or a grave vulnerability.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Licences that ask for no more than to be named. */
const ALLOWED = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Python-2.0',
  'Zlib',
]);

/** Licences of tools that run here and never ship, and why that is no harm. */
const ALLOWED_IN_DEVELOPMENT = {
  'Elastic-2.0':
    "Apollo's composer and gateway, which tests ask whether our subgraph composes; forbids to offer them as a service",
  'MPL-2.0':
    'axe-core and lightningcss, used unchanged by the tests and by vitest; asks for the source of changed files',
  'CC-BY-4.0': 'caniuse-lite, data that a build tool reads',
  'PSF-2.0': 'argparse, of a command line tool; permissive',
};

const npm = (...parameters) => spawnSync('npm', parameters, { encoding: 'utf8', maxBuffer: 1 << 28 });

/** Whether an SPDX expression leaves a choice that is allowed: one side of OR, every side of AND. */
const isAllowed = (expression, allowed) =>
  expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((name) => allowed.has(name)));

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const all = Object.entries(packages).filter(([path]) => path !== '');
const inDevelopment = new Set([...ALLOWED, ...Object.keys(ALLOWED_IN_DEVELOPMENT)]);
const foreign = all.filter(([, { license = 'none', dev }]) => !isAllowed(license, dev ? inDevelopment : ALLOWED));
const shipped = all.filter(([, { dev }]) => !dev);
console.log(
  `licences: ${shipped.length} packages ship, ${all.length - shipped.length} are tools; ${foreign.length} not allowed`,
);
for (const [path, { license = 'none', dev }] of foreign)
  console.log(`  ${path.replace(/^.*node_modules\//, '')}: ${license}${dev ? ' (development)' : ''}`);

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
const hooks = ['preinstall', 'install', 'postinstall', 'prepare'].filter((name) => name in scripts);
console.log(hooks.length === 0 ? 'install scripts: none of ours' : `install scripts: ${hooks.join(', ')}`);

const sbom = npm('sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only');
mkdirSync('dist', { recursive: true });
if (sbom.status === 0) writeFileSync('dist/sbom.json', sbom.stdout);
console.log(sbom.status === 0 ? 'SBOM: dist/sbom.json' : `SBOM: not made: ${sbom.stderr.slice(0, 300)}`);

const audit = npm('audit', '--omit', 'dev', '--json');
let counts;
try {
  counts = JSON.parse(audit.stdout).metadata?.vulnerabilities;
} catch {
  counts = undefined;
}
console.log(counts ? `audit: ${JSON.stringify(counts)}` : 'audit: NOT MADE, the registry does not answer');
const isGrave = (counts?.high ?? 0) + (counts?.critical ?? 0) > 0;
const isMissed = !counts && process.argv.includes('--require-audit');
process.exit(foreign.length > 0 || hooks.length > 0 || sbom.status !== 0 || isGrave || isMissed ? 1 : 0);
