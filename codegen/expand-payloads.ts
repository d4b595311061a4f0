import { type DefinitionNode, type FieldDefinitionNode, Kind, parse } from 'graphql';
import type { Catalogue } from './catalogue-type.ts';
import { type SourceModel, shapeOf } from './source.ts';

/** `createUser(…): User` in the source answers `CreateUserPayload { user userErrors warnings }`, unless a payload is written out. */
export function toMutation(field: FieldDefinitionNode): FieldDefinitionNode {
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

/** The payloads of all mutations that need one. */
export function payloadsOf(model: SourceModel, catalogue: Catalogue): readonly DefinitionNode[] {
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
