import { Kind, parse } from 'graphql';
import { catalogue } from '../../src/generated/catalogue.ts';
import { type Bounds, boundsOf } from '../../src/graph/cost.ts';
import { planOperation } from '../../src/graph/plan.ts';
import { graphSchema } from './recorded-graph.ts';

/** The bounds that the plan of an operation without variables gives, before anything is sent. */
export function boundsOfText(text: string): Bounds {
  const { definitions } = parse(text);
  const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('there is no operation in the text');
  const fragments = Object.fromEntries(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  return boundsOf(planOperation(catalogue, { schema: graphSchema(), operation, fragments, variableValues: {} }), 1000);
}
