import {
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql';
import type { Catalogue, Filter, Noun } from './catalogue-type.ts';
import { withFederation } from './federation.ts';
import { directiveOf, faultAt, isNoun, type NounNode, type SourceModel, shapeOf } from './source.ts';

const INTERNAL = new Set([
  'rows',
  'part',
  'from',
  'ref',
  'members',
  'reverse',
  'filter',
  'order',
  'since',
  'hidden',
  'needs',
  'calls',
  'id',
  'connection',
  'variant',
]);
const INTERNAL_TYPES = new Set(['IdKind', 'Inherit', 'RowScope', 'Rule']);

/** Prints the public SDL: nouns with identity, connections, filters, orders, roots and payloads, without internal directives. */
export function expandSource(model: SourceModel, catalogue: Catalogue): string {
  const kept = model.document.definitions.filter((node) => isPublic(node, catalogue));
  const merged = mergeObjects(kept, catalogue);
  const listed = listedNouns(catalogue);
  const added = Object.values(catalogue.nouns).flatMap((noun) =>
    listed.has(noun.name) ? definitionsOf(model, noun) : [],
  );
  const payloads = payloadsOf(model, catalogue);
  const roots = parse(rootsOf(catalogue)).definitions;
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: withRoots([...merged, ...added, ...payloads], roots),
  };
  const stripped = visit(document, { Directive: (node) => (INTERNAL.has(node.name.value) ? null : undefined) });
  const published = withFederation(stripped, catalogue);
  return `${published.definitions.map((node: DefinitionNode) => print(node)).join('\n\n')}\n`;
}

/** Nouns that a root or a relation lists; the others need no connection. */
function listedNouns(catalogue: Catalogue): ReadonlySet<string> {
  const roots = Object.values(catalogue.roots).flatMap(({ noun, list }) => (list ? [noun] : []));
  const owners = [...Object.values(catalogue.nouns), ...Object.values(catalogue.objects)];
  const relations = owners.flatMap(({ fields }) =>
    Object.values(fields).flatMap((field) => {
      if (field.kind === 'reverse' || field.kind === 'members') return [field.noun];
      return field.kind === 'custom' && field.lists ? [field.lists] : [];
    }),
  );
  return new Set([...roots, ...relations]);
}

function isPublic(node: DefinitionNode, catalogue: Catalogue): boolean {
  if (node.kind === Kind.DIRECTIVE_DEFINITION) return !INTERNAL.has(node.name.value);
  if (!('name' in node) || !node.name) return true;
  const name = node.name.value;
  if (INTERNAL_TYPES.has(name)) return false;
  return !(
    node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION &&
    name.endsWith('Filter') &&
    name.slice(0, -6) in catalogue.nouns
  );
}

function mergeObjects(nodes: readonly DefinitionNode[], catalogue: Catalogue): DefinitionNode[] {
  return nodes.map((node) => {
    const noun = 'name' in node && node.name ? catalogue.nouns[node.name.value] : undefined;
    if (noun && isNoun(node)) return toNounType(node, noun, catalogue);
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) return node;
    if (node.name.value === 'Mutation')
      return { ...node, fields: (node.fields ?? []).map((field) => toMutation(field)) };
    return { ...node, fields: visibleFields(node.fields, catalogue, catalogue.objects[node.name.value]) };
  });
}

function visibleFields(
  fields: readonly FieldDefinitionNode[] | undefined,
  catalogue: Catalogue,
  owner: Pick<Noun, 'fields'> | undefined,
): FieldDefinitionNode[] {
  return (fields ?? [])
    .filter((field) => !directiveOf(field, 'hidden'))
    .map((field) => toPublicField(field, catalogue, owner));
}

function toPublicField(
  field: FieldDefinitionNode,
  catalogue: Catalogue,
  owner: Pick<Noun, 'fields'> | undefined,
): FieldDefinitionNode {
  const known = owner?.fields[field.name.value];
  if (known?.kind === 'custom' && known.lists !== undefined) {
    const target = catalogue.nouns[known.lists];
    return withDescription(field, `${field.name.value}${connectionArguments(target)}: ${known.lists}Connection`);
  }
  if (known?.kind === 'reverse') {
    const target = catalogue.nouns[known.noun];
    return withDescription(
      field,
      `${field.name.value}${connectionArguments(target, known.inherit?.argument)}: ${known.noun}Connection`,
    );
  }
  if (known?.kind === 'members') {
    return withDescription(field, `${field.name.value}(${PAGE_ARGUMENTS}): ${known.noun}Connection`);
  }
  return field;
}

