import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Node takes graphql's CommonJS entry, Vite its ES one; two copies in one process refuse each other's schemas.
  resolve: { alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }] },
  test: {
    // Tests that look at pages need a Chromium, which CI installs: npm run test:browser.
    include: ['test/**/*.test.ts', ...(process.env.JUMPGRAPH_BROWSER ? ['test/browser/**/*.browser.ts'] : [])],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // What is waited for comes at once on a quiet machine, and later on a busy one.
    expect: { poll: { timeout: 5_000 } },
    pool: 'threads',
  },
});
