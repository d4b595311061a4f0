import { isRow } from '../../graph/row.ts';
import { type Perform, payloadField, refuse, required, type Write } from '../../graph/write.ts';
import { toUserErrors } from '../../graph/write-errors.ts';
import { knownRows } from '../../graph/write-known.ts';

/** Automations whose assets and nodes come and go by routes of their own, and those routes' word for them. */
const ROUTES = {
  GatherAccount: 'gather-account',
  PushAccount: 'push-account',
  ChangeSecret: 'change-secret',
  CheckAccount: 'check-account',
} as const;

/**
 * Adds assets and nodes to an automation, or takes them out: one write for each of the two; the others stay.
 * JumpServer tells some refusals with a 200 and leaves unknown ids out without a word, so they are looked up first.
 */
export function changeMembers(noun: keyof typeof ROUTES, action: 'add' | 'remove'): Perform {
  return async (write) => {
    const id = write.id('id');
    const [assets, nodes] = [idsOf(write, 'assets'), idsOf(write, 'nodes')];
    if (assets.length + nodes.length === 0) refuse([required(['assets'], 'Give at least one asset or node.')]);
    await Promise.all([knownRows(write, 'Asset', 'assets'), knownRows(write, 'AssetNode', 'nodes')]);
    const route = `PATCH /accounts/${ROUTES[noun]}/{id}` as const;
    if (assets.length > 0)
      assertDone(write, await write.send(`${route}/asset/${action}/`, { path: { id }, body: { assets } }));
    if (nodes.length > 0)
      assertDone(write, await write.send(`${route}/nodes/`, { path: { id }, query: { action }, body: { nodes } }));
    return { [payloadField(write.info, noun)]: { id } };
  };
}

function idsOf(write: Write, name: string): readonly string[] {
  return write.references(name).map(({ id }) => id);
}

function assertDone({ catalogue, type }: Write, answer: unknown): void {
  const told = isRow(answer) ? answer['error'] : undefined;
  if (told !== undefined) refuse(toUserErrors(told, { catalogue, type, body: {} }));
}
