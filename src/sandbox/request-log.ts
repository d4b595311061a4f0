import type { Row, SandboxLogEntry } from './types.ts';
import { textOf } from './world.ts';

const LOG_SIZE = 2000;

/** What was served last, oldest first, and how to note one more. */
export interface RequestLog {
  readonly entries: SandboxLogEntry[];
  /** Begins to serve a request; what is returned notes the end of it. */
  begin(request: Request): (status: number, bytes: number, user: Row | null) => void;
}

/** Makes a log that keeps the last so many requests. */
export function createRequestLog(most = LOG_SIZE): RequestLog {
  const entries: SandboxLogEntry[] = [];
  const begin: RequestLog['begin'] = ({ method, url }) => {
    const started = performance.now();
    const { pathname: path, search: query } = new URL(url);
    return (status, bytes, user) => {
      const principal = user === null ? null : textOf(user.username);
      entries.push({ method, path, query, status, bytes, principal, milliseconds: performance.now() - started });
      if (entries.length > most) entries.splice(0, entries.length - most);
    };
  };
  return { entries, begin };
}
