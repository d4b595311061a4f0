import type { Resolver } from '../graph/resolve.ts';
import { mutation, type Perform, refuse } from '../graph/write.ts';
import { changeRow, createRow, type Prepare, removeRow } from '../graph/write-plain.ts';
import { isUpstreamError } from '../upstream/index.ts';

/** The mutations of a noun that some servers refuse without a licence. */
export interface LicensedWrites {
  readonly create: Resolver;
  readonly update: Resolver;
  readonly remove: Resolver;
}

/**
 * A mutation that JumpServer refuses to everybody without an enterprise licence: a 403 of the community edition is the server's lack, not the
 * caller's (api.md §1.7). `since`: the first version that wants the licence; every one unless told.
 */
export function licensed(perform: Perform, since = '0.0.0'): Perform {
  return async (write) => {
    try {
      return await perform(write);
    } catch (error) {
      const capabilities = await write.scope.session.capabilities();
      const lacks = capabilities.edition === 'COMMUNITY' && capabilities.since(since);
      if (lacks && isUpstreamError(error, 'FORBIDDEN')) refuse([LACKING]);
      throw error;
    }
  };
}

/** Creating, changing and deleting a noun, for {@link licensed}. */
export function licensedWrites(
  noun: string,
  { since, prepare }: { since?: string; prepare?: Prepare } = {},
): LicensedWrites {
  const guarded = (perform: Perform) => mutation(licensed(perform, since));
  return {
    create: guarded(createRow(noun, prepare)),
    update: guarded(changeRow(noun, prepare)),
    remove: guarded(removeRow(noun)),
  };
}

const LACKING = {
  field: [],
  code: 'UNSUPPORTED_BY_SERVER',
  message: 'The connected JumpServer does this with an enterprise licence only.',
} as const;
