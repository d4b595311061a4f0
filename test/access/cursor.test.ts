import { expect, test } from 'vitest';
import type { AccessPair } from '../../src/access/check.ts';
import { fromPairCursor, toPairCursor } from '../../src/access/cursor.ts';

const pair = { user: { id: 'u' }, asset: { id: 'a' } } as AccessPair;

test('a cursor names its pair, whatever the order of the filter words', () => {
  const cursor = toPairCursor({ user: 'u', action: 'share', at: undefined }, pair);
  expect(fromPairCursor({ action: 'share', user: 'u' }, cursor)).toEqual({ user: 'u', asset: 'a' });
});

test('a cursor of another filter is refused', () => {
  const cursor = toPairCursor({ user: 'u' }, pair);
  expect(() => fromPairCursor({ user: 'v' }, cursor)).toThrow(expect.objectContaining({ code: 'BAD_CURSOR' }));
});

test.each(['', 'hello', 'bnVsbA', 'WzEsMiwzXQ'])('%j is no cursor', (cursor) => {
  expect(() => fromPairCursor({}, cursor)).toThrow(expect.objectContaining({ code: 'BAD_CURSOR' }));
});
