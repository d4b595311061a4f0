import { type Capabilities, toCapabilities } from './capabilities.ts';
import type { Clock } from './clock.ts';
import { detectCapabilities, type Probe, type PublicSettings } from './detect.ts';
import { createFlights } from './flights.ts';
import { createRenames, type Renames } from './renames.ts';

const HOUR = 3_600_000;

/** How a session asks the server about itself, on its own account. */
export interface Inquiry {
  settings(): Promise<PublicSettings>;
  readonly probe: Probe;
}

/** What is known of the server behind an upstream: one set of facts for all principals. */
export interface ServerFacts {
  /** The capabilities when they are known and not older than an hour. */
  current(): Capabilities | undefined;
  /** The last known capabilities, however old. */
  readonly last: Capabilities | undefined;
  /** The renames for the last known version. */
  readonly renames: Renames | undefined;
  /** The capabilities, detected by this inquiry unless somebody else is at it. */
  learn(inquiry: Inquiry): Promise<Capabilities>;
}

/** @param version overrides detection; then nothing is ever asked */
export const createServerFacts = (clock: Clock, version: string | undefined): ServerFacts => {
  const flights = createFlights<Capabilities>(clock, HOUR, 1);
  let last: Capabilities | undefined;
  let renames: Renames | undefined;
  let goodUntil = 0;
  const keep = (capabilities: Capabilities, until: number): Capabilities => {
    if (capabilities.version !== last?.version) renames = createRenames(capabilities.version);
    last = capabilities;
    goodUntil = until;
    return capabilities;
  };
  if (version !== undefined) keep(toCapabilities(version), Number.POSITIVE_INFINITY);
  return {
    current: () => (clock.now() < goodUntil ? last : undefined),
    get last() {
      return last;
    },
    get renames() {
      return renames;
    },
    learn: async ({ settings, probe }) => {
      const detect = async () => keep(await detectCapabilities(await settings(), probe), clock.now() + HOUR);
      try {
        return await flights.get('server', detect);
      } catch (error) {
        // A server that can't be asked again is still the one it was.
        if (!last) throw error;
        return keep(last, clock.now() + HOUR / 60);
      }
    },
  };
};
