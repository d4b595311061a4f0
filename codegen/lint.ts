import {
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type StringValueNode,
  type TypeNode,
} from 'graphql';

/** Names that the federation and link specifications fix. */
const FIXED = /^(_Any|_Entity|_Service|_entities|_service|(link|federation)__\w+)$/;
/** Fields that are times and may be named otherwise: they say of what they are the time. */
const TIME_NAMES = new Set(['from', 'to', 'at', 'asOf', 'timestamp', 'time']); // `time` is what a clock shows
/** Anything of a schema that has a name and may have a description. */
interface Named {
  readonly coordinate: string;
  readonly description: StringValueNode | undefined;
}

/**
 * What is wrong with a public schema by our conventions (graph.md §1): descriptions, names, times, secrets, deprecations, mutations, and the
 * Relay server specification. One sentence a finding, beginning with the coordinate; sorted.
 */
export function lintSchema(document: DocumentNode): string[] {
  const objects = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );
  const inputs = new Set(
    document.definitions.flatMap((node) => (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION ? [node.name.value] : [])),
  );
  return [
    ...namedIn(document).flatMap(lintDescription),
    ...document.definitions.flatMap(lintNames),
    ...[...objects.values()].flatMap((object) => lintObject(object, objects)),
    ...lintMutations(objects, inputs),
  ].sort();
}

function namedIn(document: DocumentNode): Named[] {
  return document.definitions.flatMap((node): Named[] => {
    if (!('name' in node) || !node.name || !('description' in node)) return [];
    const name = node.kind === Kind.DIRECTIVE_DEFINITION ? `@${node.name.value}` : node.name.value;
    const own = { coordinate: name, description: node.description };
    if (node.kind === Kind.DIRECTIVE_DEFINITION) return [own, ...toNamed(name, node.arguments, (it) => `(${it}:)`)];
    if (node.kind === Kind.ENUM_TYPE_DEFINITION) return [own, ...toNamed(name, node.values)];
    if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) return [own, ...toNamed(name, node.fields)];
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return [own];
    const below = (node.fields ?? []).flatMap((field) =>
      toNamed(`${name}.${field.name.value}`, field.arguments, (it) => `(${it}:)`),
    );
    return [own, ...toNamed(name, node.fields), ...below];
  });
}

function toNamed(
  owner: string,
  nodes: readonly { readonly name: { readonly value: string }; readonly description?: StringValueNode }[] | undefined,
  place: (name: string) => string = (name) => `.${name}`,
): Named[] {
  return (nodes ?? []).map(({ name, description }) => ({ coordinate: `${owner}${place(name.value)}`, description }));
}

function lintDescription({ coordinate, description }: Named): string[] {
  const text = description?.value.trim() ?? '';
  if (text === '') return [`${coordinate} has no description.`];
  if (!/[.!?…]$/.test(text)) return [`${coordinate}: its description is no sentence: ${JSON.stringify(text)}.`];
  return [];
}

function lintNames(node: DocumentNode['definitions'][number]): string[] {
  if (!('name' in node) || !node.name || node.kind === Kind.DIRECTIVE_DEFINITION) return [];
  const name = node.name.value;
  const wrong: string[] = [];
  if (!FIXED.test(name) && !/^[A-Z][A-Za-z0-9]*$/.test(name)) wrong.push(`${name}: a type's name is PascalCase.`);
  if (node.kind === Kind.ENUM_TYPE_DEFINITION)
    for (const value of node.values ?? [])
      if (!/^[A-Z][A-Z0-9_]*$/.test(value.name.value))
        wrong.push(`${name}.${value.name.value}: a value is SCREAMING_SNAKE_CASE.`);
  if (!('fields' in node)) return wrong;
  const fields: readonly (FieldDefinitionNode | InputValueDefinitionNode)[] = node.fields ?? [];
  return [...wrong, ...fields.flatMap((field) => lintField(name, field))];
}

