import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import type { Catalogue } from '../generated/catalogue.ts';
import { type Bounds, boundsOf } from '../graph/cost.ts';
import { MAX_PAGE } from '../graph/page.ts';
import { type Plan, planFor } from '../graph/plan.ts';

/** An operation about to run, with its variables as they came. */
export interface Assessed {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The plan of an operation and what it will cost at least and at most. */
export interface Assessment {
  readonly plan: Plan;
  readonly bounds: Bounds;
}

/** Plans an operation before anything is sent; undefined when its variables do not fit, which the executor will tell. */
export const assess = (catalogue: Catalogue, assessed: Assessed): Assessment | undefined => {
  const { schema, document, operation, variables } = assessed;
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 1 });
  if (!coerced) return undefined;
  const fragments = fragmentsOf(document);
  const plan = planFor(catalogue, { schema, operation, fragments, variableValues: coerced });
  return { plan, bounds: boundsOfPlan(plan) };
};

const reckoned = new WeakMap<Plan, Bounds>();

const boundsOfPlan = (plan: Plan): Bounds => {
  const bounds = reckoned.get(plan) ?? boundsOf(plan, MAX_PAGE);
  reckoned.set(plan, bounds);
  return bounds;
};

/** @throws GraphQLError `COST_LIMIT` with the figure, when even the fewest calls are more than the operation may make */
export const assertAffordable = ({ bounds }: Assessment, budget: number): void => {
  const { lower, upper } = bounds;
  if (lower <= budget) return;
  throw new GraphQLError(`The operation needs at least ${lower} calls to JumpServer; ${budget} are allowed.`, {
    extensions: { code: 'COST_LIMIT', calls: { lower, upper, budget } },
  });
};

const known = new WeakMap<DocumentNode, Readonly<Record<string, FragmentDefinitionNode>>>();

const fragmentsOf = (document: DocumentNode): Record<string, FragmentDefinitionNode> => {
  const fragments = known.get(document) ?? collectFragments(document);
  known.set(document, fragments);
  return fragments;
};

const collectFragments = ({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> =>
  Object.fromEntries(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
