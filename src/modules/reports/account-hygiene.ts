import type { ReportsAccountHygieneArgs } from '../../generated/resolvers.ts';
import type { Connection } from '../../graph/connection.ts';
import { badInput } from '../../graph/errors.ts';
import type { Resolver } from '../../graph/resolve.ts';
import type { Row } from '../../graph/row.ts';
import type { AccountHygiene } from '../../reports/account-hygiene.ts';
import type { AccountFact } from '../../reports/facts.ts';
import { gatherAccounts } from '../../reports/gather.ts';
import type { PageArguments } from '../access/page.ts';
import { toIsoText } from '../access/rows.ts';
import { inGraphWords } from '../access/scene.ts';
import { toListConnection } from './page.ts';
import { type ReportScene, toDays, withSource } from './source.ts';

/** What the sections are cut from. */
interface Parts {
  readonly hygiene: AccountHygiene;
  readonly scene: ReportScene;
  readonly question: unknown;
}

/** The report, as its fields find it. */
interface Source {
  readonly parts: () => Parts;
}

/** `Reports.accountHygiene`. */
export const accountHygiene = withSource(async (scene, args: ReportsAccountHygieneArgs) => {
  const secretOlderThanDays = toDays('secretOlderThanDays', args.secretOlderThanDays, 0);
  const reachableByMoreThan = Number(args.reachableByMoreThan);
  if (reachableByMoreThan < 0) throw badInput('reachableByMoreThan: expected 0 or more.');
  const hygiene = await gatherAccounts(scene.source, { secretOlderThanDays, reachableByMoreThan });
  const parts: Parts = {
    hygiene,
    scene,
    question: ['account-hygiene', secretOlderThanDays, reachableByMoreThan],
  };
  return scene.mark({
    parts: () => parts,
    asOf: toIsoText(hygiene.asOf),
    totalCount: hygiene.totalCount(),
    privilegedCount: hygiene.privilegedCount(),
  });
});

/** `AccountHygieneReport.neverVerified`, `AccountHygieneReport.oldSecrets`. */
export function accountSection(section: 'neverVerified' | 'oldSecrets'): Resolver<Connection, Source, PageArguments> {
  return ({ parts }, args) =>
    inGraphWords(() => {
      const { hygiene, scene, question } = parts();
      const items = hygiene[section]().map(({ account, detail }) => scene.mark({ id: account.id, account, detail }));
      return toListConnection(items, args, [section, question]);
    });
}

/** `AccountHygieneReport.reachableByMany`. */
export const reachableAccounts: Resolver<Connection, Source, PageArguments> = ({ parts }, args) =>
  inGraphWords(() => {
    const { hygiene, scene, question } = parts();
    const found = hygiene.reachableByMany();
    const items = found.map(({ account, users }) => scene.mark({ id: account.id, account, usersCount: users }));
    return toListConnection(items, args, ['reachableByMany', question]);
  });

/** What a report knows of an account, as a row of `accounts/accounts/`. */
export function toAccountRow({ id, name, username, isPrivileged, isActive }: AccountFact): Row {
  return { id, name, username, privileged: isPrivileged, is_active: isActive };
}
