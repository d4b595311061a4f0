/** From the documents of several servers to the pruned contract of each: upgrade, borrow, repair, prune. */
import {
  type Document,
  findOperation,
  findPath,
  type Method,
  type Operation,
  type PathItem,
} from './contract-document.ts';
import { pruneDocument, reachedSchemas } from './prune.ts';
import { compareVersions, findRoute, loadEvidence, nearestVersions } from './repairs/evidence.ts';
import { evidenceVersion, idleRepairs, type RepairReport, repairDocument } from './repairs.ts';
import { normalizeDocument, type RawDocument, upgradeDocument } from './upgrade.ts';

/** What is asked for: the servers' own documents by version, and the operations that the graph uses. */
export interface ContractRequest {
  sources: Readonly<Record<string, RawDocument>>;
  /** Such as `"GET /assets/assets/"`: no `/api/v1`, path parameters in braces. */
  operations: readonly string[];
}

/** An operation that a version's own document leaves out, and whose document had it. */
export interface Borrowed {
  version: string;
  operation: string;
  from: string;
}

/** An operation that a version does not have. */
export interface Absent {
  version: string;
  operation: string;
}

/** What happened on the way. */
export interface ContractReport {
  repairs: RepairReport[];
  /** Repairs that changed nothing in any version: candidates for removal. */
  idle: string[];
  borrowed: Borrowed[];
  absent: Absent[];
}

type Documents = Map<string, Document>;

const verbOf = (operation: string): string => operation.split(' ')[0] ?? '';
const pathOf = (operation: string): string => operation.split(' ')[1] ?? '';

/**
 * A route is known to exist where its server was seen to answer it, or where both an older and a newer version document it:
 * 4.9 leaves whole parts of its API out of its document (api.md §6).
 */
const isKnown = (documents: Documents, version: string, operation: string): boolean => {
  const route = findRoute(loadEvidence(evidenceVersion(version)), pathOf(operation));
  if (route?.allow !== undefined) return route.allow.includes(verbOf(operation));
  if (route !== undefined) return true;
  const having = [...documents].flatMap(([other, document]) => (findOperation(document, operation) ? [other] : []));
  return (
    having.some((other) => compareVersions(other, version) < 0) &&
    having.some((other) => compareVersions(other, version) > 0)
  );
};

/** Copies one operation and the components it reaches; a component that the target has stays the target's. */
const copyOperation = (target: Document, source: Document, name: string, from: string): boolean => {
  const located = findOperation(source, name);
  if (located === undefined) return false;
  const { method, path } = located;
  const operation: Operation = { ...structuredClone(located.operation), 'x-from': from };
  const place = findPath(target, path) ?? path;
  target.paths[place] = { ...target.paths[place], [method satisfies Method]: operation } satisfies PathItem;
  for (const component of reachedSchemas(source, operation)) {
    const schema = source.components.schemas[component];
    if (schema !== undefined) target.components.schemas[component] ??= structuredClone(schema);
  }
  return true;
};

/** Fills what a version's document leaves out from the nearest version that has it; changes `documents`. */
const borrowOperations = (documents: Documents, operations: readonly string[]): Borrowed[] => {
  const originals = new Map(
    [...documents].map(([version, document]) => [version, { ...document, paths: { ...document.paths } }]),
  );
  const borrowed: Borrowed[] = [];
  for (const [version, document] of documents) {
    const own = originals.get(version);
    for (const operation of operations) {
      // methods missing on a documented path are added by a repair, in this version's own shapes
      if (
        own === undefined ||
        findPath(own, pathOf(operation)) !== undefined ||
        !isKnown(originals, version, operation)
      )
        continue;
      const from = nearestVersions(version, [...originals.keys()]).find((other) => {
        const source = originals.get(other);
        return source !== undefined && copyOperation(document, source, operation, other);
      });
      if (from !== undefined) borrowed.push({ version, operation, from });
    }
  }
  return borrowed;
};

/** Builds the contract of every version: `documents` are what is committed in `schema/openapi/`. */
export const buildContracts = async ({
  sources,
  operations,
}: ContractRequest): Promise<{ documents: Record<string, Document>; report: ContractReport }> => {
  const documents: Documents = new Map();
  for (const version of Object.keys(sources).sort(compareVersions)) {
    documents.set(version, normalizeDocument(await upgradeDocument(sources[version] ?? {})));
  }
  const report: ContractReport = {
    repairs: [],
    idle: [],
    borrowed: borrowOperations(documents, operations),
    absent: [],
  };
  const pruned: Record<string, Document> = {};
  for (const [version, document] of documents) {
    const repaired = repairDocument(document, version);
    const { document: small, missing } = pruneDocument(repaired.document, operations);
    report.repairs.push(...repaired.report);
    report.absent.push(...missing.map((operation) => ({ version, operation })));
    pruned[version] = small;
  }
  return { documents: pruned, report: { ...report, idle: idleRepairs(report.repairs) } };
};
