/** The named repairs of JumpServer's API document: each with its reason and the place where the truth was seen. */
import type { Document } from './contract-document.ts';
import { answerRepairs } from './repairs/answers.ts';
import type { Repair, RepairContext } from './repairs/context.ts';
import { compareVersions, type Evidence, loadEvidence, nearestVersions, recordedVersions } from './repairs/evidence.ts';
import { parameterRepairs } from './repairs/parameters.ts';
import { presenceRepairs } from './repairs/presence.ts';
import { routeRepairs } from './repairs/routes.ts';
import { valueRepairs } from './repairs/values.ts';
import { writeRepairs } from './repairs/writes.ts';

/** Every repair, in the order in which they build on each other: what can be called, what comes back, what it holds, what is sent. */
export const repairs: readonly Repair[] = [
  ...routeRepairs,
  ...answerRepairs,
  ...valueRepairs,
  ...parameterRepairs,
  ...writeRepairs,
  ...presenceRepairs,
];

/** What one repair did to one document. */
export interface RepairReport {
  version: string;
  name: string;
  changes: number;
}

/** The recorded version whose evidence speaks for a server: its own, else the newest that is not newer, else the oldest. */
export const evidenceVersion = (version: string): string => {
  const older = recordedVersions.filter((recorded) => compareVersions(recorded, version) <= 0);
  return older.at(-1) ?? recordedVersions[0];
};

const contextOf = (version: string): RepairContext => {
  const own = evidenceVersion(version);
  const evidence: Evidence = loadEvidence(own);
  const isExact = own === version;
  return { version, evidence, isExact, others: nearestVersions(own, recordedVersions).map(loadEvidence) };
};

/**
 * Applies every repair to a copy of a normalised document (see `upgrade.ts`). The report names each repair with the number of its changes:
 * one that changed nothing is no longer needed for this version.
 */
export const repairDocument = (
  document: Document,
  version: string,
  context: RepairContext = contextOf(version),
): { document: Document; report: RepairReport[] } => {
  const copy = structuredClone(document);
  const report = repairs.map(({ name, apply }) => ({ version, name, changes: apply(copy, context) }));
  return { document: copy, report };
};

/** The repairs that changed nothing in any of the given reports. */
export const idleRepairs = (reports: readonly RepairReport[]): string[] => {
  const names = new Set(reports.map(({ name }) => name));
  return [...names].filter((name) => reports.every((report) => report.name !== name || report.changes === 0));
};
