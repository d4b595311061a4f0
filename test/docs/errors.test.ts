import { readFileSync } from 'node:fs';
import { buildASTSchema, isEnumType, parse } from 'graphql';
import { expect, it } from 'vitest';
import { type ErrorEntry, errorCatalogue } from '../../src/server/error-catalogue.ts';

const schema = buildASTSchema(parse(readFileSync('schema/schema.graphql', 'utf8')));

function toRow(code: string, { meaning, remedy, extensions = [], status }: ErrorEntry): string {
  const more = extensions.map((name) => `\`${name}\``).join(', ');
  return `| \`${code}\` | ${status ?? '200'} | ${meaning} | ${remedy} | ${more} |`;
}

function toUserErrorRows(): string[] {
  const type = schema.getType('UserErrorCode');
  return isEnumType(type) ? type.getValues().map(({ name, description }) => `| \`${name}\` | ${description} |`) : [];
}

const page = (): string => `# Errors

<!-- Generated from src/server/error-catalogue.ts and the schema by \`npx vitest run test/docs/errors.test.ts -u\`: do not edit. -->

Every error of an answer has \`extensions.code\`, one of this closed set, and \`extensions.requestId\`, under which the operator finds the cause in the
log. No error carries an address, header, body or stack of JumpServer. An operation that ran answers 200 whatever failed within it: a failed relation
is null, its path is in the error, and everything else stays. When ten or more errors are alike, one stands for all, with \`extensions.count\`.

| code | HTTP status | what happened | what to do | more in \`extensions\` |
| --- | --- | --- | --- | --- |
${Object.entries(errorCatalogue)
  .map(([code, entry]) => toRow(code, entry))
  .join('\n')}

The status holds for requests that were refused before an operation ran. Errors of GraphQL itself (parse, validation) answer 200 to callers who accept
\`application/json\`, and 400 to those who accept \`application/graphql-response+json\`.

## Refused writes

A write that JumpServer refuses for what it says is no error of the operation: its payload's object is null and \`userErrors\` says why, with \`field\`
(the path in the input), \`message\` and \`code\`:

| code | what it means |
| --- | --- |
${toUserErrorRows().join('\n')}
`;

it('docs/errors.md is the catalogue', async () => {
  await expect(page()).toMatchFileSnapshot('../../docs/errors.md');
});

it('every code that the sources name is in the catalogue, or is a refusal of a write', () => {
  const files = ['src/server/errors.ts', 'src/graph/errors.ts', 'src/upstream/errors.ts', 'src/server/limits.ts'];
  const named = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/'([A-Z]+(?:_[A-Z]+)*)'/g)].map(([, code]) => code),
  );
  const known = new Set(Object.keys(errorCatalogue));
  expect([...new Set(named)].filter((code) => code !== undefined && !known.has(code))).toEqual([]);
});
