import { describe, expect, it } from 'vitest';
import type { Document, Operation, PathItem, Schema } from '../../codegen/contract-document.ts';
import type { RepairContext } from '../../codegen/repairs/context.ts';
import {
  compareVersions,
  nearestVersions,
  type RouteEvidence,
  recordedVersions,
} from '../../codegen/repairs/evidence.ts';
import { evidenceVersion, idleRepairs, repairDocument, repairs } from '../../codegen/repairs.ts';
import { loadExchanges, versions } from '../support/recordings.ts';

const path = '/things/';
const detail = '/things/{id}/';
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Schema) => ({ content: { 'application/json': { schema } } });
const text: Schema = { type: 'string' };
const id: Schema = { type: 'string', format: 'uuid' };
const object = (properties: Record<string, Schema>, ...required: string[]): Schema => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
});
const array = (items: Schema): Schema => ({ type: 'array', items });
const page = (rows: Schema): Schema => object({ count: { type: 'integer' }, results: array(rows) });
const choice = (value: Schema): Schema => object({ value, label: text }, 'value', 'label');
const date: Schema = { type: 'string', format: 'jumpserver-date-time' };

const read = (schema: Schema): Operation => ({ responses: { 200: json(schema) } });
const write = (body: Schema, schema: Schema, status = '201'): Operation => ({
  requestBody: { required: true, ...json(body) },
  responses: { [status]: json(schema) },
});

const documentOf = (schemas: Record<string, Schema>, paths: Record<string, PathItem>): Document => ({
  openapi: '3.0.3',
  info: {},
  paths,
  components: { schemas },
});

/** A list whose rows are `Thing`. */
const listOf = (thing: Schema, others: Record<string, Schema> = {}): Document =>
  documentOf({ Thing: thing, ...others }, { [path]: { get: read(page(ref('Thing'))) } });

/** What a list of things was seen to answer. */
const rowsSeen = (shape: Schema, more: RouteEvidence = {}): Record<string, RouteEvidence> => ({
  [path]: { answers: { GET: { status: '200', envelopes: ['page', 'array'], shape } }, ...more },
});

const contextOf = (
  routes: Record<string, RouteEvidence>,
  others: Record<string, RouteEvidence>[] = [],
): RepairContext => ({
  version: '1.0.0',
  isExact: true,
  evidence: { version: '1.0.0', routes },
  others: others.map((each, index) => ({ version: `0.${index}.0`, routes: each })),
});

const apply = (name: string, document: Document, context: RepairContext): { document: Document; changes: number } => {
  const repair = repairs.find((candidate) => candidate.name === name);
  if (repair === undefined) throw new Error(`no repair is called ${name}`);
  const copy: Document = JSON.parse(JSON.stringify(document)); // no schema in two places, as in a document that was read
  return { changes: repair.apply(copy, context), document: copy };
};

