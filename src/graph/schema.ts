import {
  buildASTSchema,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  parse,
} from 'graphql';
import type { Catalogue } from '../generated/catalogue.ts';
import { createReferences } from './entities.ts';
import { createNodeResolver, createNodesResolver, resolveRowType } from './reference.ts';
import {
  createFieldResolver,
  createManyResolver,
  createOneResolver,
  identityResolvers,
  type Resolver,
} from './resolve.ts';
import { scalars } from './scalars.ts';
import type { Resolvers, Served } from './served.ts';
import { attachSubgraph } from './subgraph.ts';
import { payloadResolvers } from './write-payload.ts';

/** What a schema is made of. */
export interface SchemaParts {
  /** The public SDL. */
  readonly sdl: string;
  readonly catalogue: Catalogue;
  readonly modules: readonly Served[];
}

/** Builds the executable schema: the catalogue's resolvers, then those written by hand. */
export function createGraphSchema({ sdl, catalogue, modules }: SchemaParts): GraphQLSchema {
  const document = parse(sdl);
  const schema = buildASTSchema(document, { assumeValidSDL: true });
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isScalarType(type)) Object.assign(type, scalars[type.name]);
    else if (isAbstractType(type)) type.resolveType = resolveRowType;
    else if (isObjectType(type)) attach(type, resolversOf(catalogue, type));
  }
  attachSubgraph(schema, document, createReferences(catalogue, schema));
  for (const module of modules.flat()) attachModule(schema, module);
  refuseUnserved(schema, catalogue);
  return schema;
}

function attach(type: GraphQLObjectType, resolvers: Readonly<Record<string, Resolver | undefined>>): void {
  const fields = type.getFields();
  for (const [name, resolver] of Object.entries(resolvers)) {
    const field = fields[name];
    if (field && resolver) field.resolve = resolver;
  }
}

function resolversOf(catalogue: Catalogue, object: GraphQLObjectType): Record<string, Resolver | undefined> {
  const type = object.name;
  if (type.endsWith('Payload')) return payloadResolvers(catalogue, object);
  if (type === 'Query') {
    return { ...rootResolvers(catalogue), node: createNodeResolver(catalogue), nodes: createNodesResolver(catalogue) };
  }
  const noun = catalogue.nouns[type];
  const fields = (noun ?? catalogue.objects[type])?.fields ?? {};
  const own = Object.entries(fields).map(([name, field]) => [name, createFieldResolver(catalogue, type, name, field)]);
  return { ...Object.fromEntries(own), ...(noun ? identityResolvers(noun) : {}) };
}

/** The roots of every noun. They read in the scope of their source, so that they serve inside another organisation too. */
export function rootResolvers(catalogue: Catalogue): Record<string, Resolver> {
  const roots = Object.entries(catalogue.roots).flatMap(([root, { noun: name, list }]) => {
    const noun = catalogue.nouns[name];
    return noun
      ? [[root, list ? createManyResolver(catalogue, noun) : createOneResolver(catalogue, noun)] as const]
      : [];
  });
  return Object.fromEntries(roots);
}

function attachModule(schema: GraphQLSchema, module: Resolvers): void {
  for (const [typeName, resolvers] of Object.entries(module)) {
    const type = schema.getType(typeName);
    for (const [name, resolver] of Object.entries(resolvers)) {
      const field = isObjectType(type) ? type.getFields()[name] : undefined;
      if (field) field.resolve = resolver as GraphQLFieldResolver<unknown, unknown>;
      else if (isInterfaceType(type) || !type)
        throw new Error(`a module serves ${typeName}.${name}, which the schema does not have`);
      else if (name === '__resolveType') Object.assign(type, { resolveType: resolver });
      else throw new Error(`a module serves ${typeName}.${name}, which the schema does not have`);
    }
  }
}

/** Fields declared as hand-written (`@needs`, `@calls`, roots) that nobody serves. A test keeps the list empty; such a field answers an error. */
export function unservedFields(schema: GraphQLSchema, catalogue: Catalogue): string[] {
  const owners = [...Object.entries(catalogue.nouns), ...Object.entries(catalogue.objects)];
  const custom = owners.flatMap(([type, { fields }]) =>
    Object.entries(fields).flatMap(([name, field]) => (field.kind === 'custom' ? [[type, name] as const] : [])),
  );
  const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}).map((name) => [type?.name ?? '', name] as const),
  );
  return [...custom, ...roots].flatMap(([typeName, name]) => {
    const type = schema.getType(typeName);
    const field = isObjectType(type) ? type.getFields()[name] : undefined;
    return field && !field.resolve ? [`${typeName}.${name}`] : [];
  });
}

/** An unserved field would answer null for ever: it fails instead. */
function refuseUnserved(schema: GraphQLSchema, catalogue: Catalogue): void {
  for (const coordinate of unservedFields(schema, catalogue)) {
    const [typeName = '', name = ''] = coordinate.split('.');
    const type = schema.getType(typeName);
    const field = isObjectType(type) ? type.getFields()[name] : undefined;
    if (!field) continue;
    field.resolve = () => {
      throw new Error(`no resolver serves ${coordinate}`);
    };
  }
}