/** Parses one field from text and gives it the description of another. */
function withDescription(field: FieldDefinitionNode, text: string): FieldDefinitionNode {
  const parsed = parse(`type T { ${text} }`).definitions[0] as ObjectTypeDefinitionNode;
  const made = parsed.fields?.[0];
  if (!made) throw faultAt(field, `can't expand "${text}"`);
  return { ...made, ...(field.description ? { description: field.description } : {}) };
}

function toNounType(node: NounNode, noun: Noun, catalogue: Catalogue): NounNode {
  const own =
    noun.id === 'INT'
      ? `"JumpServer's own number." number: Int!`
      : `"JumpServer's own id, a lower-case UUID." uuid: ID!`;
  const head = parse(`type T implements Node { "Opaque, unique over all types." id: ID! ${own} }`)
    .definitions[0] as ObjectTypeDefinitionNode;
  return {
    ...node,
    interfaces: [...(head.interfaces ?? []), ...(node.interfaces ?? [])],
    fields: [...(head.fields ?? []), ...visibleFields(node.fields, catalogue, noun), ...insideRoots(noun, catalogue)],
  };
}

/** An organisation has every root that is read inside one. */
function insideRoots(noun: Noun, catalogue: Catalogue): readonly FieldDefinitionNode[] {
  if (noun.name !== 'Organization') return [];
  const [type] = parse(rootsOf(catalogue, (target) => target.scope === 'ORGANIZATION')).definitions;
  const known = new Set(Object.keys(noun.fields));
  return ((type as ObjectTypeDefinitionNode).fields ?? []).filter((field) => !known.has(field.name.value));
}

const PAGE_ARGUMENTS = `
  "Rows from the start (or after \`after\`); 50 when neither \`first\` nor \`last\` is given, at most 1000." first: Int
  "Rows after this cursor." after: String
  "Rows from the end (or before \`before\`), at most 1000." last: Int
  "Rows before this cursor." before: String
  "Rows to leave out first; for tables with page numbers." offset: Int`;

function connectionArguments(noun: Noun | undefined, inherit?: string): string {
  if (!noun) return '';
  const more = [PAGE_ARGUMENTS];
  if (Object.keys(noun.filters).length > 0)
    more.push(`"Only rows that match all of these." filter: ${noun.name}Filter`);
  more.push('"Words that JumpServer looks for in the usual columns." search: String');
  if (Object.keys(noun.orders).length > 0) {
    more.push(`"Order of the rows; ties are broken by the default order." orderBy: [${noun.name}Order!]`);
  }
  if (inherit) more.push(`"Also what is given along the tree." ${inherit}: Boolean = false`);
  return `(${more.join('\n')})`;
}

function definitionsOf(model: SourceModel, noun: Noun): readonly DefinitionNode[] {
  const { name } = noun;
  const parts = [
    `"A page of ${name} rows."
    type ${name}Connection {
      "Rows with their cursors." edges: [${name}Edge!]!
      "The rows themselves." nodes: [${name}!]!
      "Where the page stands." pageInfo: PageInfo!
      "Number of rows in the whole list." totalCount: Int!
    }
    "A ${name} in its place in a list."
    type ${name}Edge { "Points here, for \`after\` and \`before\`." cursor: String! "The row." node: ${name}! }`,
  ];
  const filters = Object.entries(noun.filters);
  if (filters.length > 0) {
    const lines = filters.map(
      ([field, filter]) => `${describeFilter(model, noun, field, filter)} ${field}: ${filterType(filter)}`,
    );
    parts.push(
      `"What ${name} rows can be filtered by; all given fields have to match." input ${name}Filter { ${lines.join('\n')} }`,
    );
  }
  const orders = Object.keys(noun.orders);
  if (orders.length > 0) {
    const values = orders.map((value) => `"By \`${toFieldName(value)}\`." ${value}`);
    parts.push(`"What ${name} rows can be ordered by." enum ${name}OrderField { ${values.join('\n')} }
    "One step of an order of ${name} rows."
    input ${name}Order { "The field." field: ${name}OrderField! "The direction." direction: OrderDirection! = ASC }`);
  }
  return parse(parts.join('\n')).definitions;
}