/** One property of a row: what the document says, what was seen, what the repair makes of it. */
const propertyTable: [name: string, what: string, given: Schema, seen: Schema, want: Schema][] = [
  ['choices', 'a string into a choice', text, choice({ ...text, enum: ['a'] }), choice(text)],
  [
    'choices',
    "a Swagger 2 enum into a choice's values, without the labels",
    {
      type: 'string',
      enum: [
        { value: 'b', label: 'B' },
        { value: 'a', label: 'A' },
      ],
    },
    choice({ ...text, enum: ['a', 'c'] }),
    choice({ type: 'string', enum: ['a', 'b', 'c'] }),
  ],
  ['choices', 'the type of a value', choice(text), choice({ type: 'integer', enum: [0] }), choice({ type: 'integer' })],
  [
    'choices',
    'a list of strings into a list of choices',
    array(text),
    array(choice({ ...text, enum: ['connect'] })),
    array(choice(text)),
  ],
  [
    'related-objects',
    'a string into an object',
    { type: 'string', nullable: true },
    object({ id, name: text }, 'id', 'name'),
    { ...object({ id, name: text }, 'id', 'name'), nullable: true },
  ],
  [
    'related-objects',
    'the integer id of a platform',
    object({ id: text, name: text }),
    object({ id: { type: 'integer' }, name: text }, 'id', 'name'),
    object({ id: { type: 'integer' }, name: text }, 'id', 'name'),
  ],
  ['items', 'items that are not declared', array({}), array(text), array(text)],
  ['types-seen', 'a number declared as a string', text, { type: 'integer' }, { type: 'integer' }],
  ['types-seen', 'an object declared as a string', text, object({ a: text }, 'a'), object({ a: text }, 'a')],
  ['dates-seen', 'a date declared as a string', text, date, date],
  ['nulls', 'a null that is not declared', text, { ...text, nullable: true }, { ...text, nullable: true }],
  [
    'open-objects',
    'the properties of an object that may hold anything',
    { type: 'object', additionalProperties: {} },
    object({ ping_enabled: { type: 'boolean' } }, 'ping_enabled'),
    { type: 'object', additionalProperties: {}, properties: { ping_enabled: { type: 'boolean' } } },
  ],
  [
    'values-seen',
    'a value that nobody declared',
    choice({ ...text, enum: ['a'] }),
    choice({ ...text, enum: ['', 'a'] }),
    choice({ ...text, enum: ['', 'a'] }),
  ],
  [
    'values-seen',
    'true and false where metadata says 0 and 1',
    choice({ type: 'integer', enum: [0, 1] }),
    choice({ type: 'boolean', enum: [true] }),
    choice({ type: 'boolean' }),
  ],
];

describe('repairs of what a property holds', () => {
  it.each(propertyTable)('%s: %s', (name, _, given, seen, want) => {
    const { document, changes } = apply(
      name,
      listOf(object({ it: given })),
      contextOf(rowsSeen(object({ it: seen }, 'it'))),
    );
    expect(document.components.schemas.Thing?.properties?.it).toEqual(want);
    expect(changes).toBe(1);
  });

  it.each(propertyTable.map(([name]) => name))('%s leaves alone what no recording shows', (name) => {
    const given = listOf(object({ it: text, other: { type: 'integer' } }));
    expect(apply(name, given, contextOf({}))).toEqual({ document: given, changes: 0 });
  });

  it('take the type of a property that this version shows only as null from another version', () => {
    const context = contextOf(rowsSeen(object({ zone: { nullable: true } }, 'zone')), [
      rowsSeen(object({ zone: object({ id, name: text }, 'id', 'name') }, 'zone')),
    ]);
    const { document } = apply('related-objects', listOf(object({ zone: text })), context);
    expect(document.components.schemas.Thing?.properties?.zone).toEqual({
      ...object({ id, name: text }, 'id', 'name'),
      nullable: true,
    });
  });

  it('keep a reference to a component when it may be null', () => {
    const { document } = apply(
      'nulls',
      listOf(object({ it: ref('Part') }), { Part: object({ a: text }) }),
      contextOf(rowsSeen(object({ it: { ...object({ a: text }), nullable: true } }))),
    );
    expect(document.components.schemas.Thing?.properties?.it).toEqual({ allOf: [ref('Part')], nullable: true });
  });

  it('go through components held by components', () => {
    const { document, changes } = apply(
      'choices',
      listOf(object({ parts: array(ref('Part')) }), { Part: object({ kind: text }) }),
      contextOf(rowsSeen(object({ parts: array(object({ kind: choice({ ...text, enum: ['a'] }) })) }))),
    );
    expect([document.components.schemas.Part, changes]).toEqual([object({ kind: choice(text) }), 1]);
  });

  it('choice-values: the wire values come from OPTIONS, of the nearest version where this one has none', () => {
    const fields = {
      kind: { kind: 'labeled_choice', values: ['b', 'a'] },
      level: { kind: 'labeled_choice', values: [1, 0] },
    };
    const { document, changes } = apply(
      'choice-values',
      listOf(object({ kind: choice(text), level: choice(text) })),
      contextOf({}, [{ [path]: { fields } }]),
    );
    expect(document.components.schemas.Thing).toEqual(
      object({ kind: choice({ ...text, enum: ['a', 'b'] }), level: choice({ type: 'integer', enum: [0, 1] }) }),
    );
    expect(changes).toBe(2);
  });

  it('dates-declared, labels, phone, enums-of-objects, related-objects-whole: whatever the document declares so', () => {
    const given = listOf(
      object({
        username: text,
        when: { type: 'string', format: 'date-time' },
        phone: text,
        labels: array(text),
        on: { type: 'string', enum: [{ value: 'skip', label: 'Skip' }] },
        zone: object({ id: text, name: text }),
      }),
    );
    const names = ['dates-declared', 'labels', 'phone', 'enums-of-objects', 'related-objects-whole'];
    const { properties } =
      names.reduce((document, name) => apply(name, document, contextOf({})).document, given).components.schemas.Thing ??
      {};
    expect(properties?.when).toEqual(date);
    expect(properties?.phone).toEqual({ ...object({ code: text, phone: text }, 'code', 'phone'), nullable: true });
    expect(properties?.labels?.items?.required).toEqual(['id', 'name', 'value', 'color']);
    expect(properties?.on).toEqual({ type: 'string', enum: ['skip'] });
    expect(properties?.zone).toEqual(object({ id: text, name: text }, 'id', 'name'));
  });
});

