/** Where a session works: one of JumpServer's organisations, or its root, which sees all (api.md §2). */
export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly isRoot: boolean;
  readonly isDefault: boolean;
}

/** Ids that every JumpServer has (api.md §2). */
export const ROOT_ORGANIZATION = '00000000-0000-0000-0000-000000000000';
/** The organisation of those who name none. */
export const DEFAULT_ORGANIZATION = '00000000-0000-0000-0000-000000000002';
const SYSTEM_ORGANIZATION = '00000000-0000-0000-0000-000000000004';

const KEYWORDS: Readonly<Record<string, string>> = {
  root: ROOT_ORGANIZATION,
  global: ROOT_ORGANIZATION,
  default: DEFAULT_ORGANIZATION,
  system: SYSTEM_ORGANIZATION,
};
const BUILT_IN = new Set(Object.values(KEYWORDS));

/** An organisation as a caller names it: its header's value, and whether it surely exists. */
export interface OrganizationName {
  readonly value: string;
  /** Built in, so JumpServer can't have mistaken it for another one. */
  readonly certain: boolean;
}

/** Reads the caller's words: id (with or without dashes), name or keyword. Undefined when they can't be a header's value. */
export const toOrganizationName = (words: string): OrganizationName | undefined => {
  const text = words.trim();
  if (!/^[\x20-\x7e\x80-\xff]{1,128}$/.test(text)) return undefined;
  const value = KEYWORDS[text.toLowerCase()] ?? toDashed(text);
  return { value, certain: BUILT_IN.has(value) };
};

const toDashed = (text: string): string =>
  /^[0-9a-f]{32}$/i.test(text) ? text.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') : text;

/** What `orgs/orgs/current/` answers. */
interface CurrentOrganization {
  readonly id: string;
  readonly name: string;
  readonly is_root: boolean;
  readonly is_default: boolean;
}

/** Whether an answer has the shape of `orgs/orgs/current/`. */
export const isCurrentOrganization = (data: unknown): data is CurrentOrganization =>
  typeof data === 'object' &&
  data !== null &&
  'id' in data &&
  typeof data.id === 'string' &&
  'name' in data &&
  typeof data.name === 'string';

/** The organisation that answered, or undefined when it is not the one asked for: JumpServer answers an unknown one as Default (api.md §2). */
export const toOrganization = (current: CurrentOrganization, asked: string): Organization | undefined => {
  const matches =
    current.id.toLowerCase() === asked.toLowerCase() || current.name.toLowerCase() === asked.toLowerCase();
  if (!matches) return undefined;
  return {
    id: current.id,
    name: current.name,
    isRoot: current.is_root === true,
    isDefault: current.is_default === true,
  };
};
