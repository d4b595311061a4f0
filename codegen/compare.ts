import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

/** A change that can break a client. */
export interface BreakingChange {
  /** Coordinate of what changed, e.g. `User.email` or `Query.users.first`. */
  readonly coordinate: string;
  readonly message: string;
}

/** The changes between two schemas that can break a client, by coordinate. */
export async function breakingChanges(released: string, current: string): Promise<BreakingChange[]> {
  const changes = await diff(buildSchema(released), buildSchema(current));
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ path, message }) => ({ coordinate: path ?? 'schema', message }))
    .sort((left, right) => left.coordinate.localeCompare(right.coordinate));
}

/**
 * Breaking changes that the change log does not own up to. It does by naming the coordinate in backquotes under `### Breaking` of the section
 * for the next release, the first one of the log.
 */
export function undeclared(changes: readonly BreakingChange[], changelog: string): BreakingChange[] {
  const [, next = ''] = changelog.split(/^## /m);
  const [, breaking = ''] = next.split(/^### Breaking\s*$/m);
  const [section = ''] = breaking.split(/^### /m);
  const named = new Set([...section.matchAll(/`([^`]+)`/g)].map(([, coordinate]) => coordinate));
  return changes.filter(({ coordinate }) => !named.has(coordinate));
}
