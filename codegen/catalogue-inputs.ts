import type { InputObjectTypeDefinitionNode, InputValueDefinitionNode } from 'graphql';
import type { InputField } from './catalogue-type.ts';
import { type Declarations, scalarOf } from './declarations.ts';
import { directiveOf, faultAt, shapeOf, toUpstreamName } from './source.ts';

/** The fields of an input, with the names that upstream has for them. */
export function toInput(declared: Declarations, node: InputObjectTypeDefinitionNode): Record<string, InputField> {
  return Object.fromEntries((node.fields ?? []).map((field) => [field.name.value, toInputField(declared, field)]));
}

function toInputField(declared: Declarations, field: InputValueDefinitionNode): InputField {
  const shape = shapeOf(field.type);
  const to = String(directiveOf(field, 'from')?.['name'] ?? toUpstreamName(field.name.value));
  const noun = directiveOf(field, 'id')?.['of'];
  const text = noun ? textOf(declared, String(noun)) : undefined;
  const base = { to, list: shape.list, ...(noun ? { noun: String(noun) } : {}), ...(text ? { text } : {}) };
  if (declared.enums.has(shape.name)) return { ...base, value: 'Enum', enum: shape.name };
  if (declared.inputs.has(shape.name)) return { ...base, value: 'Input', input: shape.name };
  const value = scalarOf(shape.name);
  if (!value) throw faultAt(field, `${field.name.value}: "${shape.name}" is not an input type of the source SDL.`);
  return { ...base, value };
}

/** How older servers tell, and take, rows of this noun where they stand in others: as texts of these properties. */
function textOf({ nouns }: Declarations, noun: string): string[] | undefined {
  const fields = [...nouns.values()].flatMap((node) => node.fields ?? []);
  const texts = fields.filter((field) => shapeOf(field.type).name === noun).map((field) => directiveOf(field, 'ref'));
  return texts.flatMap((ref) => (ref?.['text'] ? [String(ref['text']).split(':')] : []))[0];
}