describe('repairs of what a row carries', () => {
  const context = contextOf(rowsSeen(object({ id, name: text, extra: { type: 'integer' } }, 'id', 'name')));

  it('properties-seen: what rows carry and the document does not name', () => {
    const { document, changes } = apply('properties-seen', listOf(object({ id, name: text })), context);
    expect(document.components.schemas.Thing?.properties?.extra).toEqual({ type: 'integer', readOnly: true });
    expect(changes).toBe(1);
  });

  it('properties-never-seen: what no row carries', () => {
    const { document } = apply('properties-never-seen', listOf(object({ id, name: text, ghost: text })), context);
    expect(Object.keys(document.components.schemas.Thing?.properties ?? {})).toEqual(['id', 'name']);
  });

  it('nothing is dropped or demanded on the word of another version', () => {
    const given = listOf(object({ id, name: text, ghost: text }));
    for (const name of ['properties-seen', 'properties-never-seen', 'always-there']) {
      expect(apply(name, given, { ...context, isExact: false })).toEqual({ document: given, changes: 0 });
    }
  });

  it('inputs-in-rows: passwords', () => {
    const { document } = apply(
      'inputs-in-rows',
      listOf(object({ id, password: { type: 'string', writeOnly: true } })),
      contextOf({}),
    );
    expect(document.components.schemas.Thing).toEqual(object({ id }));
  });

  it('always-there: required is what every row had, with format=json too', () => {
    const rows = rowsSeen(object({ id, name: text, size: text }, 'id', 'name', 'size'), {
      detailed: object({ id, name: text }, 'id', 'name'),
    });
    const { document } = apply(
      'always-there',
      listOf(object({ id, name: text, size: text }, 'id', 'ghost')),
      contextOf(rows),
    );
    expect(document.components.schemas.Thing?.required).toEqual(['id', 'name']);
  });

  it('required-but-gone: nothing is required that is not there', () => {
    const { document } = apply('required-but-gone', listOf(object({ id }, 'id', 'ghost')), contextOf({}));
    expect(document.components.schemas.Thing?.required).toEqual(['id']);
  });

  it('detail-only: what the detail brings stands on the rows, marked', () => {
    const given = documentOf(
      { Row: object({ id, size: text }), Whole: object({ id, users: array(ref('User')) }), User: object({ id }) },
      { [path]: { get: read(page(ref('Row'))) }, [detail]: { get: read(ref('Whole')) } },
    );
    const { document, changes } = apply('detail-only', given, contextOf({}));
    expect(document.components.schemas.Row?.properties?.users).toEqual({
      ...array(ref('User')),
      'x-detail-only': true,
    });
    expect(document.components.schemas.Whole?.properties?.users).toEqual(array(ref('User')));
    expect(changes).toBe(1);
  });

  it('detail-only: one component for both is told apart by what was seen', () => {
    const given = documentOf(
      { Thing: object({ id, users: array(text) }) },
      { [path]: { get: read(page(ref('Thing'))) }, [detail]: { get: read(ref('Thing')) } },
    );
    const { document } = apply('detail-only', given, contextOf(rowsSeen(object({ id }, 'id'))));
    expect(document.components.schemas.Thing?.properties?.users?.['x-detail-only']).toBe(true);
    expect(document.components.schemas.Thing?.properties?.id?.['x-detail-only']).toBeUndefined();
  });

  it('objects-without-properties: an object of which nothing is known may hold anything', () => {
    const { document } = apply('objects-without-properties', listOf(object({ info: object({}) })), contextOf({}));
    expect(document.components.schemas.Thing?.properties?.info).toEqual({ type: 'object', additionalProperties: {} });
  });
});

