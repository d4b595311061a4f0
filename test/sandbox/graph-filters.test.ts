import { describe, expect, it } from 'vitest';
import { catalogue, type Noun } from '../../src/generated/catalogue.ts';
import { RESOURCES } from '../../src/sandbox/catalogue.ts';

/** Labels are filtered in one place for all resources. */
const EVERYWHERE = ['labels'];

/** Query parameters that the graph sends to a noun's list: its filters, and the keys of rows that point to a parent. */
function paramsOf(noun: Noun): string[] {
  const own = Object.values(noun.filters).flatMap(({ param, range }) => (param && !range ? [param] : []));
  const reverse = Object.values(catalogue.nouns)
    .flatMap(({ fields }) => Object.values(fields))
    .flatMap((field) => (field.kind === 'reverse' && field.noun === noun.name ? [field.single] : []));
  return [...new Set([...own, ...reverse])];
}

/** Resources with rows of their own: a licensed one refuses everybody. */
const resources = RESOURCES.filter(({ fields }) => fields.length > 0);
const nouns = Object.values(catalogue.nouns).flatMap((noun) => {
  const resource = resources.find(({ path }) => `/${path}/` === noun.path);
  return resource ? [[noun.name, noun, resource] as const] : [];
});

describe('the sandbox obeys what the graph filters by: an ignored filter would answer everything', () => {
  it.each(nouns)('%s', (_name, noun, { filters = {} }) => {
    const lacking = paramsOf(noun).filter((name) => !(name in filters) && !EVERYWHERE.includes(name));
    expect(lacking).toEqual([]);
  });
});
