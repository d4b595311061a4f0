import { isRead, parseJson } from './answer.ts';
import type { ApiRequest, ApiResponse } from './client.ts';
import { type RequestName, UpstreamError } from './errors.ts';
import type { ServerFacts } from './server-facts.ts';
import { type Place, prepare } from './session-place.ts';
import { isSlow } from './shelf.ts';
import { type Family, type SessionParts, transmit } from './transmit.ts';
import type { Incoming } from './transport.ts';

/** Sends what the typed client asks: equal reads are one call, and a write makes everybody forget what was read before it. */
export const send = async (place: Place, request: ApiRequest): Promise<ApiResponse> => {
  const { parts, family, asked } = place;
  const name = { method: request.method, path: request.template.replace(/^\/api\/v1(?=\/)/, '') };
  assertAllowed(parts, name);
  if (request.method === 'GET') {
    const answer = family.repeats.read(keyOf(place, request), () => perform(place, request, name));
    const { reads, organization } = family.habit;
    if (organization === asked?.value && request.accept === undefined) reads?.note(request, answer);
    return answer;
  }
  if (isRead(request.method)) return perform(place, request, name);
  forget(place, name);
  try {
    return await perform(place, request, name);
  } finally {
    forget(place, name);
  }
};

/** Whether so many calls leave some of the caller's minute for what else it asks. */
export const canSpare = ({ parts, family }: Place, calls: number): boolean =>
  (parts.quota.remaining(family.caller.principal) ?? Number.POSITIVE_INFINITY) >= calls + SPARE_CALLS;

/** Calls that must be left in the caller's minute beyond those that nobody may need after all. */
const SPARE_CALLS = 20;

/** Sends at once what the question is expected to read; the answer is called when its operation has ended. */
export const foresee = (place: Place, question: string): (() => void) => {
  const { parts, family, asked } = place;
  const key = JSON.stringify([family.caller.principal, asked?.value, family.language, question]);
  const { requests, reads } = parts.foresight.open(key);
  const room = (family.options.budget ?? Number.POSITIVE_INFINITY) - family.spent.calls;
  // A wrong guess leaves as many calls as the operation needed before, and some for the caller's next one.
  if (canSpare(place, requests.length) && room >= 2 * requests.length)
    for (const request of requests) begin(place, request);
  Object.assign(family.habit, { reads, organization: asked?.value });
  return () => reads.end();
};

/** Sends a read whose answer waits among the repeats; whoever asks for it hears of its failure. */
const begin = (place: Place, request: ApiRequest): void => {
  place.family.stats.foreseen += 1;
  send(place, request).catch(() => undefined);
};

/** @throws UpstreamError for an operation that the contract does not have */
export const assertAllowed = ({ operations }: SessionParts, { method, path }: RequestName): void => {
  if (operations && !operations.has(`${method} ${path}`)) {
    throw new UpstreamError('UPSTREAM_CONTRACT', { method, path }, { reason: 'not in the contract, so not sent' });
  }
};

/** @throws UpstreamError `COST_LIMIT` when the operation has made all the calls that it may */
export const spend = ({ options, spent }: Family, name: RequestName): void => {
  const { budget } = options;
  if (budget !== undefined && spent.calls >= budget) {
    const hint = `the operation may make ${budget} calls to JumpServer`;
    throw new UpstreamError('COST_LIMIT', name, { reason: 'not sent', hint });
  }
  spent.calls++;
};

/** Answers without a sign-in (api.md, Corrections). */
const OPEN = new Set(['/settings/public/open/']);

const perform = async (place: Place, request: ApiRequest, name: RequestName): Promise<ApiResponse> => {
  const { parts, family, asked } = place;
  const known = OPEN.has(name.path) ? undefined : prepare(place, name);
  if (known) await known;
  const { url, body, accept } = request;
  const load = (): Promise<Incoming> => {
    spend(family, name);
    return transmit(parts, family, { name, url, body, organization: asked?.value, accept });
  };
  const viewer = { principal: family.caller.principal, organization: asked?.value, language: family.language };
  const isKept = name.method === 'GET' && accept === undefined && isSlow(name.path, url);
  return toApiResponse(await (isKept ? parts.shelf.read(viewer, url, load) : load()), name, parts.facts);
};

const keyOf = ({ family, asked }: Place, { accept, url }: ApiRequest): string =>
  `${asked?.value} ${family.language} ${accept} ${url}`;

const forget = ({ parts, family }: Place, { path }: RequestName): void => {
  if (path.startsWith('/orgs/')) {
    parts.organizations.clear();
    family.confirmed.clear();
  }
  family.repeats.forget();
  parts.shelf.forget();
  parts.foresight.forget();
};

const toApiResponse = (incoming: Incoming, name: RequestName, facts: ServerFacts): ApiResponse => {
  let parsed: { readonly data: unknown } | undefined;
  const parse = () => {
    const data = parseJson(incoming, name);
    return { data: facts.renames ? facts.renames.answer(name.path, data) : data };
  };
  return {
    ok: true,
    status: incoming.status,
    bytes: incoming.body.byteLength,
    json: () => {
      parsed ??= parse();
      return parsed.data;
    },
    text: () => incoming.body.toString('utf8'),
    arrayBuffer: () => new Uint8Array(incoming.body).buffer,
    header: incoming.header,
  };
};
