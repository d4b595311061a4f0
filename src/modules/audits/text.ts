/** A text with something in parentheses behind it, as JumpServer writes many things: `Name(username)`, `asset(address)`. */
export interface Described {
  readonly name: string;
  readonly inside: string;
}

/** Takes `Name(username)` apart at its last parentheses; undefined for a text without any. */
export function toDescribed(text: string): Described | undefined {
  if (!text.endsWith(')')) return undefined;
  const open = openingOf(text);
  return open < 0 ? undefined : { name: text.slice(0, open), inside: text.slice(open + 1, -1) };
}

/** Where the parenthesis opens that the text's last character closes; -1 when none does. */
function openingOf(text: string): number {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] === ')') depth += 1;
    if (text[at] === '(') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

/** The user name in a recorded text: what stands in parentheses, or the whole when nothing does. */
export function toUsername(text: string): string {
  return toDescribed(text)?.inside ?? text;
}

/** How logs record a user. */
export function toUserText(name: string, username: string): string {
  return `${name}(${username})`;
}
