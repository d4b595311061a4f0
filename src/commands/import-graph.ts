import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { execute, type GraphQLSchema, parse } from 'graphql';
import { catalogue } from '../generated/catalogue.ts';
import { createContext } from '../graph/create-context.ts';
import { toGraphQLError } from '../graph/errors.ts';
import { createGraphSchema } from '../graph/schema.ts';
import { modules } from '../modules/index.ts';
import { packagePath } from '../server/package-root.ts';
import { openSession } from './open-session.ts';
import type { Surroundings } from './surroundings.ts';

/** The graph in this process, asked by the operator. */
export interface CommandGraph {
  readonly schema: GraphQLSchema;
  /** Runs one operation. Throws its first error. */
  run(document: string, variables: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

/** Opens the graph for a command: no server, no limits of one operation. Throws `NotSignedInError`. */
export async function openGraph(surroundings: Surroundings, organization?: string): Promise<CommandGraph> {
  const sdl = await readFile(packagePath('schema', 'schema.graphql'), 'utf8');
  const schema = createGraphSchema({ sdl, catalogue, modules: [modules] });
  const { session, home, close } = await openSession(surroundings, organization);
  return {
    schema,
    run: async (document, variables) => {
      const contextValue = createContext({ session, catalogue, requestId: randomUUID(), home });
      const args = { schema, document: parse(document), contextValue, variableValues: variables };
      const { data, errors } = await execute(args);
      const [error] = errors ?? [];
      if (error) throw toGraphQLError(error);
      return data ?? {};
    },
    close,
  };
}
