import { composeServices } from '@apollo/composition';
import { type DocumentNode, parse } from 'graphql';
import { JUMPGRAPH } from './forwarded.ts';

/** A subgraph as composition sees it. */
export interface Composed {
  readonly name: string;
  readonly url: string;
  readonly typeDefs: DocumentNode;
}

/** Asks a running Jumpgraph for its schema, as any supergraph tool would. Throws when it does not tell. */
export async function introspect(url: string): Promise<Composed> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  });
  const { data } = (await response.json()) as { data?: { _service: { sdl: string } } };
  if (!data) throw new Error(`${url} does not tell its schema: see INTROSPECTION`);
  return { name: JUMPGRAPH, url, typeDefs: parse(data._service.sdl) };
}

/** Makes the supergraph's SDL. Throws with every reason why the subgraphs do not fit together. */
export function compose(subgraphs: readonly Composed[]): string {
  const { supergraphSdl, errors } = composeServices([...subgraphs]);
  if (supergraphSdl === undefined) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}
