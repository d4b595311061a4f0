import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildContracts, type ContractReport } from '../../codegen/contract.ts';
import {
  type Document,
  findOperation,
  operationsOf,
  resolveSchema,
  rowsOf,
  type Schema,
  toRoute,
} from '../../codegen/contract-document.ts';
import { readSources } from '../../codegen/contract-sources.ts';
import { printDocument } from '../../codegen/prune.ts';
import { type Exchange, loadExchanges, versions } from '../support/recordings.ts';
import { misfits } from './fits.ts';
import { sourceFolder } from './sources.ts';

const idPattern = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+|self)$/;

/** `GET /assets/hosts/{id}/` of an exchange. */
const nameOf = ({ request }: Exchange): string => {
  const segments = request.path.replace(/^\/api(\/v1)?/, '').split('/');
  return `${request.method} ${segments.map((segment) => (idPattern.test(segment) ? '{id}' : segment)).join('/')}`;
};

/** Rows of which only some properties were asked for don't show what rows carry. */
const isWhole = ({ request }: Exchange): boolean =>
  ['fields', 'fields_size', 'action'].every((parameter) => !(parameter in request.query));

const isSuccess = ({ request, response }: Exchange): boolean =>
  response.status < 300 && request.method !== 'OPTIONS' && request.path.endsWith('/');

const operations = [...new Set(versions.flatMap((version) => loadExchanges(version).filter(isSuccess).map(nameOf)))];

let documents: Record<string, Document> = {};
let report: ContractReport = { repairs: [], idle: [], borrowed: [], absent: [] };

beforeAll(async () => {
  ({ documents, report } = await buildContracts({ sources: readSources(sourceFolder), operations }));
}, 60_000);

const contract = (version: string): Document => {
  const document = documents[version];
  if (document === undefined) throw new Error(`no contract of ${version}`);
  return document;
};

const property = (version: string, path: string, ...names: string[]): Schema | undefined => {
  const document = contract(version);
  return names.reduce<Schema | undefined>(
    (schema, name) => resolveSchema(document, schema)?.properties?.[name],
    rowsOf(document, path)?.schema,
  );
};

const component = (version: string, name: string): Schema | undefined => contract(version).components.schemas[name];

describe.each(versions)('the contract of %s', (version) => {
  it('fits every answer that was recorded of it', () => {
    const document = contract(version);
    const faults = loadExchanges(version).flatMap((exchange) => {
      if (!isSuccess(exchange) || !isWhole(exchange) || exchange.response.body_kind !== 'json') return [];
      const operation = findOperation(document, nameOf(exchange))?.operation;
      const schema = operation?.responses[exchange.response.status]?.content?.['application/json']?.schema;
      const found = schema === undefined ? [': not declared'] : misfits(document, schema, exchange.response.body);
      return exchange.response.body === null ? [] : found.map((fault) => `${exchange.name}${fault}`);
    });
    expect(faults).toEqual([]);
  });

  it('fits every body that was accepted', () => {
    const document = contract(version);
    const faults = loadExchanges(version).flatMap((exchange) => {
      if (!isSuccess(exchange) || exchange.request.body === null) return [];
      const schema = findOperation(document, nameOf(exchange))?.operation.requestBody?.content['application/json']
        ?.schema;
      const found = schema === undefined ? [': not declared'] : misfits(document, schema, exchange.request.body);
      // unknown input is dropped in silence (api.md §5.0): that it was accepted does not make it part of the contract
      return found.filter((fault) => !fault.endsWith(': unknown')).map((fault) => `${exchange.name}${fault}`);
    });
    expect(faults).toEqual([]);
  });

  it('refers only to components that it has', () => {
    const document = contract(version);
    const referred = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(
      ([, name]) => name ?? '',
    );
    expect(referred.filter((name) => !(name in document.components.schemas))).toEqual([]);
  });

  it('stays the same when its committed form is read and printed again', () => {
    const text = readFileSync(new URL(`../../schema/openapi/${version}.json`, import.meta.url), 'utf8');
    expect(printDocument(JSON.parse(text))).toBe(text);
  });
});

