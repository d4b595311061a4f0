import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { type GraphQLSchema, isObjectType, isScalarType } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Sandbox } from '../../src/sandbox/index.ts';

/** What a test's graph was given in secret, and everything that left it: one may not stand in the other. */
export interface SecretWatch {
  /** Notes the secrets of inputs, and what leaves in the payload fields that may tell one. */
  schema(schema: GraphQLSchema): void;
  /** Notes credentials and secrets on the way to JumpServer and back. */
  way(fetch: Ask): Ask;
  /** Listens to whatever a server writes: answers, events, frames. */
  server(server: Server): void;
  /** Listens to an answer, a log line, the output of a command. */
  hear(place: string, text: string): void;
  /** Notes what a sandbox holds. Throws when a secret was heard. */
  end(sandbox?: Sandbox): void;
}

type Ask = (request: Request) => Promise<Response>;

interface Heard {
  readonly place: string;
  readonly text: string;
}

/** Names under which JumpServer sends and keeps secrets. */
const NAME = '(?:otp_secret(?:_key)?|secret(?:_?key)?|password|passwd|token|private_key|passphrase|value|code)';
const IN_JSON = new RegExp(`"${NAME}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)+)"`, 'g');
const HELD = /^(otp_secret|otp_secret_key|secret|secret_key|password|token|private_key|passphrase)$/;
/** Paths whose `value` and `code` are secrets; anywhere else they are words. */
const SECRETIVE = /\/(authentication|accounts\/account-secrets|accounts\/account-template-secrets)\//;
/** Words and names of hosts stand everywhere, and shorter secrets can't be told from them, unless they are codes of six digits. */
const isTellable = (secret: string): boolean =>
  (secret.length >= 8 && !/^[a-z.]+$/.test(secret)) || /^\d{6}$/.test(secret);
/** Heard characters after which they are searched: a long run would fill the memory. */
const MOST = 16 * 1024 ** 2;

const watches = new Set<Heard[]>();
const set = LRUCache.prototype.set;
/** Caches of texts are heard too: persisted queries are one. */
LRUCache.prototype.set = function (this: LRUCache<object, object>, key: object, value: object | undefined, options) {
  if (typeof value === 'string') for (const heard of watches) heard.push({ place: 'a cache', text: value });
  return set.call(this, key, value, options);
} as typeof set;

/** Begins to watch one graph. */
export function createSecretWatch(): SecretWatch {
  const secrets = new Set<string>();
  const told = new Set<string>();
  const heard: Heard[] = [];
  const leaks = new Set<string>();
  const writing: (() => void)[] = [];
  let size = 0;
  watches.add(heard);
  const learn = (secret: unknown): void => {
    if (typeof secret === 'string' && isTellable(secret)) secrets.add(secret);
  };
  const search = (): void => {
    // All at once: almost always there is nothing to be found.
    const everything = heard.map(({ text }) => text).join('\n');
    const wanted = [...secrets]
      .map((secret) => ({ secret, forms: formsOf(secret) }))
      .filter(({ forms }) => forms.some((form) => everything.includes(form)));
    const all = heard.splice(0);
    for (const each of wanted.length > 0 ? all : []) for (const leak of findLeaks(each, wanted, told)) leaks.add(leak);
    size = 0;
  };
  const hear = (place: string, text: string): void => {
    heard.push({ place, text });
    size += text.length;
    if (size > MOST) search();
  };
  return {
    hear,
    schema: (schema) => watchSchema(schema, learn, (value) => told.add(value)),
    way: (fetch) => async (request) => {
      learnCredentials(request, learn);
      hear('an address', request.url);
      const isSecretive = SECRETIVE.test(request.url);
      if (request.body) learnJson(await request.clone().text(), isSecretive, learn);
      const response = await fetch(request);
      for (const cookie of response.headers.getSetCookie()) learnCookie(cookie, learn);
      if (request.method !== 'GET' || isSecretive) learnJson(await textOf(response), isSecretive, learn);
      return response;
    },
    server: (server) => {
      writing.push(watchServer(server, hear));
    },
    end: (sandbox) => {
      for (const finish of writing) finish();
      if (sandbox) learnHeld(sandbox, learn);
      search();
      watches.delete(heard);
      if (leaks.size > 0) throw new Error(`A secret was told:\n${[...leaks].slice(0, 10).join('\n')}`);
    },
  };
}

/** The scalar of secrets tells each that is read; the marked payload fields tell what they answer. */
function watchSchema(schema: GraphQLSchema, learn: (secret: unknown) => void, tell: (value: string) => void): void {
  const scalar = schema.getType('Secret');
  if (isScalarType(scalar)) {
    const { parseValue, parseLiteral } = scalar;
    scalar.parseValue = (value) => {
      learn(value);
      return parseValue(value);
    };
    scalar.parseLiteral = (node, variables) => {
      if ('value' in node) learn(node.value);
      return parseLiteral(node, variables);
    };
  }
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    for (const field of Object.values(type.getFields())) {
      const tags = field.astNode?.directives?.flatMap((directive) => directive.arguments ?? []) ?? [];
      if (!tags.some(({ value }) => value.kind === 'StringValue' && value.value === 'secret')) continue;
      const { resolve } = field;
      field.resolve = async (source, args, context, info) => {
        const value = await (resolve ? resolve(source, args, context, info) : source[field.name]);
        if (typeof value === 'string') tell(value);
        learn(value);
        return value;
      };
    }
  }
}

