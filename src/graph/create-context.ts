import type { Catalogue } from '../generated/catalogue.ts';
import type { Session } from '../upstream/index.ts';
import type { GraphContext, GraphWarning, Home, Scope } from './context.ts';
import { measuredWays, paceOf } from './pace.ts';
import type { Plan } from './plan.ts';
import { createReader, type Reader } from './read.ts';
import { type Row, tagRow } from './row.ts';
import { createSeal, type Seal } from './seal.ts';
import type { TracedRead } from './trace.ts';

/** What a context is made of. */
export interface ContextOptions {
  readonly session: Session;
  readonly catalogue: Catalogue;
  readonly requestId: string;
  /** A new one unless given: then nobody opens its handles later. */
  readonly seal?: Seal;
  /** A new one unless given: then nothing outlives the operation. */
  readonly home?: Home;
  /** Where reads are noted for `explain`. */
  readonly trace?: TracedRead[] | undefined;
}

/** Makes the context of one operation: its loaders belong to this caller, organisation and language alone. */
export function createContext(options: ContextOptions): GraphContext {
  const { session, catalogue, requestId, trace, seal = createSeal(), home = { writes: 0 } } = options;
  const pace = paceOf(home);
  const warnings: GraphWarning[] = [];
  const entered = new Map<string, Scope>();
  const planOf = (): Plan => {
    if (!context.plan) throw new Error('rows were asked for before the operation was planned');
    return context.plan;
  };
  const enter = (organization: string): Scope => {
    const known = entered.get(organization);
    if (known) return known;
    const inside = session.withOrganization(organization);
    const mark = (rows: readonly Row[]) => {
      for (const row of rows) tagRow(row, scope);
    };
    const scope: Scope = {
      session: inside,
      reader: createReader({ session: inside, catalogue, trace, pace, plan: planOf, received: mark }),
    };
    entered.set(organization, scope);
    return scope;
  };
  const context: GraphContext = {
    requestId,
    catalogue,
    session,
    scope: {
      session,
      reader: noting(createReader({ session, catalogue, trace, pace, plan: planOf, received: () => undefined }), home),
    },
    enter,
    warnings,
    warn: (warning) => {
      const known = warnings.some(({ code, message }) => code === warning.code && message === warning.message);
      if (!known) warnings.push(warning);
    },
    seal,
    home,
    trace,
    measured: (noun) => measuredWays(pace, noun),
    plan: undefined,
  };
  return context;
}

/** A reader forgets after a write, which is when everything kept beside the graph becomes stale too. */
function noting(reader: Reader, home: Home): Reader {
  return {
    ...reader,
    forget: () => {
      home.writes += 1;
      reader.forget();
    },
  };
}
