/** Names the local day and hour of moments in one time zone. */
export interface LocalClock {
  /** `YYYY-MM-DD`. */
  day(at: number): string;
  /** `YYYY-MM-DDTHH`. */
  hour(at: number): string;
}

/** Asks whether the runtime knows an IANA zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Offsets change at whole quarters of an hour everywhere, so one look-up serves all moments of a quarter. */
const QUARTER_MILLISECONDS = 900_000;

/** Makes the clock of an IANA zone such as `Asia/Shanghai`. Throws `RangeError` when the runtime knows no such zone. */
export function createLocalClock(timeZone: string): LocalClock {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  const hours = new Map<number, string>();
  const hour = (at: number) => {
    const quarter = Math.floor(at / QUARTER_MILLISECONDS);
    const known = hours.get(quarter);
    if (known !== undefined) return known;
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const made = `${parts.year}-${parts.month}-${parts.day}T${parts.hour}`;
    hours.set(quarter, made);
    return made;
  };
  return { hour, day: (at) => hour(at).slice(0, 10) };
}
