import { describe, expect, test } from 'vitest';
import type { Credentials } from '../../src/upstream/index.ts';
import { administrator, createStage, ordinaryUser, replay } from './support/server.ts';

const send = async (credentials: Credentials, options = {}) => {
  const stage = createStage('4.10.16', undefined, { version: '4.10.16', ...options });
  const session = stage.upstream.session({ credentials });
  const error: unknown = await session.api.GET('/users/users/').then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const [first] = stage.seen;
  const header = (name: string) => first?.headers.get(name) ?? undefined;
  return { error, header, sent: stage.sent(), principal: session.principal };
};

describe('what is passed on', () => {
  test.each([
    'Bearer abcdefghijklmnopqrstuvwxyzabcdefghij',
    'Token 0123456789012345678901234567890123456789',
  ])('%s', async (authorization) => {
    const { header } = await send({ authorization });
    expect(header('authorization')).toBe(authorization);
    expect(header('cookie')).toBeUndefined();
  });

  test("of the cookies only JumpServer's own two, with its own origin and the CSRF token", async () => {
    const { header, error } = await send({
      cookie: 'theme=dark; jms_sessionid=s3ss1on; other=secret; jms_csrftoken=t0ken; sessionid=x',
      csrfToken: 't0ken',
    });
    expect(error).toBeUndefined();
    expect(header('cookie')).toBe('jms_sessionid=s3ss1on; jms_csrftoken=t0ken');
    expect(header('x-csrftoken')).toBe('t0ken');
    expect(header('origin')).toBe('http://jumpserver.example');
    expect(header('referer')).toBe('http://jumpserver.example/');
  });

  test('cookies under the configured prefix', async () => {
    const { header } = await send({ cookie: 'jms_sessionid=one; corp_sessionid=two' }, { cookiePrefix: 'corp_' });
    expect(header('cookie')).toBe('corp_sessionid=two');
  });

  test('the language by its first tag alone', () => {
    const stage = createStage('4.10.16');
    const languageOf = (language?: string) => stage.upstream.session({ credentials: administrator, language }).language;
    expect(['zh-Hant,en;q=0.8', undefined, '', '*', 'de\r\nX-Evil: 1'].map(languageOf)).toEqual([
      'zh-hant',
      'en',
      'en',
      'en',
      'de',
    ]);
  });

  test('no address that is none', async () => {
    const stage = createStage('4.10.16', undefined, { version: '4.10.16' });
    await stage.upstream
      .session({ credentials: administrator, forwardedFor: '10.0.0.1, 10.0.0.2' })
      .api.GET('/users/users/');
    expect(stage.seen[0]?.headers.has('x-forwarded-for')).toBe(false);
  });
});

describe('what is refused before anything is sent', () => {
  test.each<readonly [string, Credentials, string]>([
    ['no credentials', {}, 'no credentials were sent'],
    ['a foreign cookie', { cookie: 'theme=dark' }, 'no credentials were sent'],
    [
      "a client's own signature",
      { authorization: 'Signature keyId="k",algorithm="hmac-sha256",signature="s"' },
      'a request signature covers one path of JumpServer and can not be passed on; send a Bearer or private token',
    ],
    [
      'a scheme that JumpServer does not know',
      { authorization: 'Basic dXNlcjpwYXNz' },
      'expected `Authorization: Bearer …` or `Authorization: Token …`',
    ],
    [
      'a header within the header',
      { authorization: 'Bearer x\r\nX-JMS-ORG: root' },
      'expected `Authorization: Bearer …` or `Authorization: Token …`',
    ],
    ['a broken CSRF token', { cookie: 'jms_sessionid=s', csrfToken: 'a\nb' }, 'X-CSRFToken is malformed'],
  ])('%s', async (_what, credentials, hint) => {
    const { error, sent } = await send(credentials);
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', hint });
    expect(sent).toEqual([]);
  });
});

describe('a 401', () => {
  const reject = async (authorization: string) => {
    const stage = createStage('4.10.16', () => replay('4.10.16', 'public settings as nobody'), { version: '4.10.16' });
    const error: unknown = await stage.upstream
      .session({ credentials: { authorization } })
      .api.GET('/users/users/')
      .catch((reason: unknown) => reason);
    return error;
  };

  test('for a private token sent as Bearer tells how to send it', async () => {
    expect(await reject('Bearer 0123456789abcdef0123456789abcdef01234567')).toMatchObject({
      code: 'UNAUTHENTICATED',
      hint: 'a private token is sent as `Authorization: Token …`',
    });
  });

  test('for anything else does not', async () => {
    expect(await reject('Bearer abcdefghijklmnopqrstuvwxyzabcdefghij')).toMatchObject({
      code: 'UNAUTHENTICATED',
      hint: undefined,
    });
  });
});

describe('a principal', () => {
  const principalOf = (credentials: Credentials) => createStage('4.10.16').upstream.session({ credentials }).principal;

  test('is the same for the same credentials, another for others, and says nothing about them', () => {
    expect(principalOf(administrator)).toBe(principalOf({ ...administrator }));
    expect(principalOf(administrator)).not.toBe(principalOf(ordinaryUser));
    expect(principalOf({ cookie: 'jms_sessionid=a' })).not.toBe(principalOf({ cookie: 'jms_sessionid=b' }));
    expect(principalOf(administrator)).toMatch(/^[\w-]{43}$/);
  });

  test('counts token and session both, for JumpServer falls through from one to the other', () => {
    expect(principalOf({ ...ordinaryUser, cookie: 'jms_sessionid=a' })).not.toBe(principalOf(ordinaryUser));
  });

  test('is anonymous without credentials', () => {
    expect(principalOf({})).toBe('anonymous');
  });
});
