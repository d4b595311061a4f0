import { isRow, type Row } from '../../graph/row.ts';
import type { Input } from '../../graph/write-body.ts';
import type { UserError } from '../../graph/write-errors.ts';
import { type Operation, send } from '../../graph/write-send.ts';
import { isNothing } from '../../graph/write-words.ts';
import { invalid, type Job, rowPath } from './job.ts';
import { createLookup, type Found, type Lookup, normalizePath, refusalOf } from './references.ts';

/** Zones and tree nodes that rows name, some of which may have to be created. */
export interface Places {
  /** What is wrong with the places of a row. */
  check(row: number, input: Input): readonly UserError[];
  /** Creates what these rows name and is missing, where that was asked for. What is refused fails its rows. */
  createMissing(rows: readonly { readonly row: number; readonly input: Input }[]): Promise<void>;
  /** Zone and nodes of a row's body, once all of them are there. */
  toBody(input: Input): Row;
}

/** Reads the zones and the tree, when any row names them. */
export async function createPlaces(job: Job): Promise<Places> {
  const wanted = (job.write.input['createMissing'] ?? []) as readonly string[];
  const [zones, nodes] = await Promise.all([
    createLookup(
      job,
      { noun: 'Zone', field: 'name', property: 'name', isSmall: true },
      job.rows.map((row) => row['zone']),
    ),
    createLookup(job, NODES, job.rows.flatMap(nodesOf)),
  ]);
  const kinds: readonly Kind[] = [
    { ...ZONES, lookup: zones, isCreatable: wanted.includes('ZONES'), created: new Map() },
    { ...TREE, lookup: nodes, isCreatable: wanted.includes('NODES'), created: new Map() },
  ];
  return {
    check: (row, input) => kinds.flatMap((kind) => checkKind(kind, row, input)),
    createMissing: async (rows) => {
      for (const kind of kinds) await createKind(job, kind, rows);
    },
    toBody: (input) => Object.assign({}, ...kinds.map((kind) => bodyOf(kind, input))),
  };
}

const NODES = {
  noun: 'AssetNode',
  field: 'path',
  property: 'full_value',
  isSmall: true,
  normalize: normalizePath,
} as const;

/** One kind of place. */
interface Kind {
  readonly field: 'zone' | 'nodes';
  readonly operation: Operation;
  readonly toName: (text: string) => string;
  /** Why it can't be a name of something to create; `lookup` finds what is there. */
  readonly refuse: (text: string, lookup: Lookup) => string | undefined;
  readonly toRow: (name: string) => Row;
  readonly lookup: Lookup;
  readonly isCreatable: boolean;
  /** Ids of what was created, by name. */
  readonly created: Map<string, string>;
}

const ZONES = {
  field: 'zone',
  operation: 'POST /assets/zones/',
  toName: (text: string) => text.trim(),
  refuse: (text: string) => (text.trim() === '' ? 'A zone needs a name.' : undefined),
  toRow: (name: string) => ({ name }),
} as const;

const TREE = {
  field: 'nodes',
  operation: 'POST /assets/nodes/',
  toName: normalizePath,
  refuse: (text: string, lookup: Lookup) => {
    const [, root] = /^(\/[^/]+)(\/[^/]+)+$/.exec(normalizePath(text)) ?? [];
    if (root === undefined) return 'Expected a full path such as /Default/web.';
    // JumpServer would take it for a path below its own root.
    return typeof lookup(root) === 'object' ? undefined : 'Expected a path that begins with the root of the tree.';
  },
  toRow: (name: string) => ({ full_value: name }),
} as const;

function nodesOf(input: Input): readonly unknown[] {
  return (input['nodes'] ?? []) as readonly unknown[];
}

/** The texts of a row that name places of this kind, with where they stand. */
function textsOf(
  kind: Pick<Kind, 'field'>,
  input: Input,
): readonly { readonly text: string; readonly at: readonly string[] }[] {
  if (kind.field === 'nodes')
    return nodesOf(input).map((text, at) => ({ text: String(text), at: ['nodes', String(at)] }));
  return isNothing(input['zone']) ? [] : [{ text: String(input['zone']), at: ['zone'] }];
}

function checkKind(kind: Kind, row: number, input: Input): readonly UserError[] {
  return textsOf(kind, input).flatMap(({ text, at }) => {
    const found = kind.lookup(text);
    if (typeof found === 'object') return [];
    if (found === 'ambiguous' || !kind.isCreatable) return [refusalOf(found, rowPath(row, ...at), text)];
    const reason = kind.refuse(text, kind.lookup);
    return reason === undefined ? [] : [invalid(rowPath(row, ...at), reason)];
  });
}

/** One after the other and the shortest path first: JumpServer locks the tree, and creates what is missing above (api.md §5.6). */
async function createKind(
  job: Job,
  kind: Kind,
  rows: readonly { readonly row: number; readonly input: Input }[],
): Promise<void> {
  const users = new Map<string, { readonly row: number; readonly field: readonly string[] }[]>();
  for (const { row, input } of rows) {
    for (const { text, at } of textsOf(kind, input)) {
      if (typeof kind.lookup(text) === 'object') continue;
      const name = kind.toName(text);
      users.set(name, [...(users.get(name) ?? []), { row, field: rowPath(row, ...at) }]);
    }
  }
  const names = [...users.keys()].sort((left, right) => left.length - right.length);
  for (const name of names) {
    if (!job.mayWrite()) return;
    try {
      const row = await send(job.source.session, kind.operation, { body: kind.toRow(spelled(kind, name)) });
      if (isRow(row)) kind.created.set(name, String(row['id']));
    } catch (error) {
      for (const { row, field } of users.get(name) ?? []) {
        const told = job.write.tell(error, { field, subject: field, body: {}, type: 'ImportAssetsInput' });
        if (told) job.ledger.fail(row, told);
        else job.stop(error);
      }
    }
  }
}

/** A path in the spelling of the tree's own root. */
function spelled(kind: Kind, name: string): string {
  if (kind.field !== 'nodes') return name;
  const [root = '', ...steps] = name.slice(1).split('/');
  const found = kind.lookup(`/${root}`);
  return [typeof found === 'object' ? String(found.row['full_value']) : `/${root}`, ...steps].join('/');
}

function bodyOf(kind: Kind, input: Input): Row {
  const ids = textsOf(kind, input).flatMap(({ text }) => idOf(kind, kind.lookup(text), text) ?? []);
  if (ids.length === 0) return {};
  return kind.field === 'zone' ? { zone: ids[0] } : { nodes: ids };
}

function idOf(kind: Kind, found: Found, text: string): string | undefined {
  return typeof found === 'object' ? found.id : kind.created.get(kind.toName(text));
}
