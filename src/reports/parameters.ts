import { z } from 'zod';
import { fromInput } from '../graph/dates.ts';
import { badInput } from '../graph/errors.ts';
import { RISK_LEVELS } from './command-risks.ts';
import { lastUtcDays, type TimeRange } from './range.ts';
import type { SessionDimension } from './session-statistics.ts';
import { isTimeZone } from './time-zone.ts';

/** The reports, as in URLs and on the command line. */
export const REPORT_NAMES = [
  'permission-audit',
  'session-statistics',
  'login-statistics',
  'command-risks',
  'account-hygiene',
  'asset-inventory',
  'overview',
] as const;

/** The name of a report. */
export type ReportName = (typeof REPORT_NAMES)[number];

/** Asks whether a word names a report. */
export function isReportName(word: string): word is ReportName {
  return REPORT_NAMES.some((name) => name === word);
}

const DIMENSIONS = ['HOUR', 'DAY', 'USER', 'ASSET', 'PROTOCOL', 'LOGIN_SOURCE'] as const satisfies SessionDimension[];
const LEVELS = Object.values(RISK_LEVELS);

const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, 'expected a whole number')
  .transform(Number);
const days = (least: number, fallback: number) =>
  wholeNumber
    .pipe(z.number().min(least, `expected at least ${least} days`).max(3660, 'expected at most 3660 days'))
    .default(fallback);
const instant = z
  .string()
  .refine(isInstant, 'expected a date or an instant such as 2026-01-31T08:00:00Z')
  .transform((text) => Date.parse(fromInput(text)))
  .optional();
const timeZone = z
  .string()
  .refine(isTimeZone, 'expected an IANA name such as Europe/Zurich')
  .default('UTC')
  .describe('IANA name of the zone of days and hours (UTC)');
const range = {
  from: instant.describe('from this instant on (30 UTC days ago)'),
  to: instant.describe('up to and without this instant (the end of today, UTC)'),
};
const words = (text: string) => text.toUpperCase().replaceAll('-', '_');

/** What each report can be asked; names as in the graph, values as texts. */
export const reportParameters = {
  'permission-audit': z.strictObject({
    unusedForDays: days(1, 90).describe('no session in so many UTC days makes a permission unused (90)'),
    expiringWithinDays: days(0, 30).describe('permissions that end within so many days are expiring (30)'),
  }),
  'session-statistics': z.strictObject({
    ...range,
    groupBy: z
      .string()
      .transform((text) => text.split(',').map((word) => words(word.trim())))
      .pipe(z.array(z.enum(DIMENSIONS, `expected some of ${DIMENSIONS.join(', ')}`)))
      .refine((given) => new Set(given).size === given.length, 'expected each dimension once')
      .default(['DAY'])
      .describe('hour, day, user, asset, protocol, login-source; several with commas (day)'),
    timeZone,
  }),
  'login-statistics': z.strictObject({
    ...range,
    timeZone,
    knownForDays: days(0, 90).describe('addresses used in so many days before the range are not new (90)'),
  }),
  'command-risks': z.strictObject({
    ...range,
    minimumLevel: z
      .string()
      .transform(words)
      .pipe(z.enum(LEVELS, `expected one of ${LEVELS.join(', ')}`))
      .default('WARNING')
      .describe('from this level on a command is risky (warning)'),
  }),
  'account-hygiene': z.strictObject({
    secretOlderThanDays: days(0, 90).describe('a secret unchanged for more days is old (90)'),
    reachableByMoreThan: wholeNumber
      .default(10)
      .describe('a privileged account that more users may open is reachable by many (10)'),
  }),
  'asset-inventory': z.strictObject({}),
  overview: z.strictObject(range),
} as const satisfies Record<ReportName, z.ZodObject>;

/** The checked parameters of a report. */
export type ReportParameters<Name extends ReportName> = z.output<(typeof reportParameters)[Name]>;

/** Checks the parameters of a report as they stand in a URL or on a command line, where `spell` tells how their names are written there. Throws `BAD_USER_INPUT` that names each fault. */
export function parseParameters<Name extends ReportName>(
  name: Name,
  given: Readonly<Record<string, unknown>>,
  spell = (parameter: string) => parameter,
): ReportParameters<Name> {
  const parsed = reportParameters[name].safeParse(given);
  if (parsed.success) return parsed.data as ReportParameters<Name>;
  const faults = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((parameter) => `${spell(parameter)}: ${name} does not take it`)
      : `${spell(String(issue.path[0]))}: ${issue.message}`,
  );
  throw badInput(`${faults.join('; ')}.`);
}

/** The range of a report's parameters. Throws `BAD_USER_INPUT` when it ends before it begins. */
export function toRange(
  { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined },
  now: number,
): TimeRange {
  const usual = lastUtcDays(30, now);
  const found = { from: from ?? usual.from, to: to ?? usual.to };
  if (found.from > found.to) throw badInput('from: expected an instant before to; left out, it is 30 days ago.');
  return found;
}

/** As the graph takes a `DateTime`: without a zone it is UTC, wherever this runs. */
function isInstant(text: string): boolean {
  try {
    fromInput(text);
    return true;
  } catch {
    return false;
  }
}
