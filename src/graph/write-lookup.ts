import { type GraphQLResolveInfo, getNamedType, isObjectType } from 'graphql';
import type { Catalogue } from '../generated/catalogue.ts';
import type { Input } from './write-body.ts';

/**
 * How a client finds out what became of a write whose answer was lost: the query for its object, by what is unique in the input.
 * A write is never repeated by itself (graph.md §3).
 */
export function lookupOf(catalogue: Catalogue, info: GraphQLResolveInfo, input: Input): string {
  const noun = nounOf(catalogue, info);
  const roots = Object.entries(catalogue.roots).filter(([, root]) => root.noun === noun);
  const one = roots.find(([, { list }]) => !list)?.[0];
  const many = roots.find(([, { list }]) => list)?.[0];
  const unique = ['id', ...Object.keys(catalogue.nouns[noun ?? '']?.unique ?? {})];
  const key = unique.find((name) => typeof input[name] === 'string');
  if (one && key) return `Look it up: ${one}(${key}: ${JSON.stringify(input[key])}).`;
  return many ? `Look it up in ${many} before sending it again.` : 'Look it up before sending it again.';
}

/** The noun that a mutation is about: that of its payload's object. */
function nounOf(catalogue: Catalogue, info: GraphQLResolveInfo): string | undefined {
  const payload = getNamedType(info.returnType);
  if (!isObjectType(payload)) return undefined;
  const types = Object.values(payload.getFields()).map(({ type }) => getNamedType(type).name);
  return types.find((name) => name in catalogue.nouns) ?? inputNoun(catalogue, info);
}

/** A delete answers ids alone: the noun stands at its input's id. */
function inputNoun(catalogue: Catalogue, info: GraphQLResolveInfo): string | undefined {
  const [argument] = info.parentType.getFields()[info.fieldName]?.args ?? [];
  const fields = argument ? catalogue.inputs[getNamedType(argument.type).name] : undefined;
  return fields?.['id']?.noun ?? fields?.['ids']?.noun;
}
