import type { AccessEngine } from '../../access/engine.ts';
import type { ReportsPermissionAuditArgs } from '../../generated/resolvers.ts';
import type { Resolver } from '../../graph/resolve.ts';
import { gatherUsage } from '../../reports/gather.ts';
import { findUnusedParts } from '../../reports/least-privilege.ts';
import {
  type AuditFinding,
  auditGrants,
  auditUse,
  type GrantAudit,
  type UseAudit,
} from '../../reports/permission-audit.ts';
import { lastUtcDays } from '../../reports/range.ts';
import type { SessionUsage } from '../../reports/usage.ts';
import { once, type PageArguments } from '../access/page.ts';
import { toIsoText } from '../access/rows.ts';
import { inGraphWords, type Telling } from '../access/scene.ts';
import { toListConnection } from './page.ts';
import { type ReportScene, toDays, toRangeObject, withSource } from './source.ts';

/** The audit within one operation: sessions are read when they are asked for, and once. */
interface Audit {
  readonly scene: ReportScene;
  readonly engine: AccessEngine;
  readonly question: unknown;
  readonly grants: () => GrantAudit;
  readonly usage: () => Promise<SessionUsage>;
  readonly use: () => Promise<UseAudit>;
}

/** `Reports.permissionAudit`. */
export const permissionAudit = withSource(async (scene, args: ReportsPermissionAuditArgs) => {
  const { source, mark } = scene;
  const days = toDays('unusedForDays', args.unusedForDays);
  const expiringWithinDays = toDays('expiringWithinDays', args.expiringWithinDays, 0);
  const engine = await source.engine();
  const usage = once(() => gatherUsage(source, days));
  const audit: Audit = {
    scene,
    engine,
    question: ['permission-audit', days, expiringWithinDays],
    grants: once(() => auditGrants(engine, { expiringWithinDays })),
    usage,
    use: once(async () => auditUse(engine, await usage())),
  };
  const range = toRangeObject(lastUtcDays(days, source.now()));
  return mark({ audit: () => audit, range, asOf: toIsoText(engine.inputs.asOf) });
});

/** The sections that sessions decide. */
type UseSection = 'unused' | 'unusedAccounts';
type GrantSection = Exclude<keyof GrantAudit, 'asOf'>;

/** The resolver of one section that the permissions alone decide. */
export function grantSection(section: GrantSection) {
  return ofAudit(({ grants, scene, question }, args) =>
    toListConnection(grants()[section].map(toFinding(scene)), args, [section, question]),
  );
}

/** The resolver of one section that sessions decide. */
export function sessionSection(section: UseSection) {
  return ofAudit(async ({ use, scene, question }, args) =>
    toListConnection((await use())[section].map(toFinding(scene)), args, [section, question]),
  );
}

/** `PermissionAuditReport.sessions`. */
export const auditedSessions = ofAudit(async ({ use }) => (await use()).sessions);

/** `PermissionAuditReport.unusedParts`. */
export const unusedParts = ofAudit(async ({ engine, usage, scene, question }, args) => {
  const parts = [...findUnusedParts(engine, await usage())];
  const items = parts.map((part) => scene.mark({ id: part.permission.id, ...part }));
  return toListConnection(items, args, ['unusedParts', question]);
});

function ofAudit<T>(
  resolve: (audit: Audit, args: PageArguments) => Telling<T>,
): Resolver<T, { readonly audit: () => Audit }, PageArguments> {
  return ({ audit }, args) => inGraphWords(() => resolve(audit(), args));
}

function toFinding({ mark }: ReportScene) {
  return ({ permission, reason, detail }: AuditFinding) => mark({ id: permission.id, permission, reason, detail });
}
