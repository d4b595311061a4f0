import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { registerCommands } from '../../src/commands/register.ts';
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

it('the commands in the manual exist, with every option', () => {
  const program = new Command();
  registerCommands(program, { openSource: () => Promise.reject(new Error('nothing is run here')) });
  const lines = [...blocks('sh'), ...blocks('cron')].flatMap((block) => block.split('\n'));
  const commands = lines.flatMap((line) => /(?<=\bjumpgraph ).*/.exec(line) ?? []);
  expect(commands.length).toBeGreaterThan(5);
  for (const line of commands) {
    const words = line.split(/\s+/);
    const first = program.commands.find((command) => command.name() === words[0]);
    const found = first?.commands.find((command) => command.name() === words[1]) ?? first;
    const known = found?.options.map(({ long }) => long) ?? [];
    expect([line, words.filter((word) => word.startsWith('--') && !known.includes(word))]).toEqual([line, []]);
  }
});

it('the rules and conditions in the manual are understood', () => {
  expect(blocks('yaml').map((block) => parseRules(block).rules.length)).toEqual([5]);
  const conditions = [...text.matchAll(/--fail-on (\S+)/g)].map(([, words = '']) => words.replace(/`$/, ''));
  expect(conditions.filter((words) => words !== '').flatMap((words) => parseFailOn(words)).length).toBeGreaterThan(2);
});
