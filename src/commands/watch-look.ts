import { toTimestamp, type UpstreamRow } from '../access/rows.ts';
import { levelOf, RISK_LEVELS } from '../reports/command-risks.ts';
import { type CommandFact, type LoginFact, toAccountFact } from '../reports/facts.ts';
import { readAll } from '../reports/read-log.ts';
import { commandsIn, loginsIn, type ReportSource } from '../reports/sources.ts';
import { createEvent, type WatchEvent } from './watch-event.ts';
import type { RuleOf, WatchRule } from './watch-rules.ts';
import type { WatchState } from './watch-state.ts';

/** Rows may be written so much later than their own time says: components send what they have in batches. */
const LAG_MILLISECONDS = 120_000;

/** No rule counts failures for longer (`watch-rules.ts`); older ones need not be remembered. */
const LONGEST_WINDOW_MILLISECONDS = 86_400_000;

/** One look at JumpServer: what the rules find now, and what is to be remembered once it has been sent. */
export interface Look {
  readonly events: readonly WatchEvent[];
  readonly state: WatchState;
}

/** Looks once, reading each list at most once whatever the number of rules. Events sent before are left out. */
export async function look(rules: readonly WatchRule[], source: ReportSource, before: WatchState): Promise<Look> {
  const state = structuredClone(before);
  const lookFor = <Kind extends WatchRule['kind']>(kind: Kind, lookAt: LookAt<Kind>) => {
    const own = rules.filter((rule): rule is RuleOf<Kind> => rule.kind === kind);
    return own.length === 0 ? [] : lookAt(own, source, state);
  };
  const found = [
    await lookFor('failed-logins', lookAtLogins),
    await lookFor('command-risk', lookAtCommands),
    await lookFor('long-session', lookAtSessions),
    await lookFor('permission-expiring', lookAtPermissions),
    await lookFor('new-privileged-account', lookAtAccounts),
  ].flat();
  return { events: found.filter(({ id }) => !(id in before.sent)), state };
}

type LookAt<Kind extends WatchRule['kind']> = (
  rules: readonly RuleOf<Kind>[],
  source: ReportSource,
  state: WatchState,
) => Promise<WatchEvent[]>;

/** What came into a log since the last look. The first look begins now: what lies before it is history. */
async function newIn<Fact extends { readonly id: string; readonly at: number }>(
  name: string,
  state: WatchState,
  source: ReportSource,
  read: (range: { from: number; to: number }) => AsyncIterable<Fact>,
): Promise<Fact[]> {
  const now = source.now();
  const cursor = state.logs[name] ?? { at: now, seen: [] };
  const seen = new Set(cursor.seen);
  const facts: Fact[] = [];
  const recent: { id: string; at: number }[] = [];
  for await (const fact of read({ from: cursor.at - LAG_MILLISECONDS, to: now + LAG_MILLISECONDS })) {
    recent.push({ id: fact.id, at: fact.at });
    if (!seen.has(fact.id) && (state.logs[name] || fact.at >= cursor.at)) facts.push(fact);
  }
  const at = recent.reduce((newest, fact) => Math.max(newest, fact.at), cursor.at);
  state.logs[name] = { at, seen: recent.filter((fact) => fact.at >= at - LAG_MILLISECONDS).map(({ id }) => id) };
  return facts;
}

async function lookAtLogins(
  rules: readonly RuleOf<'failed-logins'>[],
  source: ReportSource,
  state: WatchState,
): Promise<WatchEvent[]> {
  const logins = await newIn('logins', state, source, (range) => loginsIn(source, range));
  const failures = logins.filter(({ isSuccess }) => !isSuccess);
  const events = rules.flatMap((rule) => failures.flatMap((login) => countFailure(rule, login, state)));
  const since = source.now() - LONGEST_WINDOW_MILLISECONDS;
  const open = Object.entries(state.failures).filter(([, window]) => window.some(({ at }) => at > since));
  state.failures = Object.fromEntries(open);
  return events;
}

/** Counts a failure in; at the limit there is one event, and counting begins anew. */
function countFailure(rule: RuleOf<'failed-logins'>, login: LoginFact, state: WatchState): WatchEvent[] {
  const subject = rule.by === 'user' ? login.username : login.address;
  // Anybody can try to sign in as "__proto__": a list in JSON is no name of anything.
  const key = JSON.stringify([rule.name, subject]);
  const since = login.at - rule.withinMinutes * 60_000;
  const window = [...(state.failures[key] ?? []).filter(({ at }) => at > since), { id: login.id, at: login.at }];
  state.failures[key] = window.length >= rule.count ? [] : window;
  if (window.length < rule.count) return [];
  const event = createEvent(rule, [subject, login.id], {
    at: login.at,
    message: `${window.length} failed logins ${rule.by === 'user' ? 'of' : 'from'} ${subject} within ${rule.withinMinutes} minutes`,
    fields: {
      user: { name: login.username },
      source: { ip: login.address },
      jumpserver: { failures: window.length, reason: login.reason },
    },
  });
  return [event];
}

