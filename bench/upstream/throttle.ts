/** Calls that JumpServer grants each user within a minute. */
const PER_MINUTE = 180;
const MINUTE = 60_000;

/** Counts the calls of each caller as JumpServer does, over a sliding minute; answers whether one more is granted. */
export function createThrottle(): (caller: string) => boolean {
  const granted = new Map<string, number[]>();
  return (caller) => {
    const now = performance.now();
    const times = (granted.get(caller) ?? []).filter((time) => time > now - MINUTE);
    granted.set(caller, times);
    return times.length < PER_MINUTE && times.push(now) > 0;
  };
}
