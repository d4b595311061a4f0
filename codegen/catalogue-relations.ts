import { type FieldDefinitionNode, Kind } from 'graphql';
import { toRule } from './catalogue-filters.ts';
import type { Inheritance, Match, MembersField, RefField, ReverseField } from './catalogue-type.ts';
import { type Declarations, sinceOf, textsOf, toStrings, upstreamPath } from './declarations.ts';
import { directiveOf, faultAt, type NounNode, shapeOf } from './source.ts';

/** A field that leads to other nouns: a reference, members, or rows that point back. */
export function toRelation(
  declared: Declarations,
  owner: NounNode,
  field: FieldDefinitionNode,
): RefField | MembersField | ReverseField {
  const noun = shapeOf(field.type).name;
  const reverse = directiveOf(field, 'reverse');
  if (reverse) return toReverse(noun, reverse);
  const members = directiveOf(field, 'members');
  if (members) {
    const embedded = embeddedOf(declared, owner, upstreamPath(field)[0] ?? '', noun);
    return { kind: 'members', from: upstreamPath(field), noun, embedded, ...textsOf(members, ['count']) };
  }
  const ref = directiveOf(field, 'ref');
  if (ref) return toReference(declared, owner, field, ref);
  const coordinate = `${owner.name.value}.${field.name.value}`;
  throw faultAt(field, `${coordinate}: a relation needs @ref, @members, @reverse or a resolver (@needs).`);
}

function toReference(
  declared: Declarations,
  owner: NounNode,
  field: FieldDefinitionNode,
  ref: Record<string, unknown>,
): RefField {
  const { key, name: nameKey, text } = textsOf(ref, ['key', 'name', 'text']);
  const { name: noun, list, required } = shapeOf(field.type);
  const from = key ? [key] : upstreamPath(field);
  const alone = nameKey ? ['id', 'name'] : ['id'];
  return {
    kind: 'ref',
    from,
    noun,
    list,
    required,
    idOnly: key !== undefined,
    embedded: key ? alone : embeddedOf(declared, owner, from[0] ?? '', noun),
    ...(nameKey ? { nameKey } : {}),
    ...(text ? { text: text.split(':') } : {}),
    ...sinceOf(field),
  };
}

function embeddedOf(declared: Declarations, owner: NounNode, property: string, noun: string): readonly string[] {
  const path = directiveOf(owner, 'rows')?.['path'];
  const target = declared.nouns.get(noun);
  const targetPath = target && directiveOf(target, 'rows')?.['path'];
  if (!path || !targetPath || target.kind === Kind.INTERFACE_TYPE_DEFINITION) return ['id'];
  return declared.embedded(String(path), property, String(targetPath));
}

function toReverse(noun: string, reverse: Record<string, unknown>): ReverseField {
  const also = toStrings(reverse['also']).map((pair) => pair.split('=', 2) as [string, string]);
  const by = toStrings(reverse['by']).map(toMatch);
  return {
    kind: 'reverse',
    noun,
    single: String(reverse['single']),
    also: Object.fromEntries(also),
    by,
    ...(reverse['rule'] ? { rule: toRule(reverse['rule']) } : {}),
    ...textsOf(reverse, ['lookup', 'count']),
    ...(reverse['inherit'] ? { inherit: toInheritance(reverse['inherit']) } : {}),
  };
}

function toInheritance(value: unknown): Inheritance {
  const { argument, along, above, below } = value as Record<'argument' | 'along' | 'above' | 'below', string>;
  const [tree = '', key = ''] = along.split(':');
  return { argument, tree, key, ...(above && { above: toMatch(above) }), ...(below && { below: toMatch(below) }) };
}

/** `theirs`, or `theirs:mine`. */
function toMatch(text: string): Match {
  const [theirs = '', mine = 'id'] = text.split(':');
  return { theirs, mine };
}