describe('repairs of what can be called', () => {
  const withDetail = documentOf(
    { Thing: object({ id, name: text }) },
    {
      [path]: { get: read(page(ref('Thing'))), post: write(ref('Thing'), ref('Thing')) },
      [detail]: { get: read(ref('Thing')), patch: write(ref('Thing'), ref('Thing'), '200') },
    },
  );

  it('hidden-methods: what the server allows', () => {
    const { document, changes } = apply(
      'hidden-methods',
      withDetail,
      contextOf({
        [path]: { allow: ['GET', 'POST', 'PATCH', 'DELETE'] },
        [detail]: { allow: ['GET', 'PATCH', 'DELETE'] },
      }),
    );
    expect(Object.keys(document.paths[path] ?? {})).toEqual(['get', 'post', 'patch', 'delete']);
    expect(document.paths[path]?.patch).toMatchObject(write(ref('Thing'), ref('Thing'), '200'));
    expect(document.paths[detail]?.delete?.responses).toEqual({ 204: {} });
    expect(changes).toBe(3);
  });

  it('hidden-routes: what was seen to answer, in the shape of its rows and its metadata', () => {
    const route: RouteEvidence = {
      allow: ['GET', 'POST'],
      answers: { GET: { status: '200', envelopes: ['page'], shape: object({ id, status: text }, 'id') } },
      fields: { automation: { kind: 'string', required: true }, status: { kind: 'string', readOnly: true } },
    };
    const { document, changes } = apply(
      'hidden-routes',
      withDetail,
      contextOf({ '/accounts/push-executions/': route }),
    );
    expect(Object.keys(document.paths['/accounts/push-executions/'] ?? {})).toEqual(['get', 'post']);
    expect(document.components.schemas.PushExecutions).toEqual(
      object({ id, status: { type: 'string', readOnly: true }, automation: text }, 'automation'),
    );
    expect(changes).toBe(1);
  });

  it('missing-bodies: an array of ids where the document has nothing', () => {
    const given = documentOf({}, { '/kill/': { post: { responses: { 200: {} } } } });
    const { document } = apply(
      'missing-bodies',
      given,
      contextOf({ '/kill/': { bodies: { POST: id }, arrays: ['POST'] } }),
    );
    expect(document.paths['/kill/']?.post?.requestBody).toEqual({ required: true, ...json(array(id)) });
  });

  it('missing-bodies: properties of actions only, since unknown input of a list is dropped in silence', () => {
    const given = documentOf(
      { Bulk: object({ name: text }) },
      {
        '/bulk/': { post: write(ref('Bulk'), ref('Bulk')) },
        [path]: { get: read(page(ref('Bulk'))), post: write(ref('Bulk'), ref('Bulk')) },
      },
    );
    const bodies = { POST: object({ name: text, assets: array(id) }) };
    const seenAsAction = apply('missing-bodies', given, contextOf({ '/bulk/': { bodies } }));
    expect(seenAsAction.document.components.schemas.Bulk?.properties?.assets).toEqual(array(id));
    expect(apply('missing-bodies', given, contextOf({ [path]: { bodies } })).changes).toBe(0);
  });

  it('hidden-parameters: what every list takes, what only some take, and the lookups that a server names', () => {
    const given = documentOf(
      { Thing: object({ id }) },
      { '/users/users/': { get: read(page(ref('Thing'))) }, '/rbac/roles/': { get: read(page(ref('Thing'))) } },
    );
    const filters = { group_id: { kind: 'uuid', lookups: ['in'] } };
    const { document } = apply('hidden-parameters', given, contextOf({ '/users/users/': { filters } }));
    const names = (route: string) => document.paths[route]?.get?.parameters?.map(({ name }) => name) ?? [];
    expect(names('/users/users/')).toEqual(
      expect.arrayContaining(['ids', 'id!', 'spm', 'fields', 'attr_rules', 'search', 'oid', 'group_id__in']),
    );
    expect(names('/rbac/roles/')).toContain('ids');
    expect(names('/rbac/roles/')).not.toContain('fields');
    expect(document.paths['/users/users/']?.get?.parameters?.find(({ name }) => name === 'ids')).toEqual({
      name: 'ids',
      in: 'query',
      style: 'form',
      explode: false,
      schema: array(text),
    });
  });

  it('repeated-enum-values: each value once', () => {
    const given = documentOf(
      {},
      {
        [path]: {
          get: {
            parameters: [{ name: 'type', in: 'query', schema: { ...text, enum: ['b', 'a', 'b'] } }],
            responses: {},
          },
        },
      },
    );
    const { document } = apply('repeated-enum-values', given, contextOf({}));
    expect(document.paths[path]?.get?.parameters?.[0]?.schema?.enum).toEqual(['a', 'b']);
  });
});

