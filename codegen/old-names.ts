/** What zones were called before 4.10 (api.md §7). The client translates, so that the catalogue speaks the new names alone. */
const OLD_PREFIXES: readonly (readonly [now: string, was: string])[] = [['/assets/zones/', '/assets/domains/']];

/** Query parameters that older servers call otherwise. */
export const OLD_PARAMETERS: Readonly<Record<string, string>> = { zone: 'domain', gateway_enabled: 'domain_enabled' };

/** The path as older servers have it; the same where nothing changed. */
export function toOldPath(path: string): string {
  const [now, was] = OLD_PREFIXES.find(([prefix]) => path.startsWith(prefix)) ?? ['', ''];
  return now === '' ? path : was + path.slice(now.length);
}

/** The operations, and what older servers call them: both are kept in the contracts. */
export function withOldOperations(operations: readonly string[]): string[] {
  const old = operations.map((operation) => {
    const [verb = '', path = ''] = operation.split(' ');
    return `${verb} ${toOldPath(path)}`;
  });
  return [...new Set([...operations, ...old])].sort();
}
