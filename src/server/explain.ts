import { mostCalls } from '../graph/cost.ts';
import { MAX_PAGE } from '../graph/page.ts';
import type { Reach } from '../graph/plan.ts';
import type { TracedRead } from '../graph/trace.ts';
import type { Assessment } from './assess.ts';
import type { OperationContext } from './graph.ts';

/** Rows of one noun that were reached in one way: what the plan foresaw and what was read. */
export interface ExplainedReads {
  readonly noun: string;
  readonly reads: 'list' | 'ids' | 'reverse' | 'part' | 'custom';
  /** The places of the operation that want them. */
  readonly fields: readonly string[];
  readonly estimated: { readonly parents: number; readonly rows: number; readonly calls: number };
  readonly real: {
    readonly calls: number;
    readonly rows: number;
    readonly milliseconds: number;
    /** How the rows were asked for: by a rule, a lookup, a scan, one parent at a time. */
    readonly ways: readonly string[];
  };
  /** Milliseconds of each way that such rows were asked for lately: where two take about as many calls, the faster is chosen. */
  readonly measured: Readonly<Record<string, number>>;
}

/** What `extensions.explain` says of an operation. Names of the graph only: no route, no id, no value. */
export interface Explanation {
  readonly calls: { readonly lower: number; readonly upper: number; readonly budget: number; readonly real: number };
  readonly bytes: number;
  readonly milliseconds: number;
  readonly retries: number;
  /** Calls that were begun at once because the same question needed them before. */
  readonly foreseen: number;
  readonly plan: readonly ExplainedReads[];
}

/** Sets what the plan foresaw beside what was read. */
export const toExplanation = (
  { plan, bounds }: Assessment,
  { trace = [], session: { stats }, measured = () => ({}) }: OperationContext,
  budget: number,
): Explanation => {
  const groups = new Map<string, Group>();
  for (const reach of plan.reaches) open(groups, reach.noun, PLANNED[reach.kind]).reaches.push(reach);
  for (const read of trace) open(groups, read.noun, TRACED[read.way]).reads.push(read);
  return {
    calls: { ...bounds, budget, real: stats.calls },
    bytes: stats.bytes,
    milliseconds: Math.round(stats.milliseconds),
    retries: stats.retries,
    foreseen: stats.foreseen ?? 0,
    plan: [...groups.values()].map((group) => explain(group, group.kind === 'reverse' ? measured(group.noun) : {})),
  };
};

type Kind = ExplainedReads['reads'];

interface Group {
  readonly noun: string;
  readonly kind: Kind;
  readonly reaches: Reach[];
  readonly reads: TracedRead[];
}

const PLANNED: Readonly<Record<Reach['kind'], Kind>> = {
  list: 'list',
  one: 'ids',
  ids: 'ids',
  reverse: 'reverse',
  part: 'part',
  custom: 'custom',
};

const TRACED: Readonly<Record<TracedRead['way'], Kind>> = {
  list: 'list',
  ids: 'ids',
  find: 'ids',
  part: 'part',
  single: 'reverse',
  rule: 'reverse',
  lookup: 'reverse',
  scan: 'reverse',
};

const open = (groups: Map<string, Group>, noun: string, kind: Kind): Group => {
  const key = `${kind} ${noun}`;
  const group = groups.get(key) ?? { noun, kind, reaches: [], reads: [] };
  groups.set(key, group);
  return group;
};

const explain = ({ noun, kind, reaches, reads }: Group, measured: ExplainedReads['measured']): ExplainedReads => ({
  noun,
  reads: kind,
  fields: [...new Set(reaches.map(({ field }) => field))],
  estimated: {
    parents: sum(reaches, ({ parents }) => parents),
    rows: sum(reaches, ({ parents, rows }) => parents * rows),
    calls: sum(reaches, (reach) => mostCalls(reach, MAX_PAGE)),
  },
  real: {
    calls: reads.length,
    rows: sum(reads, ({ rows }) => rows),
    milliseconds: Math.round(sum(reads, ({ milliseconds }) => milliseconds)),
    ways: [...new Set(reads.map(({ way }) => way))],
  },
  measured,
});

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
