import { describe, expect, test } from 'vitest';
import { startSandbox } from './ask.ts';

describe('pages', () => {
  const { get } = startSandbox();

  test('a list with a limit is an envelope', async () => {
    const { body } = await get('assets/assets/?limit=3&fields=id,name');
    expect(body.count).toBe(212);
    expect(body.previous).toBeNull();
    expect(body.next).toBe('http://sandbox.test/api/v1/assets/assets/?fields=id%2Cname&limit=3&offset=3');
    expect(body.results.map(({ name }: { name: string }) => name)).toEqual(['app-0000', 'app-0001', 'app-0002']);
  });

  test('a list without a limit is an array cut at 200', async () => {
    const { body } = await get('accounts/accounts/?fields=id');
    expect(body).toHaveLength(200);
  });

  test('a limit above the maximum is capped in silence', async () => {
    const { body } = await get('accounts/accounts/?limit=5000&fields=id');
    expect(body.results).toHaveLength(424);
    expect((await get('terminal/sessions/?limit=5000&fields=id')).body.results).toHaveLength(500);
  });

  test('an offset past the end is an empty page that leads back', async () => {
    const { body } = await get('users/users/?limit=10&offset=99999');
    expect(body).toMatchObject({ count: 60, next: null, results: [] });
    expect(body.previous).toBe('http://sandbox.test/api/v1/users/users/?limit=10&offset=99989');
  });

  test('platforms are not cut and need no limit', async () => {
    expect((await get('assets/platforms/')).body).toHaveLength(26);
  });
});

describe('servers before 4.10.8', () => {
  const { get } = startSandbox({ version: '4.9.0' });

  test('do not cut a list without a limit', async () => {
    expect((await get('accounts/accounts/?fields=id')).body).toHaveLength(424);
  });

  test('ignore q but know search', async () => {
    expect((await get('users/users/?limit=1&q=auditor')).body.count).toBe(60);
    expect((await get('users/users/?limit=1&search=auditor')).body.count).toBe(1);
  });
});
