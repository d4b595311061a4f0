import { expect, it } from 'vitest';
import { catalogue, type RefField } from '../../src/generated/catalogue.ts';
import { isObject, type JsonObject, loadExchanges, versions } from '../support/recordings.ts';

const nouns = Object.values(catalogue.nouns);

/** The noun whose rows a write's path answers; the addresses of categories answer assets. */
const nounOf = (path: string) => {
  const list = path.replace(/^\/api\/v1/, '').replace(/[0-9a-f-]{36}\/$/, '');
  const name = /^\/assets\/(hosts|databases|devices|clouds|webs|customs|directories|gpts)\/$/.test(list)
    ? '/assets/assets/'
    : list;
  return nouns.find((noun) => noun.path === name);
};

const rowsOf = (body: unknown) => (Array.isArray(body) ? body : [body]).filter(isObject);

const refsOf = (row: JsonObject, field: RefField) => {
  const value = row[field.from[0] ?? ''];
  return (Array.isArray(value) ? value : [value]).filter(isObject);
};

it.each(versions)('%s: related rows in the answer of a write hold what those in lists hold', (version) => {
  const writes = loadExchanges(version).filter(
    ({ request, response }) => /POST|PUT|PATCH/.test(request.method) && [200, 201].includes(response.status),
  );
  let checked = 0;
  for (const { name, request, response } of writes) {
    const noun = nounOf(request.path);
    if (!noun) continue;
    const refs = Object.values(noun.fields).filter((field) => field.kind === 'ref');
    for (const row of rowsOf(response.body)) {
      for (const field of refs) {
        for (const related of refsOf(row, field)) {
          const missing = field.embedded.filter((property) => !(property in related));
          expect({ name, field: field.from, missing }).toEqual({ name, field: field.from, missing: [] });
          checked += 1;
        }
      }
    }
  }
  expect(checked).toBeGreaterThan(10);
});