async function lookAtCommands(
  rules: readonly RuleOf<'command-risk'>[],
  source: ReportSource,
  state: WatchState,
): Promise<WatchEvent[]> {
  const commands = await newIn('commands', state, source, (range) => commandsIn(source, range));
  return rules.flatMap((rule) =>
    commands
      .filter(({ riskLevel }) => riskLevel >= levelOf(rule.level))
      .map((command) => toCommandEvent(rule, command)),
  );
}

function toCommandEvent(rule: RuleOf<'command-risk'>, command: CommandFact): WatchEvent {
  const { id, at, userText, assetText, account, input, sessionId, riskLevel } = command;
  const level = RISK_LEVELS[riskLevel] ?? String(riskLevel);
  return createEvent(rule, [id], {
    at,
    message: `${level}: ${userText} on ${assetText} as ${account}: ${input.slice(0, 200)}`,
    fields: {
      user: { name: userText },
      host: { name: assetText },
      process: { command_line: input },
      jumpserver: { session: sessionId, account, level },
    },
  });
}

async function lookAtSessions(rules: readonly RuleOf<'long-session'>[], source: ReportSource): Promise<WatchEvent[]> {
  const query = {
    is_finished: 'false',
    fields: 'id,user,asset,account,protocol,remote_addr,date_start',
    order: 'date_start',
  };
  const events: WatchEvent[] = [];
  for await (const rows of readAll(source.reader, '/terminal/sessions/', query)) {
    for (const row of rows) events.push(...rules.flatMap((rule) => toSessionEvent(rule, row, source.now())));
  }
  return events;
}

function toSessionEvent(rule: RuleOf<'long-session'>, row: UpstreamRow, now: number): WatchEvent[] {
  const startedAt = toTimestamp(row.date_start);
  if (startedAt === null || now - startedAt < rule.hours * 3_600_000) return [];
  const event = createEvent(rule, [row.id], {
    at: startedAt + rule.hours * 3_600_000,
    message: `${row.user} has been on ${row.asset} as ${row.account} for more than ${rule.hours} hours`,
    fields: {
      user: { name: row.user },
      host: { name: row.asset },
      source: { ip: row.remote_addr },
      network: { protocol: row.protocol },
      jumpserver: { session: row.id, account: row.account, startedAt: new Date(startedAt).toISOString() },
    },
  });
  return [event];
}

async function lookAtPermissions(
  rules: readonly RuleOf<'permission-expiring'>[],
  source: ReportSource,
): Promise<WatchEvent[]> {
  const query = { fields: 'id,name,is_active,date_expired,created_by', order: 'name', is_active: 'true' };
  const events: WatchEvent[] = [];
  for await (const rows of readAll(source.reader, '/perms/asset-permissions/', query)) {
    for (const row of rows) events.push(...rules.flatMap((rule) => toExpiryEvent(rule, row, source.now())));
  }
  return events;
}

function toExpiryEvent(rule: RuleOf<'permission-expiring'>, row: UpstreamRow, now: number): WatchEvent[] {
  const expiresAt = toTimestamp(row.date_expired);
  const notice = rule.days * 86_400_000;
  if (expiresAt === null || expiresAt <= now || expiresAt - now > notice) return [];
  const until = new Date(expiresAt).toISOString();
  const event = createEvent(rule, [row.id, until], {
    at: now,
    message: `Permission "${row.name}" ends on ${until.slice(0, 10)}`,
    fields: { jumpserver: { permission: { id: row.id, name: row.name, expiresAt: until, createdBy: row.created_by } } },
  });
  return [event];
}

async function lookAtAccounts(
  rules: readonly RuleOf<'new-privileged-account'>[],
  source: ReportSource,
  state: WatchState,
): Promise<WatchEvent[]> {
  const query = {
    fields: 'id,name,username,asset,privileged,is_active,date_created',
    order: 'name,date_created',
    privileged: 'true',
  };
  const known = state.privileged && new Set(state.privileged);
  const ids: string[] = [];
  const events: WatchEvent[] = [];
  for await (const rows of readAll(source.reader, '/accounts/accounts/', query)) {
    for (const account of rows.map(toAccountFact).filter(({ isPrivileged }) => isPrivileged)) {
      ids.push(account.id);
      if (!known || known.has(account.id)) continue;
      const parts = {
        at: source.now(),
        message: `New privileged account ${account.username} on ${account.assetText}`,
        fields: {
          user: { target: { name: account.username } },
          host: { name: account.assetText },
          jumpserver: { account: { id: account.id, name: account.name } },
        },
      };
      events.push(...rules.map((rule) => createEvent(rule, [account.id], parts)));
    }
  }
  state.privileged = ids;
  return events;
}
