import { toTimestamp, type UpstreamRow } from '../access/rows.ts';

/** What reports need of a session (`terminal/sessions/`, api.md §5.11). */
export interface SessionFact {
  readonly id: string;
  readonly userId: string;
  /** As recorded: `Name(username)`. */
  readonly userText: string;
  readonly assetId: string;
  readonly assetText: string;
  /** User name of the account on the asset. */
  readonly account: string;
  readonly protocol: string;
  readonly loginSource: string;
  readonly loginSourceLabel: string;
  readonly isSuccess: boolean;
  readonly startedAt: number;
  readonly durationSeconds: number;
}

/** What reports need of a login attempt (`audits/login-logs/`, §5.12). */
export interface LoginFact {
  readonly id: string;
  /** The bare user name; the row may show `Name(username)`. */
  readonly username: string;
  readonly address: string;
  readonly city: string;
  readonly reason: string;
  readonly isSuccess: boolean;
  readonly at: number;
}

/** What reports need of a command (`terminal/commands/`, §5.11). */
export interface CommandFact {
  readonly id: string;
  readonly userText: string;
  readonly assetText: string;
  readonly account: string;
  readonly input: string;
  readonly sessionId: string;
  /** 0 accepted, 4 warning, 5 rejected, 6 rejected in review, 7 accepted in review, 8 review cancelled. */
  readonly riskLevel: number;
  readonly at: number;
}

/** What reports need of an operate log (`audits/operate-logs/`, §5.12). */
export interface OperationFact {
  readonly id: string;
  readonly at: number;
  readonly user: string;
  readonly action: string;
  /** In the language of the caller. */
  readonly resourceType: string;
  /** The object's name as recorded. */
  readonly resource: string;
  readonly address: string;
}

/** What reports need of an account (`accounts/accounts/`, §5.8). */
export interface AccountFact {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly assetId: string;
  readonly assetText: string;
  readonly secretType: string;
  readonly isPrivileged: boolean;
  readonly isActive: boolean;
  readonly createdAt: number | null;
  readonly verifiedAt: number | null;
  readonly secretChangedAt: number | null;
}

/** The fields to ask of sessions; `command_amount` is left out because reading it writes (api.md, Corrections). */
export const SESSION_FIELDS =
  'id,user,user_id,asset,asset_id,account,protocol,login_from,is_success,date_start,date_end,duration';

/** Reads a session row; null when it has no start, which a finished recording never lacks. */
export function toSessionFact(row: UpstreamRow): SessionFact | null {
  const startedAt = toTimestamp(row.date_start);
  if (startedAt === null) return null;
  const endedAt = toTimestamp(row.date_end);
  return {
    id: text(row.id),
    userId: text(row.user_id),
    userText: text(row.user),
    assetId: text(row.asset_id),
    assetText: text(row.asset),
    account: innerName(text(row.account)),
    protocol: text(row.protocol),
    loginSource: choice(row.login_from, 'value'),
    loginSourceLabel: choice(row.login_from, 'label'),
    isSuccess: row.is_success !== false,
    startedAt,
    durationSeconds: endedAt === null ? toSeconds(text(row.duration)) : Math.max(0, (endedAt - startedAt) / 1000),
  };
}

/** Reads a login log row; null when it has no time. */
export function toLoginFact(row: UpstreamRow): LoginFact | null {
  const at = toTimestamp(row.datetime);
  if (at === null) return null;
  return {
    id: text(row.id),
    username: innerName(text(row.username)),
    address: text(row.ip),
    city: text(row.city),
    reason: text(row.reason_display) || text(row.reason),
    isSuccess: choice(row.status, 'value') === 'true',
    at,
  };
}

/** Reads a command row; its time is in seconds since 1970. */
export function toCommandFact(row: UpstreamRow): CommandFact {
  return {
    id: text(row.id),
    userText: text(row.user),
    assetText: text(row.asset),
    account: innerName(text(row.account)),
    input: text(row.input),
    sessionId: text(row.session),
    riskLevel: Number(choice(row.risk_level, 'value')),
    at: Number(row.timestamp) * 1000,
  };
}

/** Reads an operate log row; null when it has no time. */
export function toOperationFact(row: UpstreamRow): OperationFact | null {
  const at = toTimestamp(row.datetime);
  if (at === null) return null;
  return {
    id: text(row.id),
    at,
    user: text(row.user),
    action: choice(row.action, 'value'),
    resourceType: choice(row.resource_type, 'label'),
    resource: text(row.resource),
    address: text(row.remote_addr),
  };
}

/** Reads an account row. */
export function toAccountFact(row: UpstreamRow): AccountFact {
  return {
    id: text(row.id),
    name: text(row.name),
    username: text(row.username),
    assetId: choice(row.asset, 'id'),
    assetText: choice(row.asset, 'name'),
    secretType: choice(row.secret_type, 'value'),
    isPrivileged: row.privileged === true,
    isActive: row.is_active !== false,
    createdAt: toTimestamp(row.date_created),
    verifiedAt: toTimestamp(row.date_verified),
    secretChangedAt: toTimestamp(row.date_change_secret),
  };
}

/** `Name(username)` without the name; other texts as they are. */
function innerName(display: string): string {
  return /\(([^()]*)\)$/.exec(display)?.[1] ?? display;
}

/** Reads Python's duration text `1:31:00` or `2 days, 1:31:00.5`; anything else is no time at all. */
function toSeconds(duration: string): number {
  const parts = /^(?:(\d+) days?, )?(\d+):(\d\d):(\d\d)(?:\.\d+)?$/.exec(duration);
  if (!parts) return 0;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return days * 86_400 + hours * 3600 + minutes * 60 + seconds;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A part of an embedded object or choice, as text; a bare value stands for all its parts. */
function choice(value: unknown, part: string): string {
  if (typeof value !== 'object' || value === null) return value === undefined || value === null ? '' : String(value);
  const found = Object.entries(value).find(([key]) => key === part)?.[1];
  return found === undefined || found === null ? '' : String(found);
}
