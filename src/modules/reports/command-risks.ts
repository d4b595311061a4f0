import type { ReportsCommandRisksArgs } from '../../generated/resolvers.ts';
import { completeRow } from '../../graph/complete.ts';
import type { Connection } from '../../graph/connection.ts';
import { badInput } from '../../graph/errors.ts';
import type { Resolver } from '../../graph/resolve.ts';
import { type Row, scopeOf } from '../../graph/row.ts';
import type { CommandFact } from '../../reports/facts.ts';
import { gatherCommands } from '../../reports/gather.ts';
import type { PageArguments } from '../access/page.ts';
import { toIsoText } from '../access/rows.ts';
import { toListConnection } from './page.ts';
import { type ReportScene, toRangeObject, toTimeRange, withSource } from './source.ts';

/** `Reports.commandRisks`. */
export const commandRisks = withSource(async (scene, args: ReportsCommandRisksArgs) => {
  const { source, context } = scene;
  const asOf = source.now();
  const range = toTimeRange(args.range, asOf);
  const minimumLevel = Number(context.catalogue.enums['RiskLevel']?.[String(args.minimumLevel)]);
  if (Number.isNaN(minimumLevel)) throw badInput('minimumLevel: expected a known RiskLevel.');
  const { risks, risky } = await gatherCommands(source, { range, minimumLevel });
  return {
    page: (args: PageArguments) =>
      toListConnection(
        risky.map((command) => toItem(command, scene)),
        args,
        ['command-risks', range, minimumLevel],
      ),
    asOf: toIsoText(asOf),
    range: toRangeObject(range),
    totalCount: risks.totalCount(),
    riskyCount: risks.riskyCount(),
    byLevel: risks.byLevel(),
    byUser: risks.byUser(),
    byAsset: risks.byAsset(),
    byProgram: risks.byProgram(),
  };
});

/** `CommandRisksReport.commands`. */
export const riskyCommands: Resolver<
  Connection,
  { readonly page: (args: PageArguments) => Connection },
  PageArguments
> = ({ page }, args) => page(args);

/** `RiskyCommand.session`: sessions are deleted before their commands are. */
export const sessionOfCommand: Resolver = (row: Row, _args, context, info) => {
  const id = String(row['sessionId'] ?? '');
  return id === '' ? null : completeRow('Session', { id }, scopeOf(row, context.scope), context, info);
};

function toItem(command: CommandFact, { mark }: ReportScene) {
  const { id, input, riskLevel, at, userText, assetText, account, sessionId } = command;
  return mark({ id, input, riskLevel, timestamp: toIsoText(at), userText, assetText, account, sessionId });
}
