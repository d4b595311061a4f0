import { AUTOFILL, PG_SSL_MODES } from '../choices.ts';
import type { Field } from '../field.ts';
import { bool, type Choices, choice, json, text } from '../fields.ts';
import type { SandboxVersion } from '../types.ts';

/** One category of assets, which has a list of its own. */
export interface Part {
  path: string;
  noun: string;
  model: string;
  category: string | null;
  leak: string;
  extra?: Field[];
  title?: string;
  since?: SandboxVersion;
  types?: Choices;
}

const database: Field[] = [
  text('db_name', { required: true, max: 1024 }),
  text('ca_cert'),
  text('client_cert'),
  text('client_key'),
  choice('pg_ssl_mode', PG_SSL_MODES, { fill: 'prefer', since: '4.9.0' }),
  bool('use_ssl'),
  bool('allow_invalid_cert'),
];

const web: Field[] = [
  choice('autofill', AUTOFILL, { fill: 'basic' }),
  text('username_selector', { max: 128, fill: 'name=username' }),
  text('password_selector', { max: 128, fill: 'name=password' }),
  text('submit_selector', { max: 128, fill: 'id=login_button' }),
  json('script', { fill: [] }),
];

/** Each way of looking at assets (api.md §5.3). */
export const PARTS: Part[] = [
  { path: 'assets/assets', noun: 'Asset', model: 'assets.asset', category: null, leak: 'base' },
  { path: 'assets/hosts', noun: 'Host', model: 'assets.host', category: 'host', leak: 'host' },
  { path: 'assets/devices', noun: 'Device', model: 'assets.device', category: 'device', leak: 'base' },
  {
    path: 'assets/databases',
    noun: 'Database',
    model: 'assets.database',
    category: 'database',
    leak: 'database',
    extra: database,
  },
  { path: 'assets/webs', noun: 'Web', model: 'assets.web', category: 'web', leak: 'web', extra: web },
  { path: 'assets/clouds', noun: 'Cloud', model: 'assets.cloud', category: 'cloud', leak: 'base' },
  {
    path: 'assets/gpts',
    noun: 'Gpt',
    title: 'Gpt',
    model: 'assets.gpt',
    category: 'gpt',
    leak: 'gpt',
    extra: [text('proxy', { max: 128 })],
  },
  {
    path: 'assets/directories',
    noun: 'DirectoryService',
    title: 'Ds',
    model: 'assets.directoryservice',
    category: 'ds',
    leak: 'ds',
    since: '4.9.0',
    extra: [text('domain_name', { max: 128 })],
  },
  {
    path: 'assets/customs',
    noun: 'Custom',
    model: 'assets.custom',
    category: 'custom',
    leak: 'custom',
    extra: [json('custom_info', { type: 'nested object', fill: {} })],
  },
  { path: 'assets/gateways', noun: 'Gateway', model: 'assets.gateway', category: 'gateway', leak: 'host' },
];
