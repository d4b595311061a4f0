import type { Catalogue, ReverseField } from '../generated/catalogue.ts';
import type { Capabilities } from '../upstream/index.ts';
import { type PageArguments, toMark, toPageRequest } from './page.ts';
import type { Site } from './plan.ts';
import { type ListArguments, toQuestion } from './question.ts';
import type { ReverseQuestion } from './reverse.ts';
import type { Row } from './row.ts';

/** What is asked of the rows that point to a parent; its cursors are marked with the parent's id. */
export function toReverseQuestion(
  catalogue: Catalogue,
  field: ReverseField,
  capabilities: Capabilities,
  args: Readonly<Record<string, unknown>>,
  site: Site,
  parent: unknown,
): ReverseQuestion {
  const noun = catalogue.nouns[field.noun];
  if (!noun) throw new Error(`the catalogue has no noun "${field.noun}"`);
  const question = toQuestion(catalogue, noun, capabilities, args as ListArguments);
  const inherit = field.inherit !== undefined && args[field.inherit.argument] === true;
  const mark = toMark([field.noun, field.single, parent, question.params, question.rules, question.order, inherit]);
  return {
    field,
    question,
    request: toPageRequest(args as PageArguments, mark),
    properties: site.properties,
    inherit,
    countOnly: site.parts.size === 1 && site.parts.has('totalCount'),
    key: JSON.stringify([args]),
  };
}

/** Whether nothing but a number is asked that stands on the parent's own row: that of an unfiltered list. */
export function isCounted({ field, question, inherit, countOnly }: ReverseQuestion): boolean {
  const isPlain = Object.keys(question.params).length === 0 && question.rules.length === 0 && !question.impossible;
  return countOnly && isPlain && !inherit && field.count !== undefined;
}

/** That number, where the row has it. */
export function knownCount(asked: ReverseQuestion, row: Row): number | undefined {
  const count = isCounted(asked) ? row[asked.field.count ?? ''] : undefined;
  return typeof count === 'number' ? count : undefined;
}
