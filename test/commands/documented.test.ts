import { readFileSync } from 'node:fs';
import { parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { parseRules } from '../../src/commands/watch-rules.ts';
import { parseFailOn } from '../../src/reports/fail-on.ts';
import { graphSchema } from '../support/recorded-graph.ts';

const text = readFileSync(new URL('../../docs/access-and-reports.md', import.meta.url), 'utf8');
const blocks = (language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, block = '']) => block);

it('the operations in the manual are valid', () => {
  const found = blocks('graphql');
  expect(found.length).toBeGreaterThan(1);
  for (const block of found) expect(validate(graphSchema(), parse(block)).map(({ message }) => message)).toEqual([]);
});

it('the rules and conditions in the manual are understood', () => {
  expect(blocks('yaml').map((block) => parseRules(block).rules.length)).toEqual([5]);
  const conditions = [...text.matchAll(/--fail-on (\S+)/g)].map(([, words = '']) => words.replace(/`$/, ''));
  expect(conditions.filter((words) => words !== '').flatMap((words) => parseFailOn(words)).length).toBeGreaterThan(2);
});
