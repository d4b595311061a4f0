// npm run supply-chain: licences of everything that ships, known vulnerabilities, and a CycloneDX SBOM (dist/sbom.json).
// Without a registry the audit is reported as not made; licences and SBOM come from the lock file and never need the network.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const ALLOWED =
  /^\(?(MIT|MIT-0|ISC|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|0BSD|BlueOak-1\.0\.0|CC0-1\.0|Unlicense|Python-2\.0)\b/;

const npm = (...parameters) => spawnSync('npm', parameters, { encoding: 'utf8', maxBuffer: 1 << 28 });

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const shipped = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
const foreign = shipped.filter(([, { license = 'none' }]) => !ALLOWED.test(license));
console.log(`licences: ${shipped.length} packages ship, ${foreign.length} to be looked at`);
for (const [path, { license = 'none' }] of foreign)
  console.log(`  ${path.replace(/^.*node_modules\//, '')}: ${license}`);

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
console.log(counts ? `audit: ${JSON.stringify(counts)}` : 'audit: not made, the registry does not answer');
process.exit(foreign.length > 0 || sbom.status !== 0 || (counts?.high ?? 0) + (counts?.critical ?? 0) > 0 ? 1 : 0);
