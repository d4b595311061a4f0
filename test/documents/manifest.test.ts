import { readFileSync } from 'node:fs';
import { type DocumentNode, print } from 'graphql';
import { expect, it } from 'vitest';
import { documentId } from '../../codegen/documents.ts';
import { createClient } from '../../src/client/index.ts';
import * as generated from '../../src/generated/documents.ts';
import { SANDBOX_PASSWORD } from '../../src/sandbox/index.ts';
import { startGraph } from '../support/graph.ts';

const manifest: Record<string, string> = JSON.parse(readFileSync('documents/manifest.json', 'utf8'));
/** Each is of its own type, so that they have none in common. */
const documents = (Object.entries(generated) as unknown as [string, DocumentNode][]).filter(
  ([name]) => !name.endsWith('FragmentDoc'),
);

it('the manifest has every typed document, as a client prints it', () => {
  const missing = documents.filter(([, document]) => manifest[documentId(print(document))] !== print(document));
  expect(missing.map(([name]) => name)).toEqual([]);
  expect(Object.keys(manifest)).toHaveLength(documents.length);
});

it('a server that runs trusted documents alone serves the client, sign-in included, and nothing else', async () => {
  const graph = await startGraph({ config: { TRUSTED_DOCUMENTS: 'own' } });
  const client = createClient({ url: `${graph.url}/graphql` });
  const result = await client.signIn({ username: 'admin', password: SANDBOX_PASSWORD });
  const totals = await client.query(generated.TotalsDocument);
  const refused = await client.query('{ users { totalCount } }').catch((error) => error);
  await graph.close();
  expect(result.state).toBe('done');
  expect(totals.users?.totalCount).toBe(60);
  expect(refused).toMatchObject({ name: 'ClientError', code: 'FORBIDDEN' });
});
