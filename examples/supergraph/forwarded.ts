/**
 * The headers that say who asks and for which organisation. They go on to Jumpgraph alone: JumpServer's credentials
 * are none of the other subgraphs' business.
 */
export const FORWARDED = ['authorization', 'cookie', 'x-csrftoken', 'x-jms-org', 'accept-language'] as const;

/** The subgraph that gets them. */
export const JUMPGRAPH = 'jumpgraph';
