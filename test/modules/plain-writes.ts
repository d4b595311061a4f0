import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_VERSIONS, type SandboxVersion } from '../../src/sandbox/index.ts';
import type { TestGraph } from '../support/graph.ts';
import { startGraph } from '../support/graph.ts';
import { mutate, type Named, refusals, writesOf } from './support.ts';

/** What is to be shown of a noun that is created, changed and deleted plainly. */
export interface PlainWrites {
  /** `Zone` for `createZone`, `updateZone`, `deleteZone`. */
  readonly noun: string;
  /** The payload's field. */
  readonly field: string;
  /** The list's path, as 4.10.16 has it. */
  readonly path: string;
  /** Input of a new one; called for each, so that it can be of another name. */
  readonly input: (graph: TestGraph, name: string) => Promise<object> | object;
  /** What is asked of it. */
  readonly selection: string;
  /** What stands there when it was created, besides its name. */
  readonly created: object;
  /** A change, and what stands there then. */
  readonly change: object;
  readonly changed: object;
  /** How a repeat is refused. */
  readonly repeat: readonly string[];
  /** Inputs that are refused, with the refusals; what is not named comes from `input`. */
  readonly refused: readonly (readonly [object, readonly string[]])[];
  readonly versions?: readonly (typeof SANDBOX_VERSIONS)[number][];
  /** The server that the refusals are shown on; 4.10.16 unless told. */
  readonly on?: SandboxVersion;
  /** Where no server of the refusals has such a noun: what holds on the versions alone. */
  readonly only?: 'versions';
  /** Whether it has no name. */
  readonly isUnnamed?: true;
}

/** Shows success on every version, and what an input is refused for on one; ids that nobody has and rights are shown by test/mutations. */
export const describePlainWrites = (plain: PlainWrites): void => {
  const { noun, field, path, selection } = plain;
  let count = 0;
  const toInput = async (graph: TestGraph) => {
    count += 1;
    const name = plain.isUnnamed ? {} : { name: `plain-${noun.toLowerCase()}-${count}` };
    return { ...name, ...(await plain.input(graph, `${count}`)) };
  };
  const create = async (graph: TestGraph) => {
    const input = await toInput(graph);
    graph.sandbox.clearLog();
    const payload = await mutate(graph, `create${noun}`, input, `${field} { id uuid: id ${selection} }`);
    return { input, payload, row: payload[field] as Named };
  };

  describe.each(plain.versions ?? SANDBOX_VERSIONS)(`${noun} on JumpServer %s`, (version) => {
    let graph: TestGraph;
    beforeAll(async () => {
      graph = await startGraph({ version });
    });
    afterAll(() => graph.close());

    it('is created, changed and deleted, each by one write', async () => {
      const { payload, row } = await create(graph);
      expect(payload).toMatchObject({ userErrors: [], [field]: plain.created });
      expect(writesOf(graph)).toHaveLength(1);
      const input = { id: row.id, ...plain.change };
      const changed = await mutate(graph, `update${noun}`, input, `${field} { id ${selection} }`);
      expect(changed).toMatchObject({ userErrors: [], [field]: { id: row.id, ...plain.changed } });
      const gone = await mutate(graph, `delete${noun}`, { id: row.id }, 'deletedIds');
      expect(gone).toMatchObject({ userErrors: [], deletedIds: [row.id] });
      expect(writesOf(graph).map((write) => write.split(' ')[0])).toEqual(['POST', 'PATCH', 'DELETE']);
      expect(refusals(await mutate(graph, `delete${noun}`, { id: row.id }, 'deletedIds'))).toEqual(['id NOT_FOUND']);
    });
  });

  if (plain.only === 'versions') return;
  describe(`${noun} is refused`, () => {
    let graph: TestGraph;
    beforeAll(async () => {
      graph = await startGraph(plain.on ? { version: plain.on } : {});
    });
    afterAll(() => graph.close());
    beforeEach(() => graph.sandbox.clearLog());

    it('when it is there already', async () => {
      const { input } = await create(graph);
      expect(writesOf(graph)).toEqual([`POST ${path}`]);
      const again = await mutate(graph, `create${noun}`, input, `${field} { id }`);
      expect(again[field]).toBeNull();
      expect(refusals(again)).toEqual(plain.repeat);
    });

    it.each(plain.refused)('for %o', async (given, expected) => {
      const input = { ...(await toInput(graph)), ...given };
      const payload = await mutate(graph, `create${noun}`, input, `${field} { id }`);
      expect(payload[field]).toBeNull();
      expect(refusals(payload)).toEqual(expected);
    });
  });
};