describe('repairs of how rows come back', () => {
  const answer = (document: Document, route = path) =>
    document.paths[route]?.get?.responses[200]?.content?.['application/json']?.schema;

  it('pages-or-arrays: with limit a page, without it an array', () => {
    const { document } = apply('pages-or-arrays', listOf(object({ id })), contextOf({}));
    expect(answer(document)).toEqual({ oneOf: [ref('PaginatedThingList'), array(ref('Thing'))] });
    expect(document.components.schemas.PaginatedThingList?.required).toEqual(['count', 'next', 'previous', 'results']);
  });

  it('trees-are-arrays: of tree nodes', () => {
    const given = documentOf(
      { Thing: object({ id }), TreeNode: object({ id }) },
      { '/things/tree/': { get: read(page(ref('Thing'))) } },
    );
    expect(answer(apply('trees-are-arrays', given, contextOf({})).document, '/things/tree/')).toEqual(
      array(ref('TreeNode')),
    );
  });

  it('lists-declared-as-objects: an array was seen', () => {
    const given = documentOf({ Thing: object({ id }) }, { [path]: { get: read(ref('Thing')) } });
    const seen = { [path]: { answers: { GET: { status: '200', envelopes: ['array'] } } } };
    expect(answer(apply('lists-declared-as-objects', given, contextOf(seen)).document)).toEqual(array(ref('Thing')));
  });

  it('answers-unlike-the-document: what was seen, when almost nothing of it is declared', () => {
    const given = documentOf(
      { Thing: object({ id, name: text }) },
      { '/kill/': { post: write(ref('Thing'), ref('Thing')) } },
    );
    const shape = object({ ok: array(id) }, 'ok');
    const { document } = apply(
      'answers-unlike-the-document',
      given,
      contextOf({ '/kill/': { answers: { POST: { status: '200', envelopes: ['object'], shape } } } }),
    );
    expect(document.paths['/kill/']?.post?.responses).toEqual({ 200: json(shape) });
  });

  it('statuses-seen: 200 without a body where 201 with one is declared', () => {
    const given = documentOf(
      { Thing: object({ id }) },
      { '/clear/': { patch: write(ref('Thing'), ref('Thing'), '201') } },
    );
    const { document } = apply(
      'statuses-seen',
      given,
      contextOf({ '/clear/': { answers: { PATCH: { status: '200', envelopes: ['empty'] } } } }),
    );
    expect(document.paths['/clear/']?.patch?.responses).toEqual({ 200: {} });
  });

  it('bulk-bodies: POST takes both, PATCH takes arrays only, DELETE takes ids', () => {
    const given = documentOf(
      { Thing: object({ id }) },
      {
        [path]: {
          get: read(page(ref('Thing'))),
          post: write(ref('Thing'), ref('Thing')),
          patch: write(ref('Thing'), ref('Thing'), '200'),
          delete: { responses: { 204: {} } },
        },
        '/users/profile/': { get: read(ref('Thing')), patch: write(ref('Thing'), ref('Thing'), '200') },
      },
    );
    const { document } = apply('bulk-bodies', given, contextOf({}));
    const both = { oneOf: [ref('Thing'), array(ref('Thing'))] };
    expect(document.paths[path]?.post).toEqual(write(both, both));
    expect(document.paths[path]?.patch).toEqual(write(array(ref('Thing')), array(ref('Thing')), '200'));
    expect(document.paths[path]?.delete?.parameters?.map(({ name }) => name)).toEqual(['ids', 'spm']);
    expect(document.paths['/users/profile/']).toEqual(given.paths['/users/profile/']);
  });

  it('login-answers: 200 with what is missing beside 201 with the token', () => {
    const given = documentOf(
      { Token: object({ token: text }) },
      { '/authentication/auth/': { post: write(ref('Token'), ref('Token')) } },
    );
    const { document } = apply('login-answers', given, contextOf({}));
    expect(Object.keys(document.paths['/authentication/auth/']?.post?.responses ?? {})).toEqual(['200', '201']);
    expect(document.paths['/authentication/auth/']?.post?.responses[201]).toEqual(json(ref('Token')));
  });
});

