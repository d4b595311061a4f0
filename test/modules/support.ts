import type { Sandbox, SandboxVersion } from '../../src/sandbox/index.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';

/** One JumpServer, asked by its administrator and by an ordinary user. */
export interface Callers {
  readonly admin: TestGraph;
  readonly user: TestGraph;
  close(): Promise<void>;
}

/** Starts a server for each of the two callers before one sandbox: a new one of a version, or the test's own. */
export const startCallers = async (of?: SandboxVersion | Sandbox): Promise<Callers> => {
  const admin = await startGraph(typeof of === 'string' ? { version: of } : of === undefined ? {} : { sandbox: of });
  const user = await startGraph({ sandbox: admin.sandbox, token: 'sandbox-user' });
  return {
    admin,
    user,
    close: async () => {
      await admin.close();
      await user.close();
    },
  };
};

/** What a mutation's payload has besides its object. */
export interface Payload {
  readonly userErrors: readonly { field: string[]; code: string; message: string; row: number | null }[];
  readonly warnings: readonly { code: string; path: string[] | null }[];
  readonly [name: string]: unknown;
}

/** Runs one mutation with an input; `selection` is what is asked of its object. */
export const mutate = async (graph: TestGraph, name: string, input: object, selection: string): Promise<Payload> => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation($input: ${type}!) {
    ${name}(input: $input) { ${selection} userErrors { field code message row } warnings { code path } }
  }`;
  const { data, errors } = await graph.query<Record<string, Payload>>(document, { input });
  const payload = data?.[name];
  if (!payload) throw new Error(`${name} failed: ${JSON.stringify(errors)}`);
  return payload;
};

/** The code with which a mutation fails as a whole. */
export const failure = async (graph: TestGraph, name: string, input: object): Promise<string | undefined> => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation($input: ${type}!) { ${name}(input: $input) { userErrors { code } } }`;
  const { errors } = await graph.query(document, { input });
  return errors?.[0]?.extensions.code;
};

/** `field code` of each refusal. */
export const refusals = ({ userErrors }: Payload): string[] =>
  userErrors.map(({ field, code }) => `${field.join('.')} ${code}`);

/** The writes that reached JumpServer since the log was cleared, as `METHOD path`. */
export const writesOf = ({ sandbox }: TestGraph): string[] =>
  sandbox.log.filter(({ method }) => method !== 'GET').map(({ method, path, query }) => `${method} ${path}${query}`);

/** A row as far as tests look at it. */
export interface Named {
  readonly id: string;
  readonly uuid: string;
  readonly name: string;
  readonly username: string;
}

/** Rows of a root connection, with what is selected of them. */
export const list = async <T = Named>(graph: TestGraph, field: string, selection: string): Promise<T[]> => {
  const { data, errors } = await graph.query<{ rows: { nodes: T[] } }>(`{ rows: ${field} { nodes { ${selection} } } }`);
  if (!data?.rows) throw new Error(`${field} failed: ${JSON.stringify(errors)}`);
  return data.rows.nodes;
};

/** An id that no row has. */
export const NOBODY = '00000000-0000-0000-0000-00000000dead';