function lintField(owner: string, field: FieldDefinitionNode | InputValueDefinitionNode): string[] {
  const name = field.name.value;
  const coordinate = `${owner}.${name}`;
  const wrong: string[] = [];
  if (!FIXED.test(name) && !/^[a-z][A-Za-z0-9]*$/.test(name)) wrong.push(`${coordinate}: a field's name is camelCase.`);
  const type = nameOf(field.type);
  if (type === 'DateTime' && !name.endsWith('At') && !TIME_NAMES.has(name))
    wrong.push(`${coordinate}: a time's name ends in "At".`);
  if (type === 'Secret' && field.kind === Kind.FIELD_DEFINITION) wrong.push(`${coordinate}: a Secret never leaves.`);
  const reason = field.directives?.find((directive) => directive.name.value === 'deprecated')?.arguments?.[0]?.value;
  if (reason?.kind === Kind.STRING && !/^Use .+\. Removed in .+\.$/.test(reason.value))
    wrong.push(`${coordinate}: its deprecation says not "Use x. Removed in N."`);
  if (field.kind !== Kind.FIELD_DEFINITION) return wrong;
  for (const argument of field.arguments ?? [])
    if (!/^[a-z][A-Za-z0-9]*$/.test(argument.name.value))
      wrong.push(`${coordinate}(${argument.name.value}:): an argument's name is camelCase.`);
  return wrong;
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}

function spell(type: TypeNode | undefined): string {
  if (!type) return 'nothing';
  if (type.kind === Kind.NON_NULL_TYPE) return `${spell(type.type)}!`;
  return type.kind === Kind.LIST_TYPE ? `[${spell(type.type)}]` : type.name.value;
}

/** Relay: nodes have a global id; connections, edges and the arguments of their fields have the specified shape. */
function lintObject(
  object: ObjectTypeDefinitionNode,
  objects: ReadonlyMap<string, ObjectTypeDefinitionNode>,
): string[] {
  const name = object.name.value;
  const fields = new Map((object.fields ?? []).map((field) => [field.name.value, field]));
  const wants = (field: string, expected: string | RegExp): string[] => {
    const came = spell(fields.get(field)?.type);
    const fits = typeof expected === 'string' ? came === expected : expected.test(came);
    return fits ? [] : [`${name}.${field}: expected ${expected}, got ${came}.`];
  };
  const isNode = object.interfaces?.some((it) => it.name.value === 'Node') ?? false;
  const wrong = [
    ...(isNode ? wants('id', 'ID!') : []),
    ...[...fields.values()].flatMap((it) => lintList(name, it, objects)),
  ];
  if (name.endsWith('Connection'))
    wrong.push(
      ...wants('edges', /^\[\w+Edge!\]!$/),
      ...wants('nodes', /^\[\w+!\]!$/),
      ...wants('pageInfo', 'PageInfo!'),
      ...wants('totalCount', 'Int!'),
    );
  if (name.endsWith('Edge')) wrong.push(...wants('cursor', 'String!'), ...wants('node', /^\w+!$/));
  return wrong;
}

function lintList(
  owner: string,
  field: FieldDefinitionNode,
  objects: ReadonlyMap<string, ObjectTypeDefinitionNode>,
): string[] {
  const type = nameOf(field.type);
  if (!type.endsWith('Connection')) return [];
  // Connections of computed rows or edges (graph.md §4) are named after what is computed, and are only read forward.
  const row = objects.get(type.slice(0, -'Connection'.length));
  const isNode = row?.interfaces?.some(({ name }) => name.value === 'Node') ?? false;
  const names = new Set((field.arguments ?? []).map((argument) => argument.name.value));
  const wanted = isNode ? ['first', 'after', 'last', 'before'] : ['first', 'after'];
  return wanted
    .filter((argument) => !names.has(argument))
    .map((argument) => `${owner}.${field.name.value}: a connection takes "${argument}".`);
}

/** Each mutation takes one `input` named after it and answers its payload, or the result of a sign-in. */
function lintMutations(objects: ReadonlyMap<string, ObjectTypeDefinitionNode>, inputs: ReadonlySet<string>): string[] {
  return (objects.get('Mutation')?.fields ?? []).flatMap((field) => {
    const name = field.name.value;
    const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const wrong: string[] = [];
    const [input, ...more] = field.arguments ?? [];
    if (
      input?.name.value !== 'input' ||
      more.length > 0 ||
      spell(input.type) !== `${title}Input!` ||
      !inputs.has(`${title}Input`)
    )
      wrong.push(`Mutation.${name}: expected the one argument "input: ${title}Input!".`);
    const answer = spell(field.type);
    if (/Result!?$/.test(answer)) return wrong;
    if (answer !== `${title}Payload!`)
      wrong.push(`Mutation.${name}: expected to answer ${title}Payload!, got ${answer}.`);
    const payload = new Set(objects.get(`${title}Payload`)?.fields?.map((it) => it.name.value));
    for (const wanted of ['userErrors', 'warnings'])
      if (!payload.has(wanted)) wrong.push(`${title}Payload: lacks "${wanted}".`);
    return wrong;
  });
}
