import type { Catalogue, Field } from '../generated/catalogue.ts';
import type { Write } from './write.ts';
import { inputFields } from './write-body.ts';
import type { UserError } from './write-errors.ts';

/**
 * Values that were sent and that the connected server is too old for: JumpServer leaves out names that it does not know without a word
 * (api.md §5.0). The rest of the write stands, so the object is answered too.
 */
export async function findLacking(
  { catalogue, type, scope }: Write,
  noun: string,
  body: Readonly<Record<string, unknown>>,
): Promise<UserError[]> {
  const given = Object.entries(inputFields(catalogue, type)).flatMap(([name, { to }]) => {
    const since = body[to] === undefined ? undefined : sinceOf(catalogue, noun, to);
    return since === undefined ? [] : [{ name, since }];
  });
  if (given.length === 0) return [];
  const capabilities = await scope.session.capabilities();
  return given.filter(({ since }) => !capabilities.since(since)).map(({ name }) => absent(name));
}

/** The version that a property of a noun came with. */
function sinceOf(catalogue: Catalogue, noun: string, property: string): string | undefined {
  const fields = Object.values(catalogue.nouns[noun]?.fields ?? {});
  const field = fields.find((one) => fromOf(one) === property);
  return field && 'since' in field ? field.since : undefined;
}

const fromOf = (field: Field): string | undefined =>
  'from' in field && field.from.length === 1 ? field.from[0] : undefined;

/** An `UNSUPPORTED_BY_SERVER` at an input field. */
export function absent(name: string): UserError {
  return {
    field: [name],
    code: 'UNSUPPORTED_BY_SERVER',
    message: 'The connected JumpServer does not have this, and has left it out.',
  };
}
