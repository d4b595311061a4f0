import { createAttribution } from '../access/attribution.ts';
import { findCauses } from '../access/causes.ts';
import { diffAccess } from '../access/diff.ts';
import { createAccessEngine } from '../access/engine.ts';
import { toGraphFault } from '../access/errors.ts';
import type { AccessInputs } from '../access/inputs.ts';
import { createSessionReader } from '../access/session-reader.ts';
import type { Snapshot } from '../access/snapshot.ts';
import { badInput } from '../graph/errors.ts';
import type { AccessComparison } from '../reports/documents/access-diff.ts';
import { toAccessDiffDocument } from '../reports/documents/access-diff.ts';
import { exportReport, type ReportFormat } from '../reports/exports/export-report.ts';
import type { OperationFact } from '../reports/facts.ts';
import { openReportSource } from '../reports/open-source.ts';
import { operationsIn } from '../reports/sources.ts';
import { openSession } from './open-session.ts';
import { watchReader } from './progress.ts';
import { readSnapshot, writeSnapshot } from './snapshot-files.ts';
import { EXIT, type Surroundings } from './surroundings.ts';
import { writeOut } from './write-out.ts';

/** What `jumpgraph access snapshot` is asked. */
export interface SnapshotCommand {
  readonly folder: string;
  readonly organization?: string | undefined;
}

/** Stores everything that decides who reaches what, as one compressed file a day. */
export async function runSnapshot(command: SnapshotCommand, surroundings: Surroundings): Promise<number> {
  const { terminal, now } = surroundings;
  const { session, home, close } = await openSession(surroundings, command.organization);
  try {
    const { reader, stop } = watchReader(createSessionReader(session), terminal, now);
    const source = openReportSource({ session, home, now, reader });
    const { inputs } = await source.engine().finally(stop);
    const [organizationName, readBy] = await Promise.all([source.organization(), source.caller()]);
    const path = await writeSnapshot(command.folder, { inputs, organizationName, readBy });
    const { users, assets, permissions } = inputs;
    terminal.messages.write(
      `${path}: ${users.length} users, ${assets.length} assets, ${permissions.length} permissions\n`,
    );
    return EXIT.done;
  } finally {
    await close();
  }
}

/** What `jumpgraph access diff` is asked. */
export interface DiffCommand {
  /** Two snapshots. */
  readonly before: string;
  readonly after: string;
  readonly format: ReportFormat;
  readonly out: string;
  /** Read the operate logs between the two as well, to say who did it. */
  readonly withOperations: boolean;
  readonly organization?: string | undefined;
}

/** Compares two snapshots: who gained, who lost, and by which change. */
export async function runDiff(command: DiffCommand, surroundings: Surroundings): Promise<number> {
  try {
    const [before, after] = await Promise.all([readSnapshot(command.before), readSnapshot(command.after)]);
    const comparison = compare(before, after);
    const organization = command.organization ?? after.inputs.organization;
    const operations = command.withOperations
      ? await readOperations(comparison, organization, surroundings)
      : undefined;
    const document = toAccessDiffDocument({ ...comparison, operations });
    await writeOut(await exportReport(document, command.format), command.out, surroundings);
    return EXIT.done;
  } catch (error) {
    throw toGraphFault(error);
  }
}

function compare(before: Snapshot, after: Snapshot): Omit<AccessComparison, 'operations'> {
  assertComparable(before.inputs, after.inputs);
  const [left, right] = [createAccessEngine(before.inputs), createAccessEngine(after.inputs)];
  const causes = findCauses(before.inputs, after.inputs);
  return {
    organization: after.organizationName ?? after.inputs.organization,
    madeBy: [...new Set([before.readBy, after.readBy])].map((name) => name ?? 'unknown').join(', '),
    from: before.inputs.asOf,
    to: after.inputs.asOf,
    diff: diffAccess({ engine: left }, { engine: right }),
    attributions: { before: createAttribution(left, causes), after: createAttribution(right, causes) },
    causes,
  };
}

/** Two organisations, or a later day before an earlier one, would make a page of which every line is wrong. */
function assertComparable(before: AccessInputs, after: AccessInputs): void {
  if (before.organization !== after.organization) throw badInput('The snapshots are of two organisations.');
  if (before.asOf > after.asOf) throw badInput('The first snapshot is the later one; expected the earlier one first.');
}

/** Logs name objects as they were shown: the bare name, or `Name(user name)`. */
async function readOperations(
  { from, to, causes }: Omit<AccessComparison, 'operations'>,
  organization: string,
  surroundings: Surroundings,
): Promise<OperationFact[]> {
  const names = new Set(causes.map(({ name }) => name));
  const { session, home, close } = await openSession(surroundings, organization);
  try {
    const source = openReportSource({ session, home, now: surroundings.now });
    const found: OperationFact[] = [];
    for await (const operation of operationsIn(source, { from, to })) {
      if (names.has(operation.resource) || names.has(operation.resource.replace(/\([^()]*\)$/, '')))
        found.push(operation);
    }
    return found;
  } finally {
    await close();
  }
}
