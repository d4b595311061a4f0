import { refuse, required } from '../../graph/write.ts';
import type { UserError } from '../../graph/write-errors.ts';
import { isNothing } from '../../graph/write-words.ts';

type Body = Readonly<Record<string, unknown>>;

const NO_ACCOUNT = 'Name at least one account rule, e.g. "@ALL": without one no account may be used.';
const NO_ACTION = 'Name at least one action: without one nothing is allowed.';

/** JumpServer accepts a grant that grants nothing (graph.md §3); Jumpgraph refuses it before it is sent. */
export function assertGrants(body: Body): void {
  refuse([
    ...blankRules(body),
    ...(isNothing(body['accounts']) ? [required(['accounts'], NO_ACCOUNT)] : []),
    ...(isNothing(body['actions']) ? [required(['actions'], NO_ACTION)] : []),
    ...oneOf(body, 'users', 'user_groups', ['users'], 'Name at least one user or group.'),
    ...oneOf(body, 'assets', 'nodes', ['assets'], 'Name at least one asset or node.'),
  ]);
}

/** An empty rule opens no account, and hides that none is opened. */
function blankRules({ accounts }: Body): UserError[] {
  const isBlank = Array.isArray(accounts) && accounts.some((rule) => String(rule).trim() === '');
  return isBlank ? [{ field: ['accounts'], code: 'INVALID', message: 'An account rule must not be empty.' }] : [];
}

function oneOf(body: Body, left: string, right: string, field: readonly string[], message: string): UserError[] {
  return isNothing(body[left]) && isNothing(body[right]) ? [required(field, message)] : [];
}

/** A change may not leave a permission without accounts or actions. */
export function assertStillGrants(body: Body): void {
  refuse([
    ...blankRules(body),
    ...('accounts' in body && isNothing(body['accounts']) ? [required(['accounts'], NO_ACCOUNT)] : []),
    ...('actions' in body && isNothing(body['actions']) ? [required(['actions'], NO_ACTION)] : []),
  ]);
}
