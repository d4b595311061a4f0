/**
 * The seven things a grant can allow, as JumpServer numbers them: a set of actions is the sum of their bits (api.md §5.9).
 */
export const ACTION_BITS = {
  connect: 1,
  upload: 2,
  download: 4,
  copy: 8,
  paste: 16,
  delete: 32,
  share: 64,
} as const;

/** The wire name of one action. */
export type ActionName = keyof typeof ACTION_BITS;

/** Every action at once. */
export const ALL_ACTIONS = 127;

const ACTION_NAMES = Object.keys(ACTION_BITS) as ActionName[];

/** Asks whether a word names one of the seven actions. */
export function isActionName(value: string): value is ActionName {
  return Object.hasOwn(ACTION_BITS, value);
}

/** Makes the bit set of wire names; `all` means every action, and words JumpServer may add later are left out. */
export function toActionSet(names: Iterable<string>): number {
  let set = 0;
  for (const name of names) {
    if (name === 'all') set = ALL_ACTIONS;
    else if (isActionName(name)) set |= ACTION_BITS[name];
  }
  return set;
}

/** Lists the wire names in a bit set, in JumpServer's order. */
export function toActionNames(set: number): ActionName[] {
  return ACTION_NAMES.filter((name) => (set & ACTION_BITS[name]) !== 0);
}
