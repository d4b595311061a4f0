import type { FieldDefinitionNode, InputValueDefinitionNode } from 'graphql';
import type { Filter, Rule, ValueKind } from './catalogue-type.ts';
import { type Declarations, scalarOf, textsOf, upstreamPath } from './declarations.ts';
import { directiveOf, faultAt, type NounNode, shapeOf, toConstant } from './source.ts';

/** What a list can be ordered by, if the field has `@order`. */
export function toOrder(field: FieldDefinitionNode): [string, string][] {
  const order = directiveOf(field, 'order');
  if (!order) return [];
  return [[toConstant(field.name.value), String(order['as'] ?? upstreamPath(field)[0])]];
}

/** What a list of the noun can be filtered by: fields with `@filter`, and the fields of an input `<Noun>Filter`. */
export function toFilters(declared: Declarations, node: NounNode): Record<string, Filter> {
  const filters: Record<string, Filter> = {};
  for (const field of node.fields ?? []) {
    const directive = directiveOf(field, 'filter');
    if (!directive) continue;
    const param = String(directive['as'] ?? upstreamPath(field)[0]);
    addFilter(filters, filterName(field), toFilter(declared, field, directive, param));
  }
  for (const field of declared.inputs.get(`${node.name.value}Filter`)?.fields ?? []) {
    const directive = directiveOf(field, 'filter');
    if (!directive) throw faultAt(field, `${node.name.value}Filter.${field.name.value} needs @filter.`);
    const param = directive['as'] ? String(directive['as']) : undefined;
    filters[field.name.value] = { ...toFilter(declared, field, directive, param), list: shapeOf(field.type).list };
  }
  return filters;
}

/** A list of references is filtered by one of them: `groups` → `group`. */
function filterName(field: FieldDefinitionNode): string {
  const name = field.name.value;
  return shapeOf(field.type).list && name.endsWith('s') ? name.slice(0, -1) : name;
}

function addFilter(filters: Record<string, Filter>, name: string, filter: Filter): void {
  filters[name] = filter;
  if (filter.rule && !filter.range) filters[`${name}In`] = { ...filter, list: true };
}

function toFilter(
  declared: Declarations,
  field: FieldDefinitionNode | InputValueDefinitionNode,
  directive: Record<string, unknown>,
  param: string | undefined,
): Filter {
  const name = shapeOf(field.type).name;
  const target = directiveOf(field, 'id')?.['of'] ?? (declared.nouns.has(name) ? name : undefined);
  return {
    ...(target ? { value: 'ID' as const, noun: String(target) } : toFilterValue(declared, field, name)),
    list: false,
    ...(param && !directive['range'] ? { param } : {}),
    ...(directive['rule'] ? { rule: toRule(directive['rule']) } : {}),
    ...(directive['range'] ? { range: true } : {}),
    ...textsOf(directive, ['since']),
  };
}

function toFilterValue(
  declared: Declarations,
  field: FieldDefinitionNode | InputValueDefinitionNode,
  name: string,
): { value: ValueKind; enum?: string } {
  if (declared.enums.has(name)) return { value: 'Enum', enum: name };
  const value = scalarOf(name);
  if (!value) throw faultAt(field, `${field.name.value}: can't be filtered by "${name}".`);
  return { value: value === 'Choice' ? 'String' : value };
}

/** A rule of the `attr_rules` filter. */
export function toRule(value: unknown): Rule {
  const rule = value as { name: string; match?: string };
  return { name: rule.name, match: rule.match ?? 'in' };
}
