import { engineOf } from '../access/engines.ts';
import { createSessionReader, type SessionReader } from '../access/session-reader.ts';
import type { Home } from '../graph/context.ts';
import { brokenContract } from '../graph/errors.ts';
import { getJson } from '../graph/fetch.ts';
import { isRow } from '../graph/row.ts';
import type { Session } from '../upstream/index.ts';
import type { ReportSource } from './sources.ts';

/** Whose rows a report reads, and the graph that may know some of them already. */
export interface ReportOrigin {
  readonly session: Session;
  readonly home: Home;
  /** Milliseconds since 1970; the system's clock unless given. */
  readonly now?: () => number;
  /** Reads the lists; the session's own reader unless given. */
  readonly reader?: SessionReader;
}

/** Opens the rows of a report as a session's caller may read them. Nothing is read before something is asked for. */
export function openReportSource(origin: ReportOrigin): ReportSource {
  const { session, home, now = Date.now, reader = createSessionReader(session) } = origin;
  return {
    reader,
    now,
    organization: async () => (await session.organization()).name,
    caller: async () => {
      const profile = await getJson(session, '/users/profile/', {});
      if (!isRow(profile)) throw brokenContract('JumpServer gave no profile.');
      return `${profile['name']} (${profile['username']})`;
    },
    engine: () => engineOf(home, session, { now, reader }),
  };
}
