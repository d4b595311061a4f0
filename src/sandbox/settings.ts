import type { JsonObject, SandboxVersion } from './types.ts';
import { isIn } from './versions.ts';
import { DEFAULT_ORG } from './world.ts';

const LANGUAGES = [
  { name: 'English', code: 'en', other_codes: ['en'] },
  { name: '中文', code: 'zh-hans', other_codes: ['zh-hans', 'zh', 'zh-cn'] },
];

const INTERFACE: JsonObject = {
  logo_logout: '/static/img/logo.png',
  logo_index: '/static/img/logo_text_white.png',
  login_image: '/static/img/login_image.png',
  favicon: '/static/img/facio.ico',
  login_title: 'Sandbox',
  theme: 'classic_green',
  theme_info: {},
  footer_content: '',
};

/** What anybody may read: `settings/public/open/`. */
export function openSettings(version: SandboxVersion): JsonObject {
  return {
    XPACK_ENABLED: false,
    INTERFACE,
    ...(isIn(version, { until: '4.9.0' })
      ? { COUNTRY_CALLING_CODES: [{ name: 'Iceland', value: '+354' }] }
      : { LANGUAGES }),
    ...(isIn(version, { since: '4.10.19' }) ? { VENDOR: 'JumpServer' } : {}),
  };
}

const EVERYWHERE: JsonObject = {
  WINDOWS_SKIP_ALL_MANUAL_PASSWORD: false,
  OLD_PASSWORD_HISTORY_LIMIT_COUNT: 5,
  TICKET_AUTHORIZE_DEFAULT_TIME: 7,
  TICKET_AUTHORIZE_DEFAULT_TIME_UNIT: 'day',
  AUTH_LDAP_SYNC_ORG_IDS: [DEFAULT_ORG],
  SECURITY_MAX_IDLE_TIME: 30,
  SECURITY_VIEW_AUTH_NEED_MFA: true,
  SECURITY_MFA_AUTH: 0,
  SECURITY_MFA_VERIFY_TTL: 3600,
  SECURITY_COMMAND_EXECUTION: false,
  SECURITY_COMMAND_BLACKLIST: ['reboot', 'shutdown', 'poweroff', 'halt', 'dd', 'half', 'top'],
  SECURITY_PASSWORD_EXPIRATION_TIME: 9999,
  SECURITY_LUNA_REMEMBER_AUTH: true,
  SECURITY_WATERMARK_ENABLED: true,
  SESSION_EXPIRE_AT_BROWSER_CLOSE: false,
  VIEW_ASSET_ONLINE_SESSION_INFO: true,
  PASSWORD_RULE: {
    SECURITY_PASSWORD_MIN_LENGTH: 6,
    SECURITY_ADMIN_USER_PASSWORD_MIN_LENGTH: 6,
    SECURITY_PASSWORD_UPPER_CASE: false,
    SECURITY_PASSWORD_LOWER_CASE: false,
    SECURITY_PASSWORD_NUMBER: false,
    SECURITY_PASSWORD_SPECIAL_CHAR: false,
  },
  SECURITY_SESSION_SHARE: true,
  XPACK_LICENSE_IS_VALID: false,
  XPACK_LICENSE_INFO: { corporation: '' },
  HELP_DOCUMENT_URL: '',
  HELP_SUPPORT_URL: '',
  TERMINAL_RAZOR_ENABLED: true,
  TERMINAL_MAGNUS_ENABLED: true,
  TERMINAL_KOKO_SSH_ENABLED: true,
  TERMINAL_OMNIDB_ENABLED: true,
  ANNOUNCEMENT_ENABLED: true,
  ANNOUNCEMENT: {},
  TICKETS_ENABLED: true,
  TICKETS_DIRECT_APPROVE: false,
  CONNECTION_TOKEN_REUSABLE: false,
  CACHE_LOGIN_PASSWORD_ENABLED: false,
  VAULT_ENABLED: false,
  VIRTUAL_APP_ENABLED: false,
  CHAT_AI_ENABLED: false,
  GPT_MODEL: '',
  FILE_UPLOAD_SIZE_LIMIT_MB: 200,
  DEFAULT_EXPIRED_YEARS: 70,
  ...Object.fromEntries(
    'PASSKEY WECOM DINGTALK FEISHU LARK SLACK TEMP_TOKEN'.split(' ').map((name) => [`AUTH_${name}`, false]),
  ),
};

const EXPIRY: JsonObject = { USER_DEFAULT_EXPIRED_DAYS: 25_550, ASSET_PERMISSION_DEFAULT_EXPIRED_DAYS: 25_550 };

const FOUR: JsonObject = {
  XPACK_LICENSE_EDITION_ULTIMATE: false,
  FACE_RECOGNITION_ENABLED: false,
  CHAT_AI_TYPE: 'gpt',
  FTP_FILE_MAX_STORE: 0,
  LOKI_LOG_ENABLED: false,
  TOOL_USER_ENABLED: false,
  PRIVACY_MODE: false,
};

const LATE_FOUR_TEN: JsonObject = {
  SECURITY_EXPIRED_TOKEN_RECORD_KEEP_DAYS: 180,
  SECURITY_WATERMARK_SESSION_CONTENT: '',
  SECURITY_WATERMARK_CONSOLE_CONTENT: '',
  SECURITY_WATERMARK_COLOR: 'rgba(184, 184, 184, 0.8)',
  SECURITY_WATERMARK_FONT_SIZE: 13,
  SECURITY_WATERMARK_HEIGHT: 200,
  SECURITY_WATERMARK_WIDTH: 200,
  SECURITY_WATERMARK_ROTATE: 45,
  CHAT_AI_METHOD: 'api',
  CHAT_AI_EMBED_URL: '',
  CHANGE_SECRET_AFTER_SESSION_END: false,
};

const NINETEEN: JsonObject = {
  SECURITY_DISABLE_VIEW_SECRET: false,
  JDMC_ENABLED: false,
  KOTL_ENABLED: false,
  FLOWER_ENABLED: true,
  REMOTE_APP_STORE_URL: '',
  AUTH_UKEY: false,
};

/** What every signed-in user may read; its keys are the best fingerprint of the version (api.md, Corrections). */
export function publicSettings(version: SandboxVersion): JsonObject {
  return {
    ...openSettings(version),
    ...EVERYWHERE,
    ...(version === '4.9.0' ? {} : EXPIRY),
    ...(isIn(version, { since: '4.9.0' }) ? FOUR : {}),
    ...(isIn(version, { since: '4.10.16' }) ? LATE_FOUR_TEN : {}),
    ...(version === '4.10.16' ? { SECURITY_ACCOUNT_SECRET_READ: true } : {}),
    ...(isIn(version, { since: '4.10.19' }) ? NINETEEN : {}),
  };
}
