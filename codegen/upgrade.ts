/** Brings a document into the one dialect that every later step reads: OpenAPI 3.0, JSON bodies only, paths without `/api/v1`. */
import { createRequire } from 'node:module';
import {
  type Content,
  type Document,
  jsonType,
  methods,
  type Operation,
  type Parameter,
  type PathItem,
} from './contract-document.ts';

/** A Swagger 2.0 or OpenAPI 3.0 document as a server serves it. */
export type RawDocument = { swagger?: string; openapi?: string; info?: object; paths?: object };

/** Typed as far as we use it: its published types want a Swagger document that JumpServer's own does not satisfy. */
interface Converter {
  convertObj(document: object, options: object): Promise<{ openapi: Document }>;
}

/**
 * Converts Swagger 2.0 (JumpServer before 4.10.8) to OpenAPI 3.0; leaves OpenAPI 3.0 as it is.
 * The document given is not changed.
 */
export const upgradeDocument = async (document: RawDocument): Promise<Document> => {
  const copy = structuredClone(document);
  if (document.swagger === undefined) return copy as Document;
  const converter: Converter = createRequire(import.meta.url)('swagger2openapi');
  const { openapi } = await converter.convertObj(copy, { patch: true, warnOnly: true, resolve: false });
  return openapi;
};

/** Paths stand below `/api/v1`; only the health check stands beside it, and below it as well (api.md §5.18). */
const toPath = (path: string): string | undefined => {
  if (/^\/api\/swagger\./.test(path)) return undefined;
  // drf-spectacular prints nested regular expressions as `/terminals/{var}status/` (api.md §6)
  return path.replace(/^\/api(\/v1)?\//, '/').replace(/\{var\}(?=[a-z])/, '{parent}/');
};

/** JumpServer declares every body in CSV and XLSX too; those are for files and are left out. */
const onlyJson = (content: Content | undefined): Content | undefined => {
  const json = content?.[jsonType];
  return json === undefined ? content : { [jsonType]: json };
};

const normalizeOperation = (document: Document, shared: Parameter[], operation: Operation): Operation => {
  const own = operation.parameters ?? [];
  const inherited = shared.filter(({ name }) => !own.some((parameter) => parameter.name === name));
  const normalized: Operation = { ...operation, parameters: [...inherited, ...own].map(normalizeParameter) };
  const reference = operation.requestBody?.$ref?.split('/').at(-1);
  const body = reference === undefined ? operation.requestBody : document.components.requestBodies?.[reference];
  if (body !== undefined) normalized.requestBody = { ...body, content: onlyJson(body.content) ?? {} };
  normalized.responses = Object.fromEntries(
    Object.entries(operation.responses).map(([status, answer]) => {
      const content = onlyJson(answer.content);
      return [status, content === undefined ? answer : { ...answer, content }];
    }),
  );
  return structuredClone(normalized);
};

/** `{var}status` got a proper name in the path, so its parameter gets the same. */
const normalizeParameter = (parameter: Parameter): Parameter =>
  parameter.in === 'path' && parameter.name === 'var' ? { ...parameter, name: 'parent' } : parameter;

const normalizeItem = (document: Document, item: PathItem): PathItem => {
  const shared = item.parameters ?? [];
  return Object.fromEntries(
    methods.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [[method, normalizeOperation(document, shared, operation)]];
    }),
  );
};

/** Strips the prefix of every path, pulls shared bodies and parameters into their operations, keeps JSON bodies only. */
export const normalizeDocument = (document: Document): Document => ({
  openapi: '3.0.3',
  info: { title: 'JumpServer', version: 'v1' },
  servers: [{ url: '/api/v1' }],
  paths: Object.fromEntries(
    Object.entries(document.paths).flatMap(([path, item]) => {
      const stripped = toPath(path);
      return stripped === undefined ? [] : [[stripped, normalizeItem(document, item)]];
    }),
  ),
  components: { schemas: structuredClone(document.components.schemas) },
});
