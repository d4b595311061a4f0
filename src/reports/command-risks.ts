import type { CommandFact } from './facts.ts';
import { isWithin, type TimeRange } from './range.ts';

/** What each risk level of a command means (api.md §5.11), in the graph's words. */
export const RISK_LEVELS: Readonly<Record<number, string>> = {
  0: 'ACCEPT',
  4: 'WARNING',
  5: 'REJECT',
  6: 'REVIEW_REJECT',
  7: 'REVIEW_ACCEPT',
  8: 'REVIEW_CANCEL',
};

/** JumpServer's number of a level. */
export function levelOf(name: string): number {
  return Number(Object.keys(RISK_LEVELS).find((level) => RISK_LEVELS[Number(level)] === name));
}

/** Commands that share a key: a level, a user, an asset, the name of the program. */
export interface CommandTally {
  readonly key: string;
  readonly count: number;
  /** Of these, at or above the level asked for. */
  readonly risky: number;
}

/** What counts as risky: this level and above. Default 4, the warning. */
export interface CommandRisksOptions {
  readonly range: TimeRange;
  readonly minimumLevel?: number;
}

/** Commands counted so far. */
export interface CommandRisks {
  readonly range: TimeRange;
  /** Counts a command of the range, and says whether it was risky: exports list those as they pass. */
  add(command: CommandFact): boolean;
  totalCount(): number;
  riskyCount(): number;
  /** By level, lowest first. */
  byLevel(): CommandTally[];
  /** These three: only keys with risky commands, most first. */
  byUser(): CommandTally[];
  byAsset(): CommandTally[];
  byProgram(): CommandTally[];
}

/** Starts counting commands. */
export function createCommandRisks({ range, minimumLevel = 4 }: CommandRisksOptions): CommandRisks {
  const levels = new Map<number, number>();
  const [users, assets, programs] = [createTallies(), createTallies(), createTallies()];
  const riskyCount = () => [...levels].reduce((sum, [level, count]) => sum + (level >= minimumLevel ? count : 0), 0);
  return {
    range,
    add(command) {
      if (!isWithin(range, command.at)) return false;
      const isRisky = command.riskLevel >= minimumLevel;
      levels.set(command.riskLevel, (levels.get(command.riskLevel) ?? 0) + 1);
      users.add(command.userText, isRisky);
      assets.add(command.assetText, isRisky);
      if (isRisky) programs.add(programOf(command.input), isRisky);
      return isRisky;
    },
    totalCount: () => [...levels.values()].reduce((sum, count) => sum + count, 0),
    riskyCount,
    byLevel: () =>
      [...levels]
        .sort(([left], [right]) => left - right)
        .map(([level, count]) => ({
          key: RISK_LEVELS[level] ?? String(level),
          count,
          risky: level >= minimumLevel ? count : 0,
        })),
    byUser: users.risky,
    byAsset: assets.risky,
    byProgram: programs.risky,
  };
}

/** `sudo`, its options, and the user or group that two of them take. */
const SUDO = /^sudo(?:\s+(?:-[ugU]\s+\S+|-\S+))*\s+/;

/** The program a command line calls: its first word, after `sudo` and without its folder. */
export function programOf(input: string): string {
  const [word = ''] = input.trim().replace(SUDO, '').split(/\s/);
  return word.split('/').at(-1) ?? '';
}

function createTallies() {
  const tallies = new Map<string, { key: string; count: number; risky: number }>();
  return {
    add(key: string, isRisky: boolean) {
      const tally = tallies.get(key) ?? { key, count: 0, risky: 0 };
      tally.count += 1;
      tally.risky += isRisky ? 1 : 0;
      tallies.set(key, tally);
    },
    risky: (): CommandTally[] =>
      [...tallies.values()]
        .filter(({ risky }) => risky > 0)
        .sort((left, right) => right.risky - left.risky || (left.key < right.key ? -1 : 1)),
  };
}
