/** Exchanges that say nothing about the sandbox, each with the reason why. */
import type { Exchange, Version } from '../../support/recordings.ts';

interface Exclusion {
  readonly names: RegExp;
  readonly versions?: readonly Version[];
  readonly reason: string;
}

const exclusions: readonly Exclusion[] = [];

/** Why the exchange does not count; undefined when it does. */
export const exclusionOf = (exchange: Exchange, version: Version): string | undefined =>
  exclusions.find(({ names, versions }) => names.test(exchange.name) && (versions?.includes(version) ?? true))?.reason;
