import { catalogue, type Filter, type Noun } from '../../src/generated/catalogue.ts';
import type { FilterValue } from './filters.ts';
import type { ListArgs, Operation, Selected } from './generate.ts';
import type { Random } from './random.ts';

/** The text of an operation; fragments are cut in at random. */
export function printOperation({ root, noun, one, selected }: Omit<Operation, 'text'>, random: Random): string {
  if (!one) return `query Generated { ${printList(selected, noun, random)} }`;
  const rows = printFields(selected.below, noun.name, random);
  return `query Generated { ${root}(${one.argument}: ${JSON.stringify(one.value)}) { ${rows} } }`;
}

function printList(selected: Selected, noun: Noun, random: Random): string {
  const rows = printFields(selected.below, noun.name, random);
  const nodes = selected.edges ? `edges { cursor node { ${rows} } }` : `nodes { ${rows} }`;
  const alias = selected.alias === selected.name ? '' : `${selected.alias}: `;
  return `${alias}${selected.name}${printArgs(selected.args, noun)} { ${nodes} ${selected.total ? 'totalCount' : ''} }`;
}

function printFields(fields: readonly Selected[], type: string, random: Random): string {
  const texts = fields.map((field) => printField(field, random));
  const cut = random() < 0.3 ? Math.floor(random() * texts.length) : texts.length;
  const inline = texts.slice(cut);
  const fragment = inline.length > 0 ? `... on ${type} @include(if: true) { ${inline.join(' ')} }` : '';
  return [...texts.slice(0, cut), fragment].join(' ');
}

function printField(selected: Selected, random: Random): string {
  const text = printPlain(selected, random);
  return selected.on === undefined ? text : `... on ${selected.on} { ${text} }`;
}

function printPlain(selected: Selected, random: Random): string {
  const { alias, name, field } = selected;
  const label = alias === name ? name : `${alias}: ${name}`;
  if (typeof field === 'string') return label;
  if (field.kind === 'members' || field.kind === 'reverse') {
    return printList(selected, catalogue.nouns[field.noun] as Noun, random);
  }
  if (field.kind === 'value') return field.value === 'Choice' ? `${label} { value label }` : label;
  const type = field.kind === 'ref' ? field.noun : field.kind === 'custom' ? '' : field.type;
  return `${label} { ${printFields(selected.below, type, random)} }`;
}

function printArgs({ first, offset, filter, order }: ListArgs, noun: Noun): string {
  const filters = Object.entries(filter ?? {}).map(
    ([name, value]) => `${name}: ${printValue(noun.filters[name], value)}`,
  );
  const parts = [
    ...(first === undefined ? [] : [`first: ${first}`]),
    ...(offset === undefined ? [] : [`offset: ${offset}`]),
    ...(filters.length > 0 ? [`filter: { ${filters.join(', ')} }`] : []),
    ...(order ? [`orderBy: [{ field: ${order.field}, direction: ${order.descending ? 'DESC' : 'ASC'} }]`] : []),
  ];
  return parts.length > 0 ? `(${parts.join(', ')})` : '';
}

function printValue(filter: Filter | undefined, value: FilterValue): string {
  if (typeof value !== 'object') return filter?.enum ? String(value) : JSON.stringify(value);
  if ('from' in value) return `{ from: "${value.from}", to: "${value.to}" }`;
  return `[${value.map((one) => printValue(filter, one)).join(', ')}]`;
}
