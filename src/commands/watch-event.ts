import { createHash } from 'node:crypto';
import type { WatchRule } from './watch-rules.ts';

/** Something that a rule found. */
export interface WatchEvent {
  /** The same whenever the same thing is found by the same rule: receivers drop what they have. */
  readonly id: string;
  readonly rule: string;
  readonly kind: WatchRule['kind'];
  /** When it happened. */
  readonly at: number;
  readonly message: string;
  /** Further fields in the words of the Elastic Common Schema. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** How grave each kind is (ECS `event.severity`, here the number of syslog: 2 critical … 5 notice), and what it is about. */
const KINDS: Readonly<
  Record<WatchRule['kind'], { severity: number; category: string[]; type: string[]; outcome: string }>
> = {
  'failed-logins': { severity: 3, category: ['authentication'], type: ['start'], outcome: 'failure' },
  'long-session': { severity: 4, category: ['session'], type: ['info'], outcome: 'unknown' },
  'command-risk': { severity: 3, category: ['process'], type: ['info'], outcome: 'unknown' },
  'permission-expiring': { severity: 5, category: ['iam'], type: ['info'], outcome: 'unknown' },
  'new-privileged-account': { severity: 4, category: ['iam'], type: ['creation'], outcome: 'success' },
};

/** Makes an event; `subject` tells it from all others of the rule. */
export function createEvent(
  { name, kind }: WatchRule,
  subject: readonly unknown[],
  parts: Pick<WatchEvent, 'at' | 'message' | 'fields'>,
): WatchEvent {
  const id = createHash('sha256')
    .update(JSON.stringify([name, kind, ...subject]))
    .digest('hex')
    .slice(0, 32);
  return { id, rule: name, kind, ...parts };
}

/** The number by which syslog knows the gravity of an event. */
export function severityOf({ kind }: WatchEvent): number {
  return KINDS[kind].severity;
}

/** An event as a document of the Elastic Common Schema, which SIEMs read without a mapping. */
export function toEcs(event: WatchEvent, organization: string): Record<string, unknown> {
  const { severity, ...classes } = KINDS[event.kind];
  return {
    '@timestamp': new Date(event.at).toISOString(),
    ecs: { version: '8.17.0' },
    message: event.message,
    event: { id: event.id, kind: 'alert', provider: 'jumpgraph', action: event.kind, severity, ...classes },
    rule: { name: event.rule },
    organization: { name: organization },
    observer: { product: 'JumpServer', type: 'bastion' },
    ...event.fields,
  };
}