describe('the split of what is written from what is read', () => {
  const thing = object(
    {
      id,
      name: text,
      kind: choice({ ...text, enum: ['a', 'b'] }),
      actions: array(choice({ ...text, enum: ['connect'] })),
      platform: object({ id: { type: 'integer' }, name: text }),
      nodes: array(object({ id: text, name: text })),
      labels: array(object({ id: text, name: text, value: text, color: text })),
      when: date,
      part: ref('Part'),
      size: { type: 'integer', readOnly: true },
      password: { type: 'string', writeOnly: true, default: 'x' },
    },
    'name',
    'kind',
    'size',
  );
  const given = documentOf(
    { Thing: thing, Part: object({ port: { type: 'integer' }, amount: { type: 'integer', readOnly: true } }) },
    {
      [path]: {
        get: read(page(ref('Thing'))),
        post: write({ oneOf: [ref('Thing'), array(ref('Thing'))] }, ref('Thing')),
        patch: write(array(ref('Thing')), array(ref('Thing')), '200'),
      },
      [detail]: { patch: write(ref('Thing'), ref('Thing'), '200') },
    },
  );
  const { document } = apply('write-shapes', given, contextOf({}));
  const written = document.components.schemas.ThingWrite;
  const pk = (type: 'string' | 'integer'): Schema => ({
    anyOf: [{ type }, { type: 'object', properties: { pk: { type } }, required: ['pk'] }],
  });

  it.each<[string, Schema | undefined]>([
    ['name', text],
    ['kind', { ...text, enum: ['a', 'b'] }],
    ['actions', array({ ...text, enum: ['connect'] })],
    ['platform', pk('integer')],
    ['nodes', array(pk('string'))],
    ['when', { type: 'string', format: 'date-time' }],
    ['part', ref('PartWrite')],
    ['password', text],
    ['size', undefined],
  ])('writes %s in its written form', (name, want) => {
    expect(written?.properties?.[name]).toEqual(want);
  });

  it('writes labels as text, key or pair', () => {
    expect(written?.properties?.labels?.items?.anyOf?.map(({ type, required }) => required ?? type)).toEqual([
      'string',
      ['pk'],
      ['name', 'value'],
    ]);
  });

  it('demands what is not read-only, and nothing in a PATCH', () => {
    expect(written?.required).toEqual(['kind', 'name']);
    expect(document.components.schemas.PatchedThingWrite?.required).toBeUndefined();
    expect(document.components.schemas.PartWrite).toEqual(object({ port: { type: 'integer' } }));
  });

  it('refers to the written forms from each body, with an id for every item of a bulk PATCH', () => {
    const body = (operation: Operation | undefined) => operation?.requestBody?.content['application/json']?.schema;
    expect(body(document.paths[path]?.post)).toEqual({ oneOf: [ref('ThingWrite'), array(ref('ThingWrite'))] });
    expect(body(document.paths[path]?.patch)).toEqual(array(ref('BulkPatchedThingWrite')));
    expect(body(document.paths[detail]?.patch)).toEqual(ref('PatchedThingWrite'));
    expect(document.components.schemas.BulkPatchedThingWrite?.allOf?.[1]?.required).toEqual(['id']);
  });

  it('leaves what is read as it was', () => {
    expect(document.components.schemas.Thing).toEqual(thing);
  });

  it('takes from metadata what POST demands, and from accepted bodies what it does not', () => {
    const fields = {
      name: { kind: 'string', required: true as const },
      kind: { kind: 'labeled_choice' },
      when: { kind: 'datetime', required: true as const },
    };
    const context = contextOf({ [path]: { fields, bodies: { POST: object({ name: text, part: id }, 'name') } } });
    const repaired = apply(
      'write-shapes',
      { ...given, components: { schemas: { ...given.components.schemas, Part: object({ id, port: text }) } } },
      context,
    );
    expect(repaired.document.components.schemas.ThingWrite?.required).toEqual(['name']);
    expect(repaired.document.components.schemas.ThingWrite?.properties?.part).toEqual(pk('string'));
  });
});

