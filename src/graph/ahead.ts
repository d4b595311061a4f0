import { type GraphQLResolveInfo, getArgumentValues } from 'graphql';
import type { Catalogue } from '../generated/catalogue.ts';
import type { Capabilities } from '../upstream/index.ts';
import type { Plan, Site } from './plan.ts';
import type { Reader } from './read.ts';
import { isCounted, toReverseQuestion } from './reverse-question.ts';

/** A list that is about to be read: what is wanted of it, and how many rows it may have. */
export interface Expected {
  readonly site: Site;
  readonly rows: number;
}

/**
 * Begins to read what stands below a list while the list itself is on its way, where it needs none of the list's rows: nothing waits for a
 * slower sibling. What is wrong with it is told where it stands.
 */
export function readAhead(
  catalogue: Catalogue,
  reader: Reader,
  capabilities: Capabilities,
  { site, rows }: Expected,
  plan: Plan,
  { variableValues }: GraphQLResolveInfo,
): void {
  for (const { node, field, definition } of site.reversals.values()) {
    try {
      const args = getArgumentValues(definition, node, variableValues);
      const below = plan.site({ fieldNodes: [node] });
      const asked = toReverseQuestion(catalogue, field, capabilities, args, below, undefined);
      if (!isCounted(asked)) reader.expect(below, asked, rows);
    } catch {
      // The field's own resolver says so, with its path.
    }
  }
}
