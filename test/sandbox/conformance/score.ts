/** From outcomes to shares, the table, and the promise that is kept or broken. */
import type { Outcome } from './replay.ts';

/** Shares in per cent of the exchanges that count; `covered` of all. */
export interface Score {
  readonly exchanges: number;
  readonly covered: number;
  readonly status: number;
  readonly shape: number;
  readonly values: number;
}

/** The least of each share, per version (issue 4). */
const promised = { covered: 90, status: 98, shape: 96, values: 90 } as const;

const share = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);

/** The shares of one version's replay. */
export const toScore = (outcomes: readonly Outcome[]): Score => {
  const counted = outcomes.filter(({ excluded }) => excluded === undefined);
  const shareOf = (level: 'status' | 'shape' | 'values'): number =>
    share(counted.filter((outcome) => outcome[level]).length, counted.length);
  return {
    exchanges: outcomes.length,
    covered: share(counted.length, outcomes.length),
    status: shareOf('status'),
    shape: shareOf('shape'),
    values: shareOf('values'),
  };
};

/** Which promises the score breaks, in words; empty when it keeps all. */
export const brokenPromises = (score: Score): string[] =>
  (['covered', 'status', 'shape', 'values'] as const)
    .filter((level) => score[level] < promised[level])
    .map((level) => `${level} ${score[level].toFixed(1)} % is below ${promised[level]} %`);

const cell = (text: string): string => text.padStart(10);

/** One line a version under a head line. */
export const toTable = (scores: ReadonlyMap<string, Score>): string => {
  const head = ['version', 'exchanges', 'covered', 'status', 'shape', 'values'].map(cell).join('');
  const lines = [...scores].map(([name, { exchanges, covered, status, shape, values }]) =>
    [name, String(exchanges), ...[covered, status, shape, values].map((level) => `${level.toFixed(1)} %`)]
      .map(cell)
      .join(''),
  );
  return [head, ...lines].join('\n');
};
