import { type GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';
import { fromInput } from './dates.ts';
import { badInput, brokenContract } from './errors.ts';
import { isDeeperThan, MOST_LEVELS } from './nesting.ts';
import { Secret } from './secret.ts';

function literalText(node: ValueNode): unknown {
  return node.kind === Kind.STRING ? node.value : undefined;
}

function toSecret(value: unknown): Secret {
  if (typeof value !== 'string') throw badInput('expected a secret as text.');
  return new Secret(value);
}

function toWholeSeconds(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw badInput('expected a Duration in whole seconds.');
  return value;
}

function same(value: unknown): unknown {
  return value;
}

function toJson(value: unknown): unknown {
  if (isDeeperThan(MOST_LEVELS, value)) throw brokenContract(`expected JSON of at most ${MOST_LEVELS} levels.`);
  return value;
}

/** How each scalar of the graph is read and written; rows are converted by the resolvers before. */
export const scalars: Readonly<Record<string, Partial<GraphQLScalarType>>> = {
  DateTime: {
    serialize: same,
    parseValue: fromInput,
    parseLiteral: (node) => fromInput(literalText(node)),
  },
  Duration: {
    serialize: same,
    parseValue: toWholeSeconds,
    parseLiteral: (node) => toWholeSeconds(node.kind === Kind.INT ? Number(node.value) : undefined),
  },
  Secret: {
    serialize: () => {
      throw new Error('a secret never leaves');
    },
    parseValue: toSecret,
    parseLiteral: (node) => toSecret(literalText(node)),
  },
  JSON: {
    serialize: toJson,
    parseValue: same,
    parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
  },
};
