/** Repairs of how rows come back: pages, arrays, single objects, and answers of which the document says nothing or something else. */
import {
  answerOf,
  bodyOf,
  type Document,
  isPage,
  jsonType,
  type Located,
  operationsOf,
  type Rows,
  refName,
  resolveSchema,
  rowsIn,
  type Schema,
  successStatuses,
  toRef,
} from '../contract-document.ts';
import { type Repair, type RepairContext, seen } from './context.ts';
import { type AnswerEvidence, shapeElsewhere } from './evidence.ts';
import { isBulk, toAnswer } from './routes.ts';

const setAnswer = ({ operation }: Located, schema: Schema, status = successStatuses(operation)[0] ?? '200'): void => {
  operation.responses[status] = { ...operation.responses[status], ...toAnswer(schema) };
};

const isRead = ({ method }: Located): boolean => method === 'get';

/** Trees are never paged (api.md §5.6). */
const isTree = (path: string): boolean => path.endsWith('/tree/');

const nullableUrl: Schema = { type: 'string', nullable: true };

const toPage = (rows: Schema): Schema => ({
  type: 'object',
  properties: {
    count: { type: 'integer' },
    next: nullableUrl,
    previous: nullableUrl,
    results: { type: 'array', items: rows },
  },
  required: ['count', 'next', 'previous', 'results'],
});

/** `PaginatedUserList`, as 4.10's own document calls it; a page of something without a name stays inline. */
const pageOf = (document: Document, rows: Schema): Schema => {
  const component = refName(rows);
  if (component === undefined) return toPage(rows);
  const name = `Paginated${component}List`;
  document.components.schemas[name] = toPage(toRef(component));
  return toRef(name);
};

const isList = (document: Document, located: Located): boolean =>
  isRead(located) && isPage(resolveSchema(document, answerOf(located.operation)));

const treeNode = 'TreeNode';

const repairTrees = (document: Document): number => {
  const trees = operationsOf(document).filter((located) => isTree(located.path) && isList(document, located));
  for (const located of trees) {
    const rows = document.components.schemas[treeNode] === undefined ? { type: 'object' as const } : toRef(treeNode);
    setAnswer(located, { type: 'array', items: rows });
  }
  return trees.length;
};

/** Answers seen as an array or a page where the document has one object, and the other way round. */
const repairEnvelopes = (document: Document, context: RepairContext): number => {
  let changes = 0;
  for (const located of operationsOf(document).filter(isRead)) {
    const envelopes = seen(context, located.path)?.answers?.GET?.envelopes ?? [];
    const rows = rowsIn(document, answerOf(located.operation));
    if (rows === undefined || envelopes.length === 0) continue;
    const isSeenInMany = envelopes.includes('array') || envelopes.includes('page');
    const isDeclaredAsList = !rows.envelopes.includes('object');
    if (isSeenInMany === isDeclaredAsList) continue;
    const row = rows.component === undefined ? rows.schema : toRef(rows.component);
    setAnswer(located, isSeenInMany ? { type: 'array', items: row } : row);
    changes += 1;
  }
  return changes;
};

/** How much of what was seen the document's schema knows. */
const overlap = (schema: Schema, shape: Schema): number => {
  if (shape.type !== undefined && schema.type !== undefined && shape.type !== schema.type) return 0;
  const names = Object.keys(shape.properties ?? {});
  return names.length === 0 ? 1 : names.filter((name) => name in (schema.properties ?? {})).length / names.length;
};

const isSeenAsList = (answer: AnswerEvidence | undefined, rows: Rows | undefined): boolean => {
  if (answer !== undefined) return answer.envelopes.includes('page') || answer.envelopes.includes('array');
  return rows !== undefined && !rows.envelopes.includes('object');
};

/** What an operation was seen to answer replaces what it is said to answer, status and all. */
const repairUnlike = (document: Document, context: RepairContext): number => {
  let changes = 0;
  for (const located of operationsOf(document)) {
    const verb = located.method.toUpperCase();
    const answer = seen(context, located.path)?.answers?.[verb];
    const shape = answer?.shape ?? shapeElsewhere([context.evidence, ...context.others], located.path, verb);
    const rows = rowsIn(document, answerOf(located.operation));
    if (shape === undefined || (rows !== undefined && overlap(rows.schema, shape) > 0.4)) continue;
    const row = structuredClone(shape);
    const status = answer?.status ?? successStatuses(located.operation)[0] ?? '200';
    located.operation.responses = {};
    setAnswer(located, isSeenAsList(answer, rows) ? { type: 'array', items: row } : row, status);
    changes += 1;
  }
  return changes;
};

/** A status that was seen in place of the one declared, and bodies declared of answers that have none. */
const repairStatuses = (document: Document, context: RepairContext): number => {
  let changes = 0;
  for (const { method, path, operation } of operationsOf(document)) {
    const answer = seen(context, path)?.answers?.[method.toUpperCase()];
    if (answer === undefined) continue;
    const declared = successStatuses(operation);
    const isEmpty = answer.envelopes.join() === 'empty';
    if (declared.includes(answer.status) && !(isEmpty && answerOf(operation) !== undefined)) continue;
    const known = declared.map((status) => operation.responses[status]).find((response) => response !== undefined);
    operation.responses = { [answer.status]: isEmpty ? {} : (known ?? {}) };
    changes += 1;
  }
  return changes;
};

