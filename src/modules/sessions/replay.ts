import type { GraphContext } from '../../graph/context.ts';
import { getJson } from '../../graph/fetch.ts';
import { isRow, type Row, scopeOf } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';

/** A recording's address; JumpServer prepares it when asked, and says `running` until it is there (api.md §5.11). */
async function readReplay(row: Row, _args: object, context: GraphContext): Promise<object | null> {
  if (row['has_replay'] !== true) return null;
  const { session } = scopeOf(row, context.scope);
  const answer = await getJson(session, '/terminal/sessions/{id}/replay/', {}, { id: String(row['id']) });
  const found = isRow(answer) ? answer : {};
  const text = (name: string) => (typeof found[name] === 'string' ? found[name] : null);
  return {
    isReady: found['status'] !== 'running' && text('src') !== null,
    type: text('type'),
    src: text('src'),
    download_url: text('download_url'),
  };
}

/** Recordings of sessions. */
export const replays = {
  Session: { replay: readReplay },
  SessionReplay: { isReady: ({ isReady }: { isReady: boolean }) => isReady },
} satisfies Resolvers;
