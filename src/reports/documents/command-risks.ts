import type { CommandRisks } from '../command-risks.ts';
import { RISK_LEVELS } from '../command-risks.ts';
import type { ReportDocument, Section } from '../document.ts';
import type { CommandFact } from '../facts.ts';
import { dateColumn, numberColumn, textColumn } from './columns.ts';

/** Command risks as a document; `risky` are the commands that `CommandRisks.add` said were, if they are to be listed. */
export function toCommandRisksDocument(
  risks: CommandRisks,
  risky: readonly CommandFact[],
  { organization, asOf }: { readonly organization: string; readonly asOf: number },
): ReportDocument {
  return {
    name: 'command-risks',
    title: 'Command risks',
    organization,
    asOf,
    range: risks.range,
    figures: [
      { key: 'totalCount', title: 'Commands', value: risks.totalCount() },
      { key: 'riskyCount', title: 'Risky', value: risks.riskyCount() },
    ],
    sections: [
      tallySection('byLevel', 'Commands by level', 'level', 'Level', risks.byLevel()),
      tallySection('byUser', 'Risky commands by user', 'user', 'User', risks.byUser()),
      tallySection('byAsset', 'Risky commands by asset', 'asset', 'Asset', risks.byAsset()),
      tallySection('byProgram', 'Risky commands by program', 'program', 'Program', risks.byProgram()),
      commandSection(risky),
    ],
  };
}

function tallySection(
  key: string,
  title: string,
  name: string,
  label: string,
  tallies: ReturnType<CommandRisks['byUser']>,
): Section {
  return {
    key,
    title,
    summary: 'All commands, and those at or above the level asked for.',
    columns: [textColumn(name, label), numberColumn('count', 'Commands'), numberColumn('risky', 'Risky')],
    rows: tallies.map((tally) => ({ [name]: tally.key, count: tally.count, risky: tally.risky })),
    chart: { kind: 'bar', category: name, values: key === 'byLevel' ? ['count'] : ['risky'] },
  };
}

function commandSection(risky: readonly CommandFact[]): Section {
  return {
    key: 'commands',
    title: 'Risky commands',
    summary: 'Every command at or above the level asked for.',
    columns: [
      dateColumn('at', 'At'),
      textColumn('level', 'Level'),
      textColumn('user', 'User'),
      textColumn('asset', 'Asset'),
      textColumn('account', 'Account'),
      textColumn('input', 'Input'),
      textColumn('sessionId', 'Session'),
    ],
    rows: risky.map(({ at, riskLevel, userText, assetText, account, input, sessionId }) => ({
      at,
      level: RISK_LEVELS[riskLevel] ?? String(riskLevel),
      user: userText,
      asset: assetText,
      account,
      input,
      sessionId,
    })),
  };
}
