import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGraph, type TestGraph } from '../support/graph.ts';

/** Debian's Chromium; nothing is downloaded by the driver. */
const EXECUTABLE = '/usr/bin/chromium';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const NAMES = [
  'permission-audit',
  'session-statistics',
  'login-statistics',
  'command-risks',
  'account-hygiene',
  'asset-inventory',
  'overview',
];
const WITH_CHARTS = ['permission-audit', 'session-statistics', 'login-statistics', 'command-risks', 'asset-inventory'];

let graph: TestGraph;
let browser: Browser;
beforeAll(async () => {
  graph = await startGraph({ sandboxOptions: { sessions: 2000 } });
  browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
});
afterAll(async () => {
  await browser?.close();
  await graph.close();
});

/** A page, everything it asked for and everything it complained of. */
interface Visit {
  readonly page: Page;
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
}

async function visit(name: string, colorScheme: 'light' | 'dark' = 'light'): Promise<Visit> {
  const extraHTTPHeaders = { authorization: 'Bearer sandbox-admin' };
  const page = await browser.newPage({ extraHTTPHeaders, colorScheme, viewport: { width: 1200, height: 900 } });
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${graph.url}/reports/${name}.html`);
  return { page, requests, complaints };
}

describe('the page of a report', () => {
  it.each(NAMES)('%s asks for nothing but itself, complains of nothing and passes axe', async (name) => {
    const { page, requests, complaints } = await visit(name);
    expect(requests).toEqual([`${graph.url}/reports/${name}.html`]);
    const found = await page.evaluate(
      `${AXE}; axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
    );
    expect([found, complaints]).toEqual([[], []]);
    await page.close();
  });

  it.each(WITH_CHARTS)('%s draws its charts, and names them for those who do not see them', async (name) => {
    const { page } = await visit(name);
    const charts = page.getByRole('img', { name: /^(Bar|Line) chart: .+ by .+/ });
    expect(await charts.count()).toBeGreaterThan(0);
    for (const chart of await charts.all()) {
      const box = await chart.boundingBox();
      expect([(box?.width ?? 0) > 500, (box?.height ?? 0) > 150]).toEqual([true, true]);
      expect(await chart.locator('svg path').count()).toBeGreaterThan(3);
      const labels = await chart.locator('svg text').all();
      const lefts = await Promise.all(labels.map(async (label) => (await label.boundingBox())?.x ?? 0));
      expect(Math.min(...lefts)).toBeGreaterThanOrEqual((box?.x ?? 0) - 1);
    }
    await page.close();
  });

  it('can be read with the keyboard alone: contents first, then each table', async () => {
    const { page } = await visit('permission-audit');
    const stops: string[] = [];
    for (let press = 0; press < 40; press += 1) {
      await page.keyboard.press('Tab');
      stops.push(
        await page.evaluate(
          'document.activeElement.getAttribute("href") ?? document.activeElement.getAttribute("aria-label") ?? ""',
        ),
      );
    }
    expect(stops.slice(0, 2)).toEqual(['#expired', '#expiring']);
    expect(stops).toContain('Expired');
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Permission audit');
    await page.close();
  });

  it('follows light and dark', async () => {
    const papers = await Promise.all(
      (['light', 'dark'] as const).map(async (scheme) => {
        const { page } = await visit('session-statistics', scheme);
        const paper = await page.evaluate('getComputedStyle(document.body).backgroundColor');
        const line = await page.evaluate(
          `getComputedStyle([...document.querySelectorAll('figure svg path')].find((path) => getComputedStyle(path).stroke !== 'none')).stroke`,
        );
        await page.close();
        return { paper, line };
      }),
    );
    expect(papers[0]?.paper).not.toBe(papers[1]?.paper);
    expect(papers[0]?.line).not.toBe(papers[1]?.line);
  });

  it.each(NAMES)('%s fits on paper: nothing is cut off at the width of A4', async (name) => {
    const { page } = await visit(name);
    // 210 mm less two margins of 14 mm, at 96 dots an inch.
    await page.setViewportSize({ width: 688, height: 1000 });
    await page.emulateMedia({ media: 'print' });
    const [needed, there] = (await page.evaluate(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    )) as [number, number];
    expect(needed).toBeLessThanOrEqual(there);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await page.close();
  });
});
