/** The two media types of GraphQL over HTTP. They differ in the status of an answer without data: 200 or 4xx. */
export type MediaType = 'application/json' | 'application/graphql-response+json';

const OFFERED: readonly MediaType[] = ['application/json', 'application/graphql-response+json'];

/** The media type to answer with; plain JSON for callers without preference, undefined when they accept neither. */
export const negotiateMediaType = (accept: string | undefined): MediaType | undefined => {
  if (!accept) return 'application/json';
  const ranges = accept.split(',').map(toRange);
  const rated = OFFERED.map((type) => ({ type, quality: qualityOf(type, ranges) }));
  const [best] = rated.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
  return best?.type;
};

interface Range {
  readonly type: string;
  readonly quality: number;
}

const toRange = (part: string): Range => {
  const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  return { type, quality: quality ? Number(quality.slice(2)) || 0 : 1 };
};

const qualityOf = (type: MediaType, ranges: readonly Range[]): number =>
  [type, 'application/*', '*/*'].flatMap((name) => ranges.find((range) => range.type === name) ?? [])[0]?.quality ?? 0;
