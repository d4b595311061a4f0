import { parse } from 'yaml';
import { z } from 'zod';
import { badInput } from '../graph/errors.ts';
import { RISK_LEVELS } from '../reports/command-risks.ts';

const LEVELS = Object.values(RISK_LEVELS);
const name = z.string().min(1).max(80);
const whole = (most: number) => z.number().int().min(1).max(most);

const rule = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('failed-logins'),
    name,
    /** So many failures of one user name, or from one address, … */
    count: whole(10_000),
    /** … within so many minutes. */
    withinMinutes: whole(1440),
    by: z.enum(['user', 'address']).default('user'),
  }),
  /** A session that has been open for longer. */
  z.strictObject({ kind: z.literal('long-session'), name, hours: z.number().positive().max(8760) }),
  /** A command at or above a level. */
  z.strictObject({ kind: z.literal('command-risk'), name, level: z.enum(LEVELS).default('WARNING') }),
  /** A permission that ends within so many days. */
  z.strictObject({ kind: z.literal('permission-expiring'), name, days: whole(3660) }),
  /** A privileged account that was not there before, or was not privileged. */
  z.strictObject({ kind: z.literal('new-privileged-account'), name }),
]);

const rules = z.strictObject({
  /** Seconds between two looks. */
  interval: whole(86_400).default(60),
  rules: z
    .array(rule)
    .min(1)
    .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'expected each name once'),
});

/** The rules of `jumpgraph watch`, checked. */
export type WatchRules = z.output<typeof rules>;

/** One rule. */
export type WatchRule = z.output<typeof rule>;

/** A rule of one kind. */
export type RuleOf<Kind extends WatchRule['kind']> = Extract<WatchRule, { kind: Kind }>;

/** Reads a file of rules. Throws `BAD_USER_INPUT` that names each fault. */
export function parseRules(text: string): WatchRules {
  const parsed = rules.safeParse(parseYaml(text));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'rules'}: ${message}`);
  throw badInput(`The rules have faults: ${faults.join('; ')}.`);
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw badInput(`The rules are not YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}
