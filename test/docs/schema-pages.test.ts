import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

const FOLDER = 'docs/schema';
const pages = readdirSync(FOLDER).map((file) => ({ file, text: readFileSync(join(FOLDER, file), 'utf8') }));
const examples = pages.flatMap(({ file, text }) =>
  [...text.matchAll(/```graphql\n([^`]+)```/g)].map(([, query]) => [file, query ?? ''] as const),
);

/** A Community server lacks what needs a licence, and refuses jobs unless they are switched on (api.md §5.17). */
const REFUSED_BY_COMMUNITY = new Set(['UNSUPPORTED_BY_SERVER', 'FORBIDDEN']);

it('there is a page with an example for every noun that has a list', () => {
  expect(examples.length).toBeGreaterThan(10);
});

describe.each(SANDBOX_VERSIONS)('the examples of the reference pages, on JumpServer %s', (version) => {
  let graph: TestGraph;
  beforeAll(async () => {
    graph = await startGraph({ version });
    await graph.query('{ serverInfo { version } }');
  });
  afterAll(() => graph.close());

  it.each(examples)('%s', async (_, query) => {
    const { errors, extensions } = await graph.query(query);
    const others = (errors ?? []).filter((error) => !REFUSED_BY_COMMUNITY.has(error.extensions.code));
    expect(others).toEqual([]);
    expect(extensions.upstream.calls).toBeLessThanOrEqual(4);
  });
});

it('every link between the pages leads somewhere', () => {
  const files = new Set(pages.map(({ file }) => file));
  const anchors = new Set(
    [...(pages.find(({ file }) => file === 'types.md')?.text.matchAll(/^## (\w+)$/gm) ?? [])].map(([, name]) =>
      String(name).toLowerCase(),
    ),
  );
  const lost = pages.flatMap(({ file, text }) =>
    [...text.matchAll(/\]\(([a-z0-9-]+\.md)(?:#(\w+))?\)/g)]
      .filter(([, target = '', anchor]) => !files.has(target) || (anchor !== undefined && !anchors.has(anchor)))
      .map(([whole]) => `${file}: ${whole}`),
  );
  expect(lost).toEqual([]);
});
