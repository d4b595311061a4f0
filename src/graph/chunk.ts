/** Keys in one batch: 100 UUIDs make 3.7 kB of URL as `ids=` and 5.3 kB as a rule; nginx takes 8 kB (api.md §3.4, §3.5). */
export const CHUNK = 100;

/** Cuts a list into pieces. */
export function chunksOf<T>(items: readonly T[], size = CHUNK): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
