import { expect, test } from 'vitest';
import { detailAnswers, listAnswers, loadChoices, loadExchanges, loadSnapshot, versions } from './recordings.ts';

test('every version has its exchanges and its rows', () => {
  expect(
    versions.map((version) => [version, loadExchanges(version).length, loadSnapshot(version).users?.length]),
  ).toEqual([
    ['3.10.23', 807, 61],
    ['4.9.0', 807, 61],
    ['4.10.16', 910, 61],
    ['4.10.19', 896, 61],
  ]);
});

test('reads of a list and of its rows are found by path', () => {
  const [first] = listAnswers('4.10.19', '/users/groups/');
  expect(first).toMatchObject({ name: 'list user_groups', query: { limit: 3 }, auth: 'private_token' });
  expect(first?.rows).toHaveLength(3);
  expect(detailAnswers('4.10.19', '/users/groups/{id}/').map(({ rows }) => rows.length)).toContain(1);
});

test('choices come from the field metadata', () => {
  expect(loadChoices('4.10.19', '/users/users/').mfa_level?.map(({ value }) => value)).toEqual([0, 1, 2]);
  expect(loadChoices('3.10.23', '/users/users/')).toEqual({});
});
