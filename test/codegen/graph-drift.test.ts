import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCatalogue } from '../../codegen/catalogue.ts';
import { checkFields } from '../../codegen/check-fields.ts';
import type { Document, Schema } from '../../codegen/contract-document.ts';
import { readSources } from '../../codegen/contract-sources.ts';
import { declaredDocument, driftBetween, type GraphMap } from '../../codegen/drift.ts';
import { createGraphMap, generateAll, SOURCES } from '../../codegen/generate.ts';
import { parseSource } from '../../codegen/source.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('a changed API document', () => {
  let known: Document;
  let map: GraphMap;
  beforeAll(async () => {
    const raw = readSources(`${root}${SOURCES}`)['4.10.19'];
    known = await declaredDocument(raw ?? {});
    map = createGraphMap(root);
  });

  /** The document after a change to one of its components or paths. */
  function changed(change: (document: Document) => void): Document {
    const copy = structuredClone(known);
    change(copy);
    return copy;
  }

  const propertiesOf = (document: Document, component: string): Record<string, Schema> => {
    const properties = document.components.schemas[component]?.properties;
    if (!properties) throw new Error(`no component ${component}`);
    return properties;
  };

  it('that renames a property names the very fields of the graph', () => {
    const fresh = changed((document) => {
      const properties = propertiesOf(document, 'Asset');
      if (properties['address']) properties['host_address'] = properties['address'];
      delete properties['address'];
    });
    const found = driftBetween(known, fresh, map).filter(({ severity }) => severity === 'breaking');
    expect(found.map(({ where }) => where)).toContain('Asset.address');
  });

  it('that drops a path names the roots and mutations that use it', () => {
    const fresh = changed((document) => {
      for (const path of Object.keys(document.paths))
        if (path.startsWith('/users/groups/')) delete document.paths[path];
    });
    const broken = driftBetween(known, fresh, map)
      .filter(({ severity }) => severity === 'breaking')
      .map(({ where }) => where);
    expect(broken).toEqual(expect.arrayContaining(['Query.userGroups', 'UserGroup.name', 'Mutation.createUserGroup']));
  });

  it('that narrows a type names the field', () => {
    const fresh = changed((document) => {
      propertiesOf(document, 'Asset')['comment'] = { type: 'integer' };
    });
    const broken = driftBetween(known, fresh, map)
      .filter(({ severity }) => severity === 'breaking')
      .map(({ where }) => where);
    expect(broken).toContain('Asset.comment');
  });

  it('that is the same says nothing', () => {
    expect(driftBetween(known, structuredClone(known), map)).toEqual([]);
  });
});

describe('a field whose property JumpServer does not have', () => {
  it('fails with file, line, column and the nearest name', async () => {
    const source =
      '"An asset." type Asset @rows(path: "/assets/assets/", many: "assets") {\n  "Address."\n  adress: String\n}';
    const model = parseSource(source, 'schema/graph/assets.graphql');
    const catalogue = createCatalogue(model, () => ['id']);
    const { files } = await generateAll(root);
    const contract = JSON.parse(files.find(({ path }) => path === 'schema/openapi/4.10.19.json')?.text ?? '');
    expect(() => checkFields(model, catalogue, new Map([['4.10.19', contract]]))).toThrow(
      'schema/graph/assets.graphql:2:3 Asset.adress: "adress" is not in the rows of GET /assets/assets/ (4.10.19). Did you mean "address"?',
    );
  });
});

describe('the generated files', () => {
  it('are what the source SDL and the kept documents give, byte for byte', async () => {
    const { files, report } = await generateAll(root);
    const { staleFiles } = await import('../../codegen/check.ts');
    expect(staleFiles(root, files)).toEqual([]);
    expect(report.idle).toEqual([]);
  });
});
