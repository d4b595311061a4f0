import type { FaultRule, Sandbox } from '../../src/sandbox/index.ts';

type Fault = FaultRule['fault'];

/** What a cell must show: the right answer, or one of these codes. */
export type Outcome = 'right' | readonly string[];

/** What can go wrong between Jumpgraph and JumpServer, and what reads, writes and imports make of it. */
export interface FaultCase {
  readonly name: string;
  /** One after the other; those without a count for ever. */
  readonly faults: readonly { readonly fault: Fault; readonly count?: number }[];
  readonly read: Outcome;
  /** A write that may have arrived is never sent again. */
  readonly write: Outcome;
  /** An import knows its rows by their ids, so it looks them up and goes on. */
  readonly rows: Outcome;
}

const UNAVAILABLE = ['UPSTREAM_UNAVAILABLE'];
const CONTRACT = ['UPSTREAM_CONTRACT'];
const UNKNOWN = ['OUTCOME_UNKNOWN'];
/** A row at which JumpServer fails each time it is sent alone is told so, as one that it refuses. */
const CRASHES = [...UNKNOWN, ...UNAVAILABLE, 'INVALID'];
const throttled = (headers: Record<string, string>): Fault => ({
  kind: 'status',
  status: 429,
  body: { detail: 'slow down', code: 'throttled' },
  headers,
});

/** The rows of the matrix. */
export const FAULTS: readonly FaultCase[] = [
  {
    name: 'delay',
    faults: [{ fault: { kind: 'delay', milliseconds: 150 } }],
    read: 'right',
    write: 'right',
    rows: 'right',
  },
  {
    name: 'hang',
    faults: [{ fault: { kind: 'hang' } }],
    read: ['UPSTREAM_TIMEOUT'],
    write: UNKNOWN,
    rows: UNKNOWN,
  },
  {
    name: 'a burst of 429 with Retry-After',
    faults: [
      { fault: throttled({ 'retry-after': '1' }), count: 1 },
      { fault: throttled({ 'retry-after': '0' }), count: 4 },
    ],
    read: 'right',
    write: 'right',
    rows: 'right',
  },
  {
    name: '429 without Retry-After',
    faults: [{ fault: throttled({}), count: 1 }],
    read: 'right',
    write: 'right',
    rows: 'right',
  },
  {
    name: 'a burst of 429 without Retry-After that outlasts the deadline',
    faults: [{ fault: throttled({}), count: 50 }],
    read: ['UPSTREAM_THROTTLED'],
    write: ['UPSTREAM_THROTTLED'],
    rows: ['UPSTREAM_THROTTLED'],
  },
  {
    name: '429 beyond the deadline',
    faults: [{ fault: throttled({ 'retry-after': '600' }) }],
    read: ['UPSTREAM_THROTTLED'],
    write: ['UPSTREAM_THROTTLED'],
    rows: ['UPSTREAM_THROTTLED'],
  },
  {
    name: '500 as HTML',
    faults: [{ fault: { kind: 'html', status: 500 } }],
    read: UNAVAILABLE,
    write: [...UNKNOWN, ...UNAVAILABLE],
    rows: CRASHES,
  },
  {
    name: '502 once',
    faults: [{ fault: { kind: 'html', status: 502 }, count: 1 }],
    read: 'right',
    write: UNKNOWN,
    rows: 'right',
  },
  {
    name: '503 for ever',
    faults: [{ fault: { kind: 'status', status: 503 } }],
    read: UNAVAILABLE,
    write: [...UNKNOWN, ...UNAVAILABLE],
    rows: CRASHES,
  },
  {
    name: '504',
    faults: [{ fault: { kind: 'html', status: 504 } }],
    read: ['UPSTREAM_TIMEOUT'],
    write: UNKNOWN,
    rows: UNKNOWN,
  },
  {
    name: 'reset once',
    faults: [{ fault: { kind: 'reset' }, count: 1 }],
    read: 'right',
    write: UNKNOWN,
    rows: 'right',
  },
  {
    name: 'reset for ever',
    faults: [{ fault: { kind: 'reset' } }],
    read: UNAVAILABLE,
    write: UNKNOWN,
    rows: [...UNKNOWN, ...UNAVAILABLE],
  },
  { name: 'half body', faults: [{ fault: { kind: 'halfBody' } }], read: CONTRACT, write: UNKNOWN, rows: 'right' },
  { name: 'broken JSON', faults: [{ fault: { kind: 'brokenJson' } }], read: CONTRACT, write: UNKNOWN, rows: 'right' },
  {
    name: 'HTML with status 200',
    faults: [{ fault: { kind: 'html', status: 200 } }],
    read: CONTRACT,
    write: UNKNOWN,
    rows: UNKNOWN,
  },
  {
    name: 'a body without end',
    faults: [{ fault: { kind: 'endless' } }],
    read: [...CONTRACT, 'UPSTREAM_TIMEOUT'],
    write: UNKNOWN,
    rows: UNKNOWN,
  },
  {
    name: 'redirect',
    faults: [{ fault: { kind: 'redirect', location: 'http://elsewhere.test/' } }],
    read: CONTRACT,
    write: [...UNKNOWN, ...CONTRACT],
    rows: [...UNKNOWN, ...CONTRACT],
  },
  {
    name: 'slow drip in time',
    faults: [{ fault: { kind: 'drip', milliseconds: 1, bytes: 4096 } }],
    read: 'right',
    write: 'right',
    rows: 'right',
  },
  {
    name: 'slow drip',
    faults: [{ fault: { kind: 'drip', milliseconds: 400, bytes: 1 } }],
    read: ['UPSTREAM_TIMEOUT'],
    write: UNKNOWN,
    rows: UNKNOWN,
  },
  {
    name: 'clock skew',
    faults: [{ fault: { kind: 'clockSkew', milliseconds: -86_400_000 } }],
    read: 'right',
    write: 'right',
    rows: 'right',
  },
  {
    name: 'a row that vanishes between pages',
    faults: [{ fault: { kind: 'vanishingRow' } }],
    read: 'right',
    write: 'right',
    rows: 'right',
  },
  {
    name: 'a restart: no connection, then a gateway without a server, then what was before',
    faults: [
      { fault: { kind: 'reset' }, count: 1 },
      { fault: { kind: 'html', status: 502 }, count: 1 },
    ],
    read: 'right',
    write: UNKNOWN,
    rows: 'right',
  },
];

/** Makes requests that fit the place go wrong. */
export const strike = (
  sandbox: Sandbox,
  place: Pick<FaultRule, 'path' | 'method'>,
  faults: FaultCase['faults'],
): void => {
  for (const { fault, count } of faults) sandbox.faults.add({ ...place, fault, ...(count && { count }) });
};

/** What no answer may hold, whatever went wrong. */
export const LEAKS =
  /jumpserver\.test|\/api\/v1|\/(users|terminal|assets|perms)\/|ECONNRESET|elsewhere\.test|Bad gateway|sandbox-admin|node_modules/;
