// Makes docs/report.png, the picture of a report in the README: npm run picture. Needs Debian's chromium.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const file = join(mkdtempSync(join(tmpdir(), 'jumpgraph-')), 'report.html');
const { status } = spawnSync(
  process.execPath,
  ['scripts/start.mjs', 'cli', 'report', 'login-statistics', '--format', 'html', '--out', file],
  { stdio: 'inherit' },
);
if (status !== 0) process.exit(1);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1100, height: 900 }, deviceScaleFactor: 1.5 });
await page.setContent(readFileSync(file, 'utf8'));
writeFileSync('docs/report.png', await page.screenshot());
await browser.close();
