import type { Catalogue, Filter, Noun } from './catalogue-type.ts';
import { type Document, findOperation } from './contract-document.ts';

/** What zones were called before 4.10 (api.md §7); the client translates, so the catalogue speaks the new names. */
const OLD_PATHS: Readonly<Record<string, string>> = { '/assets/zones/': '/assets/domains/' };
const OLD_PARAMETERS: Readonly<Record<string, string>> = { zone: 'domain' };

/**
 * Notes for each filter since when its query parameter exists, read from the contracts: JumpServer ignores a parameter that it does not
 * know and answers everything (api.md §3.2). A parameter that no contract has is taken away; a rule may still serve the filter.
 */
export function withAvailability(catalogue: Catalogue, contracts: ReadonlyMap<string, Document>): Catalogue {
  const nouns = Object.entries(catalogue.nouns).map(([name, noun]) => {
    const filters = Object.entries(noun.filters).map(([field, filter]) => [
      field,
      toAvailable(noun, filter, contracts),
    ]);
    return [name, { ...noun, filters: Object.fromEntries(filters) }];
  });
  return { ...catalogue, nouns: Object.fromEntries(nouns) };
}

function toAvailable(noun: Noun, filter: Filter, contracts: ReadonlyMap<string, Document>): Filter {
  const { param } = filter;
  if (param === undefined || contracts.size === 0) return filter;
  const has = [...contracts].map(([version, contract]) => ({
    version,
    there: hasParameter(contract, noun.path, param),
  }));
  const missing = has.findIndex(({ there }) => !there);
  if (missing < 0) return filter;
  const { param: _, ...rest } = filter;
  const since = has[missing - 1]?.version;
  return since === undefined ? rest : { ...rest, param, paramSince: since };
}

/** Whether a version's contract has this query parameter; one that lacks the whole route has none of it to miss. */
function hasParameter(contract: Document, path: string, parameter: string): boolean {
  const found = findOperation(contract, `GET ${path}`) ?? findOperation(contract, `GET ${OLD_PATHS[path] ?? path}`);
  if (!found) return true;
  const names = (found.operation.parameters ?? []).map(({ name }) => name);
  return names.includes(parameter) || names.includes(OLD_PARAMETERS[parameter] ?? parameter);
}
