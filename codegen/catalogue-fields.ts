import type { FieldDefinitionNode } from 'graphql';
import { toRelation } from './catalogue-relations.ts';
import type { CustomField, Field, ObjectField, PartField, ValueField } from './catalogue-type.ts';
import { type Declarations, scalarOf, sinceOf, toStrings, upstreamPath } from './declarations.ts';
import { directiveOf, faultAt, type NounNode, shapeOf } from './source.ts';

/** A field of a noun or an object, as the kit reads it: a value, an object, a part, a relation, or one that is written by hand. */
export function toField(declared: Declarations, owner: NounNode, field: FieldDefinitionNode): Field {
  const { name } = shapeOf(field.type);
  const needs = directiveOf(field, 'needs');
  if (needs || directiveOf(field, 'calls')) return toCustom(declared, field, toStrings(needs?.['rows']));
  const part = directiveOf(field, 'part');
  if (part) return toPart(field, part);
  if (declared.nouns.has(name)) return toRelation(declared, owner, field);
  return toRead(declared, owner, field);
}

/** What is read straight from the row. */
function toRead(declared: Declarations, owner: NounNode, field: FieldDefinitionNode): ObjectField | ValueField {
  const { name, list, required } = shapeOf(field.type);
  const common = { from: upstreamPath(field), list, required, ...sinceOf(field) };
  if (declared.objects.has(name)) return { kind: 'object', type: name, ...common };
  if (declared.enums.has(name)) return { kind: 'value', value: 'Enum', enum: name, ...common };
  const value = scalarOf(name);
  if (!value)
    throw faultAt(field, `${owner.name.value}.${field.name.value}: "${name}" is not a type of the source SDL.`);
  return { kind: 'value', value, ...common };
}

function toPart(field: FieldDefinitionNode, part: Record<string, unknown>): PartField {
  const when = toCondition(field, String(part['when']));
  return { kind: 'part', type: shapeOf(field.type).name, path: String(part['path']), when };
}

function toCustom(declared: Declarations, field: FieldDefinitionNode, needs: string[]): CustomField {
  if (!directiveOf(field, 'connection')) return { kind: 'custom', needs };
  const { name } = shapeOf(field.type);
  if (!declared.nouns.has(name)) throw faultAt(field, `@connection: "${name}" is not a noun.`);
  return { kind: 'custom', needs, lists: name };
}

function toCondition(field: FieldDefinitionNode, when: string): { property: string; value: string } {
  const [property, value] = when.split('=');
  if (!property || value === undefined) throw faultAt(field, `@part(when: "${when}"): expected property=value.`);
  return { property, value };
}
