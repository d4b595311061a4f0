/** The two media types of GraphQL over HTTP. They differ in the status of an answer without data: 200 or 4xx. */
export type MediaType = 'application/json' | 'application/graphql-response+json';

const OFFERED: readonly MediaType[] = ['application/json', 'application/graphql-response+json'];

/** The media type to answer with: of those wanted alike the one named first, plain JSON for callers without preference, undefined when they accept neither. */
export const negotiateMediaType = (accept: string | undefined): MediaType | undefined => {
  if (!accept) return 'application/json';
  const ranges = accept.split(',').map(toRange);
  const wanted = OFFERED.flatMap((type) => {
    const range = rangeOf(type, ranges);
    return range && range.quality > 0 ? [{ ...range, type }] : [];
  });
  return wanted.sort((a, b) => b.quality - a.quality || a.place - b.place)[0]?.type;
};

interface Range {
  readonly type: string;
  /** Its place in the header. */
  readonly place: number;
  readonly quality: number;
}

const toRange = (part: string, place: number): Range => {
  const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  return { type, place, quality: quality ? Number(quality.slice(2)) || 0 : 1 };
};

const rangeOf = (type: MediaType, ranges: readonly Range[]): Range | undefined =>
  [type, 'application/*', '*/*'].flatMap((name) => ranges.find((range) => range.type === name) ?? [])[0];
