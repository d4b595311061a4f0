import { type AccountHygiene, type AccountHygieneOptions, createAccountHygiene } from './account-hygiene.ts';
import { type CommandRisks, type CommandRisksOptions, createCommandRisks } from './command-risks.ts';
import type { CommandFact } from './facts.ts';
import { createLoginStatistics, type LoginStatistics } from './login-statistics.ts';
import { DAY_MILLISECONDS, lastUtcDays, type TimeRange } from './range.ts';
import {
  createSessionStatistics,
  type SessionStatistics,
  type SessionStatisticsOptions,
} from './session-statistics.ts';
import { accountsOf, commandsIn, loginsIn, type ReportSource, sessionsIn } from './sources.ts';
import { createSessionUsage, type SessionUsage } from './usage.ts';

/** Reads what was used in the last UTC days, today included. */
export async function gatherUsage(source: ReportSource, days: number): Promise<SessionUsage> {
  const usage = createSessionUsage(lastUtcDays(days, source.now()));
  for await (const session of sessionsIn(source, usage.range)) usage.add(session);
  return usage;
}

/** Counts the sessions of a range. */
export async function gatherSessions(
  source: ReportSource,
  options: SessionStatisticsOptions,
): Promise<SessionStatistics> {
  const statistics = createSessionStatistics(options);
  for await (const session of sessionsIn(source, options.range)) statistics.add(session);
  return statistics;
}

/** What is counted of logins. */
export interface LoginOptions {
  readonly range: TimeRange;
  readonly timeZone?: string | undefined;
  /** So many days before the range are read too, to know which addresses are not new. */
  readonly knownForDays: number;
}

/** Counts the logins of a range. */
export async function gatherLogins(source: ReportSource, options: LoginOptions): Promise<LoginStatistics> {
  const { range, timeZone, knownForDays } = options;
  const statistics = createLoginStatistics({ range, ...(timeZone === undefined ? {} : { timeZone }) });
  const from = range.from - knownForDays * DAY_MILLISECONDS;
  for await (const login of loginsIn(source, { from, to: range.to })) statistics.add(login);
  return statistics;
}

/** Commands, counted, and those of them that are risky. */
export interface GatheredCommands {
  readonly risks: CommandRisks;
  /** Oldest first. */
  readonly risky: readonly CommandFact[];
}

/** Counts the commands of a range, and keeps the risky ones. */
export async function gatherCommands(source: ReportSource, options: CommandRisksOptions): Promise<GatheredCommands> {
  const risks = createCommandRisks(options);
  const risky: CommandFact[] = [];
  for await (const command of commandsIn(source, options.range)) if (risks.add(command)) risky.push(command);
  return { risks, risky: risky.sort((left, right) => left.at - right.at) };
}

/** Looks at every account. */
export async function gatherAccounts(source: ReportSource, options: AccountHygieneOptions): Promise<AccountHygiene> {
  const hygiene = createAccountHygiene(await source.engine(), options);
  for await (const account of accountsOf(source)) hygiene.add(account);
  return hygiene;
}
