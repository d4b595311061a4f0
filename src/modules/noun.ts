import { catalogue, type Noun } from '../generated/catalogue.ts';

/** A noun of the catalogue by its name. Throws at start for a name that the catalogue does not have. */
export function nounOf(name: string): Noun {
  const noun = catalogue.nouns[name];
  if (!noun) throw new Error(`the catalogue has no noun "${name}"`);
  return noun;
}
