import { expect, it } from 'vitest';
import { createSeal } from '../../src/graph/seal.ts';

it('opens what it has closed, until it expires', () => {
  let now = 1_000_000;
  const seal = createSeal({ now: () => now });
  const handle = seal.close({ cookie: 'jms_sessionid=abc' }, 60);
  now += 59_999;
  expect(seal.open(handle)).toMatchObject({ cookie: 'jms_sessionid=abc' });
  now += 1;
  expect(seal.open(handle)).toBeUndefined();
});

it('shows nothing of what it holds, and no two handles are alike', () => {
  const seal = createSeal();
  const handles = [seal.close({ cookie: 'secret' }, 60), seal.close({ cookie: 'secret' }, 60)];
  expect(handles[0]).not.toBe(handles[1]);
  for (const handle of handles) expect(Buffer.from(handle, 'base64url').toString('latin1')).not.toContain('secret');
});

it('opens nothing that was changed anywhere', () => {
  const seal = createSeal();
  const bytes = Buffer.from(seal.close({ cookie: 'secret' }, 60), 'base64url');
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(seal.open(changed.toString('base64url'))).toBeUndefined();
  }
});

it.each(['', 'x', 'no handle at all', Buffer.alloc(28).toString('base64url'), '🔑'])('opens no %j', (handle) => {
  expect(createSeal().open(handle)).toBeUndefined();
});

it('two processes with the same key open each other’s handles, others do not', () => {
  const handle = createSeal({ key: 'shared' }).close({ level: 'mfa' }, 60);
  expect(createSeal({ key: 'shared' }).open(handle)).toMatchObject({ level: 'mfa' });
  expect(createSeal({ key: 'other' }).open(handle)).toBeUndefined();
  expect(createSeal().open(handle)).toBeUndefined();
});