const repairPages = (document: Document): number => {
  const lists = operationsOf(document).filter((located) => isList(document, located));
  for (const located of lists) {
    const rows = resolveSchema(document, answerOf(located.operation))?.properties?.results?.items ?? {};
    setAnswer(located, { oneOf: [pageOf(document, rows), { type: 'array', items: rows }] });
  }
  return lists.length;
};

const orArray = (schema: Schema): Schema => ({ oneOf: [schema, { type: 'array', items: schema }] });

const bulkDelete = ['ids', 'spm'];

const repairBulk = (document: Document, context: RepairContext): number => {
  let changes = 0;
  for (const located of operationsOf(document)) {
    const { method, path, operation } = located;
    const route = seen(context, path);
    if (!isBulk(document, context, path) && route?.arrays?.includes(method.toUpperCase()) !== true) continue;
    if (method === 'delete') {
      const rest = (operation.parameters ?? []).filter(({ name }) => !bulkDelete.includes(name));
      const filters: NonNullable<typeof operation.parameters> = [
        {
          name: 'ids',
          in: 'query',
          style: 'form',
          explode: false,
          schema: { type: 'array', items: { type: 'string' } },
        },
        { name: 'spm', in: 'query', schema: { type: 'string' } },
      ];
      operation.parameters = [...rest, ...filters];
      changes += 1;
      continue;
    }
    const body = bodyOf(operation);
    if (method === 'get' || body === undefined || body.type === 'array' || body.oneOf !== undefined) continue;
    const toBoth = method === 'post' ? orArray : (schema: Schema): Schema => ({ type: 'array', items: schema });
    operation.requestBody = { required: true, content: { [jsonType]: { schema: toBoth(body) } } };
    const rows = rowsIn(document, answerOf(operation));
    if (rows?.component !== undefined) setAnswer(located, toBoth(toRef(rows.component)));
    changes += 1;
  }
  return changes;
};

/** A login answers 201 with a token, or 200 with what is still missing (api.md §1.2). */
const repairLogin = (document: Document): number => {
  const unfinished: Schema = {
    type: 'object',
    properties: {
      error: { type: 'string' },
      msg: { type: 'string' },
      data: {
        type: 'object',
        properties: {
          choices: { type: 'array', items: { type: 'string' } },
          url: { type: 'string' },
          ticket_id: { type: 'string' },
          username: { type: 'string' },
        },
      },
    },
    required: ['error'],
  };
  const logins = operationsOf(document).filter(
    ({ method, path }) => method === 'post' && /^\/authentication\/(auth|tokens)\/$/.test(path),
  );
  for (const located of logins) {
    const token = answerOf(located.operation);
    located.operation.responses = {
      200: toAnswer(unfinished),
      ...(token === undefined ? {} : { 201: toAnswer(token) }),
    };
    located.operation.requestBody = {
      required: true,
      content: {
        [jsonType]: {
          schema: {
            type: 'object',
            properties: {
              username: { type: 'string' },
              password: { type: 'string' },
              public_key: { type: 'string', nullable: true },
            },
          },
        },
      },
    };
  }
  return logins.length;
};

/** Where rows come back otherwise than the document says. */
export const answerRepairs: readonly Repair[] = [
  {
    name: 'trees-are-arrays',
    reason: 'trees are declared as pages of something; they are bare arrays of tree nodes',
    proof: 'api.md §5.6, §6; "node children tree"',
    apply: repairTrees,
  },
  {
    name: 'lists-declared-as-objects',
    reason: 'list-like actions are declared as one object (or one object as a list)',
    proof: 'api.md §6; "asset perm users"',
    apply: repairEnvelopes,
  },
  {
    name: 'answers-unlike-the-document',
    reason: 'some answers are not declared, or are declared with the component of the request',
    proof: 'api.md §5, §6; "terminate session", "verify account"',
    apply: repairUnlike,
  },
  {
    name: 'statuses-seen',
    reason: 'some operations answer with another successful status than the document says',
    proof: 'api.md §6; "bulk create accounts again", "clear account secret"',
    apply: repairStatuses,
  },
  {
    name: 'pages-or-arrays',
    reason: 'a list is always declared as a page; without limit it is a bare array',
    proof: 'api.md §3.1, §6; "users by ids", "users by ids paginated"',
    apply: repairPages,
  },
  {
    name: 'bulk-bodies',
    reason: 'POST on a list takes an array too, PUT and PATCH on a list take only arrays, DELETE takes ids',
    proof: 'api.md §4; "bulk create users", "bulk patch hosts"',
    apply: repairBulk,
  },
  {
    name: 'login-answers',
    reason: 'the answers 200 of a login (second factor, review) are not declared, and its body is called required',
    proof: 'api.md §1.2, §6; "login ok"',
    apply: repairLogin,
  },
];