describe('the list of repairs', () => {
  it('names each once, with its reason', () => {
    const names = repairs.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(repairs.filter(({ reason }) => reason.length < 20)).toEqual([]);
  });

  it('proves each by a section of api.md or by exchanges that were recorded', () => {
    const recorded = new Set(versions.flatMap((version) => loadExchanges(version).map(({ name }) => name)));
    const unproven = repairs.flatMap(({ name, proof }) => {
      const quoted = [...proof.matchAll(/"([^"]+)"/g)].map(([, exchange]) => exchange ?? '');
      const isProven = /api\.md §\d/.test(proof) || quoted.length > 0;
      return [
        ...(isProven ? [] : [name]),
        ...quoted.filter((exchange) => !recorded.has(exchange)).map((exchange) => `${name}: ${exchange}`),
      ];
    });
    expect(unproven).toEqual([]);
  });

  it('reports those that changed nothing anywhere', () => {
    const given = listOf(object({ when: { type: 'string', format: 'date-time' } }));
    const { report, document } = repairDocument(given, '4.10.19', contextOf({}));
    expect(report.find(({ name }) => name === 'dates-declared')).toEqual({
      version: '4.10.19',
      name: 'dates-declared',
      changes: 1,
    });
    expect(idleRepairs(report)).toContain('phone');
    expect(idleRepairs(report)).not.toContain('dates-declared');
    expect(given.components.schemas.Thing?.properties?.when?.format).toBe('date-time');
    expect(document.components.schemas.Thing?.properties?.when?.format).toBe('jumpserver-date-time');
  });

  it.each([
    ['4.10.19', '4.10.19'],
    ['4.10.17', '4.10.16'],
    ['4.11.0', '4.10.19'],
    ['4.9.3', '4.9.0'],
    ['3.0.0', '3.10.23'],
  ])('a server of version %s is spoken for by %s', (version, want) => {
    expect(evidenceVersion(version)).toBe(want);
  });

  it('compares versions as numbers and finds the nearest', () => {
    expect(['4.10.9', '4.9.0', '4.10.16'].sort(compareVersions)).toEqual(['4.9.0', '4.10.9', '4.10.16']);
    expect(nearestVersions('4.9.0', recordedVersions)).toEqual(['4.10.16', '3.10.23', '4.10.19']);
  });
});