describe('what the contracts say', () => {
  it('choices are {value, label} with their wire values, in every version', () => {
    for (const version of versions) {
      expect(property(version, '/users/users/', 'mfa_level', 'value')).toEqual({ type: 'integer', enum: [0, 1, 2] });
      const category = property(version, '/assets/assets/', 'category', 'value');
      expect(category?.enum).toEqual(expect.arrayContaining(['cloud', 'database', 'device', 'host', 'web']));
    }
    expect(property('4.10.19', '/audits/login-logs/', 'status', 'value')).toEqual({ type: 'boolean' });
  });

  it('related objects carry their properties, platforms with an integer id', () => {
    for (const version of versions) {
      expect(property(version, '/assets/assets/', 'platform', 'id')).toEqual({ type: 'integer' });
      expect(property(version, '/terminal/sessions/', 'terminal', 'name')).toEqual({ type: 'string' });
    }
    expect(property('3.10.23', '/assets/assets/', 'domain', 'name')).toEqual({ type: 'string' });
    expect(property('4.10.16', '/assets/assets/', 'zone', 'name')).toEqual({ type: 'string' });
  });

  it("dates are JumpServer's own when read, and anything ISO when written", () => {
    expect(property('4.10.19', '/perms/asset-permissions/', 'date_expired')).toEqual({
      type: 'string',
      format: 'jumpserver-date-time',
    });
    expect(component('4.10.19', 'AssetPermissionWrite')?.properties?.date_expired).toEqual({
      type: 'string',
      format: 'date-time',
    });
  });

  it('members of permissions and groups stand on lists as what only their detail brings', () => {
    for (const version of versions) {
      expect(property(version, '/perms/asset-permissions/', 'users')?.['x-detail-only']).toBe(true);
      expect(property(version, '/users/groups/', 'users')?.['x-detail-only']).toBe(true);
      expect(rowsOf(contract(version), '/perms/asset-permissions/')?.schema.required).not.toContain('users');
      expect(property(version, '/users/groups/', 'name')?.['x-detail-only']).toBeUndefined();
    }
  });

  it('lists come as pages or arrays, trees as arrays', () => {
    for (const version of versions) {
      expect(rowsOf(contract(version), '/assets/assets/')?.envelopes).toEqual(['page', 'array']);
      expect(rowsOf(contract(version), '/assets/nodes/children/tree/')?.envelopes).toEqual(['array']);
    }
  });

  it('what is written differs from what is read', () => {
    const host = component('4.10.19', 'HostWrite');
    expect(host?.required).toEqual(['address', 'name', 'platform']);
    expect(host?.properties?.platform).toEqual({
      anyOf: [{ type: 'integer' }, { type: 'object', properties: { pk: { type: 'integer' } }, required: ['pk'] }],
    });
    expect(Object.keys(host?.properties ?? {})).not.toContain('org_id');
    expect(component('4.10.19', 'AssetPermissionWrite')?.properties?.actions?.items).toEqual({
      type: 'string',
      enum: ['connect', 'copy', 'delete', 'download', 'paste', 'share', 'upload'],
    });
    expect(component('4.10.19', 'UserWrite')?.properties?.password).toEqual({ type: 'string', nullable: true });
    expect(Object.keys(component('4.10.19', 'User')?.properties ?? {})).not.toContain('password');
    expect(component('4.10.19', 'PatchedUserWrite')?.required).toBeUndefined();
  });

  it('ids of content types, which differ between installations, are not listed', () => {
    expect(property('4.10.19', '/labels/labeled-resources/', 'res_type', 'value')).toEqual({ type: 'integer' });
  });

  it('a filter by many keys is there only where the server obeys it', () => {
    const parameters = (version: string): string[] =>
      findOperation(contract(version), 'GET /terminal/sessions/')?.operation.parameters?.map(({ name }) => name) ?? [];
    expect(parameters('4.10.19')).toContain('user_id__in');
    expect(parameters('4.10.16')).not.toContain('user_id__in');
    for (const version of versions) {
      expect(parameters(version)).toEqual(
        expect.arrayContaining(['ids', 'limit', 'fields', 'search', 'date_from', 'user_id']),
      );
    }
  });
});

describe('what happened on the way', () => {
  it('terminal is taken from 4.10.16 where 4.9 hides it, and says so', () => {
    expect(report.borrowed).toContainEqual({ version: '4.9.0', operation: 'GET /terminal/sessions/', from: '4.10.16' });
    expect(findOperation(contract('4.9.0'), 'GET /terminal/sessions/')?.operation['x-from']).toBe('4.10.16');
  });

  it('zones are absent before 4.10, domains after', () => {
    const absent = report.absent.map(({ version, operation }) => `${version} ${operation}`);
    expect(absent).toEqual(
      expect.arrayContaining([
        '3.10.23 GET /assets/zones/',
        '4.9.0 GET /assets/zones/',
        '4.10.16 GET /assets/domains/',
      ]),
    );
    expect(absent).not.toContain('4.9.0 GET /assets/domains/');
  });

  it('every operation that a server was seen to answer is in its contract', () => {
    for (const version of versions) {
      const known = new Set(
        operationsOf(contract(version)).map(({ method, path }) => `${method.toUpperCase()} ${toRoute(path)}`),
      );
      const seen = new Set(
        loadExchanges(version)
          .filter(isSuccess)
          .map((exchange) => toRoute(nameOf(exchange))),
      );
      expect([...seen].filter((name) => !known.has(name))).toEqual([]);
    }
  });

  it('every repair still changes something', () => {
    expect(report.idle).toEqual([]);
  });
});
