import { type Capabilities, type Edition, toCapabilities } from './capabilities.ts';

/** The parts of `settings/public/` that are read. */
export type PublicSettings = Readonly<Record<string, unknown>>;

interface Mark {
  readonly version: string;
  /** Keys of `settings/public/` that must all be there. */
  readonly keys: readonly string[];
}

/**
 * No route tells the version, but the keys of `settings/public/` grow with it, and every signed-in user may read them (api.md, Corrections).
 * Newest first; the version is the recorded one that has these keys.
 */
const MARKS: readonly Mark[] = [
  { version: '4.10.19', keys: ['KOTL_ENABLED', 'FLOWER_ENABLED', 'SECURITY_DISABLE_VIEW_SECRET'] },
  { version: '4.10.16', keys: ['SECURITY_WATERMARK_COLOR', 'CHANGE_SECRET_AFTER_SESSION_END'] },
  {
    version: '4.9.0',
    keys: ['LANGUAGES', 'FTP_FILE_MAX_STORE', 'TOOL_USER_ENABLED', 'LOKI_LOG_ENABLED', 'PRIVACY_MODE'],
  },
  { version: '4.0.0', keys: ['LANGUAGES'] },
  { version: '3.10.23', keys: ['COUNTRY_CALLING_CODES'] },
];

/** The oldest one that is served: what is taken for a server that nothing is known of but that it has no zones. */
const OLDEST = '3.10.23';

/** The keys alone tell these from neither a 4.10 older than the recorded ones nor a later server that has dropped some. */
const CERTAIN = new Set(['4.10.19', '4.10.16', '3.10.23']);

/** Asks whether a path of the server exists. */
export type Probe = (path: '/assets/zones/') => Promise<boolean>;

/**
 * Detects the server from its public settings, with at most one probe where they leave it open.
 * When in doubt the older version is taken: a feature too few costs calls, one too many gives wrong rows.
 */
export const detectCapabilities = async (settings: PublicSettings, probe: Probe): Promise<Capabilities> => {
  const found = MARKS.find(({ keys }) => keys.every((key) => key in settings))?.version ?? '';
  const version = CERTAIN.has(found) ? found : (await probe('/assets/zones/')) ? '4.10.0' : found || OLDEST;
  return toCapabilities(version, toEdition(settings));
};

const toEdition = (settings: PublicSettings): Edition =>
  settings.XPACK_ENABLED === true && settings.XPACK_LICENSE_IS_VALID !== false ? 'ENTERPRISE' : 'COMMUNITY';
