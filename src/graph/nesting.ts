/** Levels of lists and objects in a value of free JSON, from a client or from JumpServer: more overflow the stack of whatever writes it as text. */
export const MOST_LEVELS = 100;

/** Whether a value has more levels of lists and objects than that. */
export const isDeeperThan = (levels: number, value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeperThan(levels - 1, each));
};