function learnCredentials(request: Request, learn: (secret: unknown) => void): void {
  const [, token] = /^(?:Bearer|Token) (.+)$/.exec(request.headers.get('authorization') ?? '') ?? [];
  learn(token);
  learn(request.headers.get('x-csrftoken'));
  for (const pair of (request.headers.get('cookie') ?? '').split('; ')) learnCookie(pair, learn);
}

function learnCookie(cookie: string, learn: (secret: unknown) => void): void {
  const [, value] = /sessionid=([^;]+)/.exec(cookie) ?? /csrftoken=([^;]+)/.exec(cookie) ?? [];
  learn(value);
}

function learnJson(text: string, isSecretive: boolean, learn: (secret: unknown) => void): void {
  for (const [found, value] of text.matchAll(IN_JSON)) {
    if (isSecretive || !/^"(?:value|code)"/.test(found)) learn(JSON.parse(`"${value}"`));
  }
}

/** A body that breaks off tells what it tells. */
const textOf = (response: Response): Promise<string> =>
  response
    .clone()
    .text()
    .catch(() => '');

function learnHeld(sandbox: Sandbox, learn: (secret: unknown) => void): void {
  for (const rows of Object.values(sandbox.exportState().tables))
    for (const row of rows) for (const [name, value] of Object.entries(row)) if (HELD.test(name)) learn(value);
}

/** A secret as it is, inside JSON and inside an address. */
const formsOf = (secret: string): readonly string[] => [
  ...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]),
];

interface Wanted {
  readonly secret: string;
  readonly forms: readonly string[];
}

/** Where secrets stand in what was heard: those that a payload told may stand in data, in nothing else. */
function findLeaks({ place, text }: Heard, wanted: readonly Wanted[], told: ReadonlySet<string>): readonly string[] {
  const found = wanted.filter(({ forms }) => forms.some((form) => stands(text, form)));
  const leaked = found.filter(({ secret, forms }) => {
    if (!told.has(secret) || place.startsWith('the log')) return true;
    return forms.some((form) => stands(withoutData(text), form));
  });
  return leaked.map(({ secret }) => `${place}: ${secret.slice(0, 4)}… in ${text.slice(0, 400)}`);
}

/** Digits count when no others stand around them. */
const stands = (text: string, form: string): boolean =>
  text.includes(form) && (!/^\d+$/.test(form) || new RegExp(`(?<![\\w-])${form}(?![\\w-])`).test(text));

/** Errors and extensions of an answer; nothing of what is no JSON, which is data. */
function withoutData(text: string): string {
  try {
    const answers: unknown = JSON.parse(text);
    return JSON.stringify([answers].flat().map((answer) => ({ ...(answer as object), data: null })));
  } catch {
    return '';
  }
}

/** Hears what is written on any connection of a server, whichever way. The answer hears what is still being written. */
function watchServer(server: Server, hear: (place: string, text: string) => void): () => void {
  const open = new Set<() => void>();
  const onceClosed = (stream: NodeJS.WritableStream, tell: () => void): void => {
    const finish = (): void => {
      if (open.delete(finish)) tell();
    };
    open.add(finish);
    stream.once('close', finish);
  };
  server.prependListener('request', ({ method, url = '' }: IncomingMessage, response: ServerResponse) => {
    const chunks = keepWrites(response);
    const headersOf = keepHeaders(response);
    onceClosed(response, () => {
      const headers = headersOf();
      const body = decoded(Buffer.concat(chunks), String(headers['content-encoding']));
      hear(`the headers after ${method} ${url.slice(0, 60)}`, JSON.stringify(headers));
      hear(`the answer to ${method} ${url.slice(0, 60)}`, body);
    });
  });
  server.prependListener('upgrade', (_request: IncomingMessage, socket: NodeJS.WritableStream) => {
    const chunks = keepWrites(socket);
    onceClosed(socket, () => hear('a WebSocket', Buffer.concat(chunks).toString()));
  });
  return () => {
    for (const finish of [...open]) finish();
  };
}

/** The headers of an answer: those set one by one, and those given with its status, which Node does not keep. */
function keepHeaders(response: ServerResponse): () => Readonly<Record<string, unknown>> {
  const given = {};
  const { writeHead } = response;
  response.writeHead = ((...parameters: Parameters<typeof writeHead>) => {
    const headers: unknown = parameters.at(-1);
    if (typeof headers === 'object') Object.assign(given, headers);
    return writeHead.apply(response, parameters);
  }) as typeof writeHead;
  return () => ({ ...response.getHeaders(), ...given });
}

/** What is written to a stream from now on. */
function keepWrites(stream: NodeJS.WritableStream): readonly Buffer[] {
  const chunks: Buffer[] = [];
  const { write, end } = stream;
  const keep = (chunk: unknown): void => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  stream.write = ((...parameters: Parameters<typeof write>) => {
    keep(parameters[0]);
    return write.apply(stream, parameters);
  }) as typeof write;
  stream.end = ((...parameters: Parameters<typeof end>) => {
    keep(parameters[0]);
    return end.apply(stream, parameters);
  }) as typeof end;
  return chunks;
}

/** An answer that was cut short can't be unpacked: what is lost was not told. */
function decoded(body: Buffer, encoding: string): string {
  try {
    if (encoding === 'br') return brotliDecompressSync(body).toString();
    return encoding === 'gzip' ? gunzipSync(body).toString() : body.toString();
  } catch {
    return '';
  }
}
