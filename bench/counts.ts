// npm run bench -- --counts: calls and bytes of each reference query, in this process, against bench/counts.json. No times.
import { readFile, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { createRestClient } from './competitors/rest.ts';
import { askGraphql } from './measure.ts';
import { ownQueries, queries, queryNames } from './queries.ts';
import { startCounting } from './upstream/counting.ts';

/** What one query costs JumpServer. */
export interface Count {
  readonly calls: number;
  readonly bytes: number;
}

const FILE = new URL('counts.json', import.meta.url);
/** Bytes may grow by this much before it is a regression: another company of the sandbox has other names. */
const TOLERANCE = 1.02;

/** Counts all queries and compares them with the committed counts; answers the faults. `update` writes the counts instead. */
export async function checkCounts(update: boolean): Promise<readonly string[]> {
  const counted = await countAll();
  if (update) {
    await writeFile(FILE, `${JSON.stringify(counted.counts, null, 2)}\n`);
    return counted.faults;
  }
  const committed = JSON.parse(await readFile(FILE, 'utf8')) as Record<string, Count>;
  return [
    ...counted.faults,
    ...Object.entries(counted.counts).flatMap(([name, now]) => compare(name, now, committed[name])),
  ];
}

function compare(name: string, now: Count, before: Count | undefined): string[] {
  if (!before) return [`${name}: not in bench/counts.json; run npm run bench -- --counts --update`];
  const calls = now.calls > before.calls ? [`${name}: ${now.calls} calls, ${before.calls} before`] : [];
  const bytes = now.bytes > before.bytes * TOLERANCE ? [`${name}: ${now.bytes} bytes, ${before.bytes} before`] : [];
  return [...calls, ...bytes];
}

async function countAll(): Promise<{ counts: Record<string, Count>; faults: string[] }> {
  const upstream = await startCounting();
  const client = createRestClient(upstream.jumpserver, 'sandbox-admin');
  const ask = askGraphql(upstream.graph, 'sandbox-admin');
  const askOwn = askGraphql(upstream.graph, 'sandbox-admin', {
    textOf: (name) => ownQueries[name as keyof typeof ownQueries].text,
  });
  const counts: Record<string, Count> = {};
  const faults: string[] = [];
  await ask('small');
  for (const name of queryNames) {
    const [data, own] = await upstream.count(() => ask(name));
    const [wanted, best] = await upstream.count(() => client[name]());
    counts[name] = own;
    console.log(
      `${name.padEnd(12)}${own.calls} calls, ${own.bytes} bytes; by hand ${best.calls}, ${best.bytes}   ${queries[name].title}`,
    );
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(wanted)), data)) faults.push(`${name}: not the client's answer`);
    if (own.calls > best.calls + 1) faults.push(`${name}: ${own.calls} calls, the client makes ${best.calls}`);
    if (own.bytes > best.bytes * 1.1) faults.push(`${name}: ${own.bytes} bytes, the client reads ${best.bytes}`);
  }
  for (const [name, { title }] of Object.entries(ownQueries)) {
    const [, own] = await upstream.count(() => askOwn(name as never));
    counts[name] = own;
    console.log(`${name.padEnd(12)}${own.calls} calls, ${own.bytes} bytes   ${title}`);
  }
  await upstream.close();
  return { counts, faults };
}
