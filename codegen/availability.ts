import type { Catalogue, Field, Filter, Noun } from './catalogue-type.ts';
import { type Document, findOperation } from './contract-document.ts';
import { OLD_PARAMETERS, toOldPath } from './old-names.ts';

/**
 * Notes since when a noun's route exists, and for each filter since when its query parameter exists, read from the contracts: JumpServer
 * ignores a parameter that it does not know and answers everything (api.md §3.2). A parameter that no contract has is taken away; a rule may still serve the filter.
 */
export function withAvailability(catalogue: Catalogue, contracts: ReadonlyMap<string, Document>): Catalogue {
  const nouns = Object.entries(catalogue.nouns).map(([name, noun]) => {
    const filters = Object.entries(noun.filters).map(([field, filter]) => [
      field,
      toAvailable(noun, filter, contracts),
    ]);
    const fields = Object.entries(noun.fields).map(([field, known]) => [
      field,
      withSingle(catalogue, known, contracts),
    ]);
    return [
      name,
      {
        ...noun,
        ...routeSince(noun, contracts),
        filters: Object.fromEntries(filters),
        fields: Object.fromEntries(fields),
      },
    ];
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

/** Since when the filter that leads to one parent's rows exists. */
function withSingle(catalogue: Catalogue, field: Field, contracts: ReadonlyMap<string, Document>): Field {
  const target = field.kind === 'reverse' ? catalogue.nouns[field.noun] : undefined;
  if (field.kind !== 'reverse' || !target) return field;
  const versions = [...contracts];
  const missing = versions.findIndex(([, contract]) => !hasParameter(contract, target.path, field.single));
  const singleSince = missing < 1 ? undefined : versions[missing - 1]?.[0];
  return singleSince === undefined ? field : { ...field, singleSince };
}

/** Since when the route exists: the oldest contract that has it, where an older one has not. */
function routeSince(noun: Noun, contracts: ReadonlyMap<string, Document>): { since?: string } {
  const versions = [...contracts];
  const missing = versions.findIndex(([, contract]) => !findRows(contract, noun.path));
  const oldest = missing < 1 ? undefined : versions[missing - 1]?.[0];
  return oldest === undefined ? {} : { since: oldest };
}

function findRows(contract: Document, path: string) {
  return findOperation(contract, `GET ${path}`) ?? findOperation(contract, `GET ${toOldPath(path)}`);
}

/** Whether a version's contract has this query parameter; one that lacks the whole route has none of it to miss. */
function hasParameter(contract: Document, path: string, parameter: string): boolean {
  const found = findRows(contract, path);
  if (!found) return true;
  const names = (found.operation.parameters ?? []).map(({ name }) => name);
  return names.includes(parameter) || names.includes(OLD_PARAMETERS[parameter] ?? parameter);
}
