import { readFileSync } from 'node:fs';
import { type ExecutionResult, execute, type GraphQLSchema, parse } from 'graphql';
import { catalogue } from '../../src/generated/catalogue.ts';
import { operations } from '../../src/generated/operations.ts';
import { createContext } from '../../src/graph/create-context.ts';
import { toGraphQLError } from '../../src/graph/errors.ts';
import { createGraphSchema } from '../../src/graph/schema.ts';
import { modules } from '../../src/modules/index.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { createUpstream } from '../../src/upstream/index.ts';

/** A request as one caller sends it. */
export interface Question {
  readonly text: string;
  readonly token: string;
  readonly organization: string | undefined;
  readonly language: string;
}

/** What an answer is compared by: its data, and the codes of its errors. */
export interface Told {
  readonly data: unknown;
  readonly codes: readonly string[];
}

const schema: GraphQLSchema = createGraphSchema({
  sdl: readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'),
  catalogue,
  modules: [modules],
});

/** Asks as if nobody else existed: a new upstream, nothing kept from before, graphql-js, no server. */
export async function askAlone(sandbox: Sandbox, { text, token, organization, language }: Question): Promise<Told> {
  const fetch = (url: string, init: RequestInit) => sandbox.fetch(new Request(url, init));
  const upstream = createUpstream({ url: 'http://jumpserver.test', fetch, operations });
  const credentials = { authorization: `Bearer ${token}` };
  const session = upstream.session({ credentials, organization, language, forwardedFor: '127.0.0.1', budget: 500 });
  const contextValue = createContext({ session, catalogue, requestId: 'alone' });
  const result = await execute({ schema, document: parse(text), contextValue });
  await upstream.close();
  return toTold(result);
}

const toTold = ({ data, errors = [] }: ExecutionResult): Told => ({
  data: JSON.parse(JSON.stringify(data ?? null)),
  codes: toCodes(errors.map((error) => String(toGraphQLError(error.originalError ?? error).extensions['code']))),
});

/** Codes without repetition, in the order of the alphabet: the server reports a flood of the same error once. */
export const toCodes = (codes: readonly string[]): readonly string[] => [...new Set(codes)].sort();
