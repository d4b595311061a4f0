import { type DefinitionNode, type InputValueDefinitionNode, Kind, parse } from 'graphql';
import type { Catalogue, Filter, Noun } from './catalogue-type.ts';
import type { SourceModel } from './source.ts';

/** The arguments of every page, as SDL. */
export const PAGE_ARGUMENTS = `
  "Rows from the start (or after \`after\`); 50 when neither \`first\` nor \`last\` is given, at most 1000." first: Int
  "Rows after this cursor." after: String
  "Rows from the end (or before \`before\`), at most 1000." last: Int
  "Rows before this cursor." before: String
  "Rows to leave out first; for tables with page numbers." offset: Int`;

/** The arguments of a list of a noun, as SDL: its page, and what it can be filtered, searched and ordered by. */
export function connectionArguments(noun: Noun | undefined, inherit?: string): string {
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

/** What comes with a list of a noun: connection, edge, filter and order. */
export function listTypesOf(model: SourceModel, noun: Noun): readonly DefinitionNode[] {
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

/** The roots of the nouns that are wanted, as SDL of a type `Query`. */
export function rootsOf(catalogue: Catalogue, isWanted: (noun: Noun) => boolean = () => true): string {
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
