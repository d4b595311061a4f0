import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mutations } from './inputs.ts';

const MODULES = new URL('../modules/', import.meta.url);

/** Named in test/modules/automation-members.test.ts by words put together. */
const PUT_TOGETHER = /^(addTo|removeFrom)(GatherAccount|PushAccount|ChangeSecret|CheckAccount)$/;

/** What the tests of the modules name: words, and the three writes of each noun that `describePlainWrites` shows. */
function namesInTests(): ReadonlySet<string> {
  const texts = readdirSync(MODULES).map((file) => readFileSync(new URL(file, MODULES), 'utf8'));
  const plain = texts.flatMap((text) => [...text.matchAll(/\bnoun: '(\w+)'/g)].map(([, noun]) => noun ?? ''));
  const words = texts.flatMap((text) => text.match(/\b[a-z]\w+\b/g) ?? []);
  return new Set([...words, ...plain.flatMap((noun) => [`create${noun}`, `update${noun}`, `delete${noun}`])]);
}

it('every mutation has a test in test/modules: what it does when it is not refused stands there', () => {
  const names = namesInTests();
  const unnamed = mutations.filter(({ name }) => !names.has(name) && !PUT_TOGETHER.test(name));
  expect(unnamed.map(({ name }) => name)).toEqual([]);
});
