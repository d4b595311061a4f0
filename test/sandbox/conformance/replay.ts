/** Sends the recorded requests of a version to a server in their order and compares each answer. */
import { type Exchange, isObject, type Json, type Snapshot, type Version } from '../../support/recordings.ts';
import { exclusionOf } from './exclusions.ts';
import { createIdentities, type Identities } from './identities.ts';
import { promisedMetadata } from './metadata.ts';
import { type Credentials, toRequest } from './request.ts';
import { shapeDifferences } from './shape.ts';
import { givenTimes, type ValueContext, valueDifferences } from './values.ts';

/** A server that can be asked. */
export interface Server {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly credentials: Credentials;
  /** The code that every second factor shows now. */
  readonly oneTimeCode: () => string;
}

/** What is played, on rows that both servers held before. */
export interface Recording {
  readonly version: Version;
  readonly exchanges: readonly Exchange[];
  readonly snapshot: Snapshot;
}

/** How one exchange came out: each level holds only when the one before it does. */
export interface Outcome {
  readonly name: string;
  readonly request: string;
  readonly status: boolean;
  readonly shape: boolean;
  readonly values: boolean;
  readonly reasons: readonly string[];
  /** Why this exchange does not count; it is sent nevertheless, since later ones may depend on it. */
  readonly excluded?: string;
}

/** Logs of which the snapshot holds the newest rows only (`snapshot/README`): their amounts are not determined. */
const cutLogs = /\/(login-logs|my-login-logs|operate-logs|password-change-logs|commands)\/$/;

/** Long answers of which the recording kept the first elements only. */
const cutBodies = new Set([
  'no limit gives an array cut at 200',
  'limit above the maximum',
  'negative offset',
  'unknown filter is ignored',
  'whole node tree with counts',
  'platforms without limit',
]);

/** Their names and comments are labels. */
const virtualAccounts = /\/virtual-accounts\//;

/** Keys of new rows follow those of rows deleted before, which no list shows. */
const countedOn = ({ name, request }: Exchange): ReadonlySet<string> => {
  if (/^(create child|rename) node$/.test(name)) return new Set(['key']);
  const isOfNew = request.method === 'POST' || 'assetpermission' in request.query;
  return new Set(request.path.endsWith('-relations/') && isOfNew ? ['id'] : []);
};

interface Answer {
  readonly status: number;
  readonly body: Json;
}

const toBody = (text: string, contentType: string): Json => {
  if (!contentType.includes('json')) return text === '' ? '' : 'text';
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const readAnswer = async (response: Response): Promise<Answer> => ({
  status: response.status,
  body: toBody(await response.text(), response.headers.get('content-type') ?? ''),
});

/** A page of text is compared as such, whatever it says; an empty body is empty. */
const recordedBody = ({ response }: Exchange): Json =>
  response.body_kind === 'text' && response.body !== '' ? 'text' : response.body;

const cutLike = (actual: Json, recorded: Json): Json => {
  if (Array.isArray(actual) && Array.isArray(recorded)) return actual.slice(0, recorded.length);
  if (!isObject(actual) || !isObject(recorded)) return actual;
  return { ...actual, results: cutLike(actual.results ?? null, recorded.results ?? null) };
};

const comparable = (body: Json, { request, response }: Exchange): Json => {
  if (request.method === 'OPTIONS' && response.status === 200) return promisedMetadata(body);
  return cutLogs.test(request.path) && isObject(body) && 'count' in body ? { ...body, count: 0, next: null } : body;
};

const compare = (exchange: Exchange, answer: Answer, context: ValueContext): Omit<Outcome, 'name' | 'request'> => {
  const want = exchange.response.status;
  const failed = { status: false, shape: false, values: false };
  if (answer.status !== want) {
    const body = JSON.stringify(answer.body).slice(0, 160);
    return { ...failed, reasons: [`status ${want} expected, ${answer.status} came: ${body}`] };
  }
  const recorded = comparable(recordedBody(exchange), exchange);
  const came = comparable(answer.body, exchange);
  const actual = cutBodies.has(exchange.name) ? cutLike(came, recorded) : came;
  context.identities.learn(recorded, actual);
  const shapes = shapeDifferences(recorded, actual);
  if (shapes.length > 0) return { ...failed, status: true, reasons: shapes };
  const values = valueDifferences(recorded, actual, context);
  return { status: true, shape: true, values: values.length === 0, reasons: values };
};

const translate = (exchange: Exchange, identities: Identities): Exchange => {
  const text = JSON.stringify(exchange.request);
  identities.know(text);
  return { ...exchange, request: JSON.parse(identities.translate(text)) };
};

const describe = ({ request }: Exchange): string =>
  `${request.method} ${request.path}${Object.keys(request.query).length > 0 ? ` ${JSON.stringify(request.query)}` : ''}`;

/** The outcome of every exchange, in order. Rejects when the server's `fetch` does. */
export const replay = async (recording: Recording, server: Server): Promise<Outcome[]> => {
  const given = JSON.stringify(recording.snapshot);
  const identities = createIdentities(given);
  const times = givenTimes(given);
  const outcomes: Outcome[] = [];
  let cookie = '';
  for (const exchange of recording.exchanges) {
    const sent = translate(exchange, identities);
    const response = await server.fetch(toRequest(sent, server.credentials, { cookie, code: server.oneTimeCode() }));
    cookie =
      response.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; ') || cookie;
    const answer = await readAnswer(response);
    const context: ValueContext = {
      identities,
      isGivenTime: (time) => times.has(time),
      isError: exchange.response.status >= 400,
      countedOn: countedOn(exchange),
      isByIds: 'ids' in exchange.request.query,
      isNamedInWords: virtualAccounts.test(exchange.request.path),
    };
    const excluded = exclusionOf(exchange, recording.version);
    const outcome = { name: exchange.name, request: describe(exchange), ...compare(exchange, answer, context) };
    outcomes.push(excluded === undefined ? outcome : { ...outcome, excluded });
  }
  return outcomes;
};
