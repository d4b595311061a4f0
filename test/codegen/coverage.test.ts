import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CoveredOperation,
  countsOf,
  coverageOf,
  toCoveragePage,
  unwitnessedNouns,
} from '../../codegen/coverage.ts';
import { ownDocuments } from '../../codegen/generate.ts';
import { catalogue } from '../../src/generated/catalogue.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the table of coverage', () => {
  let covered: CoveredOperation[];
  beforeAll(async () => {
    const sdl = readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8');
    covered = coverageOf(await ownDocuments(root), catalogue, sdl);
  });

  const find = (verb: string, path: string) => covered.find((one) => one.verb === verb && one.path === path);

  it('is the committed page', () => {
    const page = readFileSync(new URL('../../docs/coverage.md', import.meta.url), 'utf8');
    const versions = ['3.10.23', '4.9.0', '4.10.16', '4.10.19'];
    expect(page === toCoveragePage(covered, unwitnessedNouns(catalogue, versions)).text).toBe(true);
  });

  it('has every operation of both documents once, PUT counted as PATCH', () => {
    const keys = covered.map(({ verb, path }) => `${verb} ${path.replace(/\{[^}]*\}/g, '{}')}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => key.startsWith('PUT '))).toEqual([]);
    expect(countsOf(covered)).toMatchObject({ all: 819 });
  });

  it('finds the field of a list, of a row, of a relation, of a part and of a write', () => {
    expect(find('GET', '/assets/assets/')?.fields).toEqual(['Query.assets']);
    expect(find('GET', '/users/users/{id}/')?.fields).toEqual(['Query.user']);
    expect(find('GET', '/tickets/comments/')?.fields).toEqual(['Ticket.comments']);
    expect(find('GET', '/assets/hosts/')?.fields).toEqual(['Asset.host']);
    expect(find('POST', '/perms/asset-permissions/')?.fields).toContain('Mutation.grantPermission');
    expect(find('GET', '/assets/labels/')?.fields).toEqual(['Query.labels', 'Query.label']);
  });

  it('leaves out only what is not for people', () => {
    expect(find('GET', '/assets/nodes/children/tree/')?.reason).toBe(
      'a tree for UI widgets; the tree is served by `assetNodes`',
    );
    expect(find('POST', '/terminal/terminal-registrations/')?.reason).toBe('component-only (named in graph.md §8)');
    expect(countsOf(covered).leftOut).toBeLessThan(113);
    expect(find('POST', '/terminal/sessions/')?.reason).toBeUndefined();
  });

  it('counts what JumpServer gives nobody, or components alone, as open, and says so', () => {
    expect(find('POST', '/terminal/sessions/')).toMatchObject({
      fields: [],
      obstacle: expect.stringContaining('components'),
    });
    expect(find('PATCH', '/tickets/tickets/{id}/')).toMatchObject({
      fields: [],
      obstacle: expect.stringContaining('405'),
    });
    const open = covered.filter(({ fields, reason }) => fields.length === 0 && reason === undefined);
    expect(covered.filter(({ obstacle }) => obstacle !== undefined).every((one) => open.includes(one))).toBe(true);
  });

  it('names the types whose rows no recording shows', () => {
    const unwitnessed = unwitnessedNouns(catalogue, ['3.10.23', '4.9.0', '4.10.16', '4.10.19']);
    expect(unwitnessed).toContain('AccountRisk');
    expect(unwitnessed).toContain('OnlineUser');
    expect(unwitnessed).not.toContain('Zone');
    expect(unwitnessed).not.toContain('ApplyAssetTicket');
    const promises = unwitnessed.flatMap((name) =>
      Object.entries(catalogue.nouns[name]?.fields ?? {}).flatMap(([field, known]) =>
        'required' in known && known.required && !catalogue.nouns[name]?.variantOf ? [`${name}.${field}`] : [],
      ),
    );
    expect(promises).toEqual([]);
  });

  it('says of an operation that nobody serves that it is open', () => {
    const open = covered.filter(({ fields, reason }) => fields.length === 0 && reason === undefined);
    const { all, leftOut, served } = countsOf(covered);
    expect(open.length).toBe(all - leftOut - served);
  });
});
