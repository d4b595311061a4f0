import { AUDIT_SECTIONS, type AuditSection } from './permission-audit.ts';

/** One condition under which a pipeline should fail: a section of the audit with anything in it. */
export interface FailCondition {
  readonly section: AuditSection;
  /** The days after the colon: how long unused, or how soon expiring. */
  readonly days: number | undefined;
}

/**
 * Reads `expired,unused:90,never-expiring`: sections in kebab-case, days after a colon where they mean something
 * (`unused`, `expiring`). Throws `RangeError` naming the word that is wrong.
 */
export function parseFailOn(text: string): FailCondition[] {
  return text.split(',').map((word) => {
    const [name = '', days] = word.trim().split(':');
    const section = AUDIT_SECTIONS.find((key) => toKebabCase(key) === name);
    if (!section) throw new RangeError(`Expected one of ${AUDIT_SECTIONS.map(toKebabCase).join(', ')}, got "${name}"`);
    if (days === undefined) return { section, days: undefined };
    const takesDays = section === 'unused' || section === 'expiring';
    if (!takesDays || !/^[1-9]\d{0,4}$/.test(days))
      throw new RangeError(`Expected unused:DAYS or expiring:DAYS, got "${word.trim()}"`);
    return { section, days: Number(days) };
  });
}

/** The name of a section or a parameter as it stands on the command line. */
export function toKebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
