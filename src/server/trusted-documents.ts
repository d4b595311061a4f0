import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { GraphQLError } from 'graphql';
import { ConfigError } from '../config.ts';
import { packagePath } from './package-root.ts';
import { badRequest, type Parameters } from './parameters.ts';

/** Documents by the SHA-256 of their text, in hex. */
export type Manifest = ReadonlyMap<string, string>;

/** Replaces what a request names by the document's text, or refuses it. */
export type Trust = (parameters: Parameters) => Parameters;

/**
 * Reads a manifest: `{ "sha256:<hex>": "<document>" }`, as `documents/manifest.json` is. `own` is the one that comes with Jumpgraph.
 * @throws ConfigError when the file is no manifest, or a document is not the one its hash says
 */
export const readManifest = (path: string): Manifest => {
  const content = readJson(path === 'own' ? packagePath('documents', 'manifest.json') : path);
  if (typeof content !== 'object' || content === null) throw unusable('own or the path of a manifest, a JSON object');
  return new Map(Object.entries(content).map(([name, text]) => toEntry(name, text)));
};

const readJson = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw unusable('own or the path of a readable JSON file');
  }
};

const toEntry = (name: string, text: unknown): readonly [string, string] => {
  const hash = name.replace(/^sha256:/, '');
  if (typeof text === 'string' && hashOf(text) === hash) return [hash, text];
  throw unusable(`the text of ${name} to have this hash`);
};

const unusable = (expected: string): ConfigError => new ConfigError([`TRUSTED_DOCUMENTS: expected ${expected}`]);

const hashOf = (text: string): string => hash('sha256', text);

/**
 * Lets only documents of the manifest run, named by `documentId`, by the hash of a persisted query or by their whole text.
 * What runs is the manifest's text: nothing that a client sends is parsed.
 */
export const createTrust =
  (manifest: Manifest): Trust =>
  ({ query, extensions, documentId, ...parameters }) => {
    const text = manifest.get(query === undefined ? namedHash(documentId, extensions) : hashOf(query));
    if (text === undefined) throw untrusted();
    return { ...parameters, query: text };
  };

/** Any document runs: names of registered ones mean nothing. */
export const withoutName: Trust = ({ documentId, ...parameters }) => {
  if (documentId !== undefined && !parameters.query)
    throw badRequest('There are no registered documents here; send "query".');
  return parameters;
};

const namedHash = (documentId: string | undefined, extensions: Parameters['extensions']): string => {
  const persisted = extensions?.['persistedQuery'];
  const named =
    typeof persisted === 'object' && persisted !== null && 'sha256Hash' in persisted ? persisted.sha256Hash : '';
  return (documentId ?? String(named)).replace(/^sha256:/, '');
};

const untrusted = (): GraphQLError =>
  new GraphQLError('Only registered documents run here.', { extensions: { code: 'FORBIDDEN' } });
