import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../src/config.ts';

const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.faults : [String(error)];
  }
};

describe('the configuration', () => {
  it('needs nothing', () => {
    const { HOST, PORT, JUMPSERVER_URL, TRUST_PROXY, CORS_ORIGINS, serviceIdentity } = loadConfig({});
    expect({ HOST, PORT, JUMPSERVER_URL, TRUST_PROXY, CORS_ORIGINS, serviceIdentity }).toEqual({
      HOST: '127.0.0.1',
      PORT: 4000,
      JUMPSERVER_URL: undefined,
      TRUST_PROXY: false,
      CORS_ORIGINS: [],
      serviceIdentity: undefined,
    });
  });

  it('takes an empty variable for an unset one', () => {
    expect(loadConfig({ PORT: '', JUMPSERVER_URL: '' }).PORT).toBe(4000);
  });

  it('reports all faults at once, each with what was expected', () => {
    const faults = faultsOf({
      PORT: 'http',
      JUMPSERVER_URL: 'jumpserver.local',
      JUMPSERVER_VERSION: 'latest',
      JUMPSERVER_CA_FILE: '/nowhere/ca.pem',
      INTROSPECTION: 'allowed',
      JUMPSERVER_USERNAME: 'admin',
    });
    expect(faults).toEqual([
      'PORT: expected a whole number from 0 to 65535',
      'JUMPSERVER_URL: expected a URL such as https://jumpserver.example.com',
      'JUMPSERVER_CA_FILE: expected the path of a readable PEM file with a certificate',
      'JUMPSERVER_VERSION: expected a version such as 4.10.16',
      'JUMPSERVER_PASSWORD: expected together with JUMPSERVER_USERNAME',
      'INTROSPECTION_KEYS: expected with INTROSPECTION=allowed',
    ]);
  });

  it('never repeats a value, which could be a secret', () => {
    const faults = faultsOf({
      JUMPSERVER_TOKEN: 'hunter2',
      JUMPSERVER_PRIVATE_TOKEN: 'hunter3',
      JUMPSERVER_URL: 'https://root:hunter4@jump',
    });
    expect(faults).toEqual([
      'JUMPSERVER_URL: expected a URL without user name; credentials have their own settings',
      'JUMPSERVER_PRIVATE_TOKEN: expected one service identity, and JUMPSERVER_TOKEN is set too',
    ]);
  });

  it('refuses a service identity without a JumpServer to use it on', () => {
    expect(faultsOf({ JUMPSERVER_TOKEN: 'x' })).toEqual(['JUMPSERVER_URL: expected when JUMPSERVER_TOKEN is set']);
  });

  it('drops trailing slashes of addresses and the v of a version', () => {
    const config = loadConfig({
      JUMPSERVER_URL: 'https://jump.example.com/core/',
      BASE_PATH: '/graph/',
      JUMPSERVER_VERSION: 'v4.10.19',
    });
    expect([config.JUMPSERVER_URL, config.BASE_PATH, config.JUMPSERVER_VERSION]).toEqual([
      'https://jump.example.com/core',
      '/graph',
      '4.10.19',
    ]);
  });

  it.each([
    ['none', false],
    ['loopback', ['loopback']],
    ['10.0.0.0/8, fd00::/8, 192.0.2.1', ['10.0.0.0/8', 'fd00::/8', '192.0.2.1']],
  ])('trusts the proxies %s', (value, expected) => {
    expect(loadConfig({ TRUST_PROXY: value }).TRUST_PROXY).toEqual(expected);
  });

  it.each(['true', '1', '10.0.0.0/33', 'proxy.local', '10.0.0.1/8/8'])('refuses to trust %s', (value) => {
    expect(faultsOf({ TRUST_PROXY: value })).toEqual([
      'TRUST_PROXY: expected none or the addresses of your proxies (10.0.0.0/8, loopback), separated by commas',
    ]);
  });

  it.each([
    [{ JUMPSERVER_TOKEN: 'a' }, { kind: 'bearer', token: 'a' }],
    [{ JUMPSERVER_PRIVATE_TOKEN: 'a' }, { kind: 'token', token: 'a' }],
    [
      { JUMPSERVER_ACCESS_KEY_ID: 'a', JUMPSERVER_ACCESS_KEY_SECRET: 'b' },
      { kind: 'accessKey', id: 'a', secret: 'b' },
    ],
    [
      { JUMPSERVER_USERNAME: 'a', JUMPSERVER_PASSWORD: 'b' },
      { kind: 'password', username: 'a', password: 'b' },
    ],
  ])('reads a service identity from %j', (environment, expected) => {
    expect(loadConfig({ JUMPSERVER_URL: 'https://jump', ...environment }).serviceIdentity).toEqual(expected);
  });
});
