/** Why a write was refused (`UserErrorCode` of the SDL). */
export type UserErrorCode =
  | 'REQUIRED'
  | 'INVALID'
  | 'NOT_FOUND'
  | 'DUPLICATE'
  | 'CONFLICT'
  | 'FORBIDDEN'
  | 'UNSUPPORTED_BY_SERVER'
  | 'OUTCOME_UNKNOWN';

/** What is known of one message of a refusal. */
export interface Fault {
  readonly message: string;
  /** JumpServer's own code, where it gives one (api.md §1.7: field errors have none). */
  readonly code?: string | undefined;
  /** What was sent at the place that the message is about. */
  readonly sent?: unknown;
  /** Whether an id of another row stands there. */
  readonly isReference?: boolean;
  /** Whether the input has such a place at all. */
  readonly isPlace?: boolean;
}

/** JumpServer's codes that say more than "not acceptable" (api.md §1.7). */
const CODES: Readonly<Record<string, UserErrorCode>> = {
  object_does_not_exist: 'NOT_FOUND',
  permission_denied: 'FORBIDDEN',
  referenced_by_others: 'CONFLICT',
  have_online_session: 'CONFLICT',
  playbook_has_job: 'CONFLICT',
  system_role_delete_error: 'FORBIDDEN',
  unable_to_delete_all_users: 'FORBIDDEN',
  perm_expired: 'CONFLICT',
};

/**
 * The words by which a refusal without a code is recognised, in the languages that JumpServer speaks. They are the
 * last resort: what was sent tells most of it (see {@link toCode}).
 */
const DUPLICATE =
  /\balready\b|must be unique|unique set|cannot be the same|唯一|已存在|已經存在|已经存在|相同|重复|一意|既に存在|único|já existe|ya existe|уникальн|уже существует|고유|이미 존재|duy nhất|đã tồn tại/i;
const NOT_FOUND =
  /does not exist|not found|no object|no such|不存在|未找到|找不到|存在しません|não existe|no existe|не существует|존재하지|không tồn tại/i;
const REQUIRED =
  /is required|(?:may|must) not be (?:blank|null|empty)|(?:may|can)(?:not|'t) be empty|必填|必须填|不能为空|不能为 ?null|不可為空|必須です|空(?:白)?に(?:は)?できません|obrigatório|requerido|обязательн|필수|bắt buộc/i;

/**
 * The kind of a refusal. Decided by what does not depend on the language where possible: JumpServer's code, what was
 * sent there (nothing → REQUIRED, an id that the message quotes → NOT_FOUND); by known words otherwise.
 */
export function toCode(fault: Fault): UserErrorCode {
  const { message, code, sent } = fault;
  const known = code === undefined ? undefined : CODES[code];
  if (known) return known;
  if (DUPLICATE.test(message)) return 'DUPLICATE';
  if (fault.isReference && quotedId(message, sent) !== undefined) return 'NOT_FOUND';
  if (NOT_FOUND.test(message) && !isNothing(sent)) return 'NOT_FOUND';
  if (fault.isPlace && isNothing(sent)) return 'REQUIRED';
  if (REQUIRED.test(message)) return 'REQUIRED';
  return NOT_FOUND.test(message) ? 'NOT_FOUND' : 'INVALID';
}

/** Whether nothing was sent: left out, null, an empty text or list. */
export function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Which of the ids that were sent a message quotes (JumpServer does so in every language), or undefined. */
export function quotedId(message: string, sent: unknown): string | undefined {
  const ids = (Array.isArray(sent) ? sent : [sent]).map(String);
  return ids.find((id) => message.includes(`"${id}"`) || (id.length >= 32 && message.includes(id)));
}