function toFieldName(constant: string): string {
  return constant.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function filterType(filter: Filter): string {
  const single = filter.range ? 'DateTimeRange' : filter.value === 'Enum' ? filter.enum : filter.value;
  return filter.list ? `[${single}!]` : String(single);
}

/** The description of a filter: its own, from the source's filter input, or one made from the field. */
function describeFilter(model: SourceModel, noun: Noun, field: string, filter: Filter): string {
  const own = model.document.definitions
    .flatMap((node) =>
      node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION && node.name.value === `${noun.name}Filter`
        ? (node.fields ?? [])
        : [],
    )
    .find((candidate: InputValueDefinitionNode) => candidate.name.value === field);
  if (own?.description) return JSON.stringify(own.description.value);
  if (filter.range) return `"Within this stretch of time."`;
  return filter.list ? `"Any of these values." ` : `"Exactly this value."`;
}

function rootsOf(catalogue: Catalogue, isWanted: (noun: Noun) => boolean = () => true): string {
  const roots = Object.entries(catalogue.roots).filter(([, { noun }]) => {
    const target = catalogue.nouns[noun];
    return target !== undefined && isWanted(target);
  });
  const fields = roots.map(([root, { noun: name, list }]) => {
    const noun = catalogue.nouns[name];
    if (list) return `"${name} rows that the caller may see." ${root}${connectionArguments(noun)}: ${name}Connection`;
    const unique = Object.keys(noun?.unique ?? {}).map((field) => `"By ${field}." ${field}: String`);
    const id = unique.length > 0 ? 'id: ID' : 'id: ID!';
    return `"One ${name}; null when it does not exist or the caller may not see it." ${root}("Global id or JumpServer's own." ${id} ${unique.join(' ')}): ${name}`;
  });
  return `type Query { ${fields.join('\n')} }`;
}

/** Adds the generated roots to `Query` and folds extensions into their types. */
function withRoots(nodes: readonly DefinitionNode[], roots: readonly DefinitionNode[]): DefinitionNode[] {
  const extensions = [
    ...nodes,
    ...roots.map((node) => ({ ...node, kind: Kind.OBJECT_TYPE_EXTENSION }) as DefinitionNode),
  ].filter((node) => node.kind === Kind.OBJECT_TYPE_EXTENSION);
  return nodes
    .filter((node) => node.kind !== Kind.OBJECT_TYPE_EXTENSION)
    .map((node) => {
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return node;
      const more = extensions.filter((extension) => extension.name.value === node.name.value);
      return more.length > 0
        ? { ...node, fields: [...(node.fields ?? []), ...more.flatMap((extension) => extension.fields ?? [])] }
        : node;
    })
    .filter((node) => node.kind !== Kind.OBJECT_TYPE_DEFINITION || (node.fields?.length ?? 0) > 0);
}

/** `createUser(…): User` in the source answers `CreateUserPayload { user userErrors warnings }`, unless a payload is written out. */
function toMutation(field: FieldDefinitionNode): FieldDefinitionNode {
  if (!needsPayload(field)) return field;
  return {
    ...field,
    type: {
      kind: Kind.NON_NULL_TYPE,
      type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: payloadName(field) } },
    },
  };
}

function needsPayload(field: FieldDefinitionNode): boolean {
  const { name } = shapeOf(field.type);
  return !name.endsWith('Payload') && !name.endsWith('Result');
}

function payloadName(field: FieldDefinitionNode): string {
  return `${field.name.value.charAt(0).toUpperCase()}${field.name.value.slice(1)}Payload`;
}

const PAYLOAD_REST = `
  "Why it was refused; empty when it was done." userErrors: [UserError!]!
  "What the caller should know all the same." warnings: [Warning!]!`;

function payloadsOf(model: SourceModel, catalogue: Catalogue): readonly DefinitionNode[] {
  const mutations = model.document.definitions.flatMap((node) =>
    (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION) &&
    node.name.value === 'Mutation'
      ? (node.fields ?? [])
      : [],
  );
  const texts = mutations.filter(needsPayload).map((field) => {
    const { name, list } = shapeOf(field.type);
    return `"What \`${field.name.value}\` did." type ${payloadName(field)} { ${payloadField(name, list, catalogue)} ${PAYLOAD_REST} }`;
  });
  return texts.length > 0 ? parse(texts.join('\n')).definitions : [];
}

function payloadField(name: string, list: boolean, catalogue: Catalogue): string {
  if (name === 'ID') return '"Global ids of what was deleted." deletedIds: [ID!]!';
  if (name === 'Boolean') return '"Whether it was done." success: Boolean!';
  const field = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  if (!list) return `"As it is now; null when it was refused." ${field}: ${name}`;
  const many = Object.entries(catalogue.roots).find(([, root]) => root.noun === name && root.list)?.[0] ?? `${field}s`;
  return `"As they are now." ${many}: [${name}!]!`;
}
