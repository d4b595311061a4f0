import { type GraphQLObjectType, getNamedType } from 'graphql';
import { catalogue } from '../../src/generated/catalogue.ts';
import {
  createSandbox,
  type Json,
  SANDBOX_PASSWORD,
  type Sandbox,
  type SandboxState,
  type SandboxVersion,
} from '../../src/sandbox/index.ts';
import { NOBODY } from '../modules/support.ts';
import { furnish } from '../oracle/furnish.ts';
import { startGraph, type TestGraph } from '../support/graph.ts';
import { graphSchema } from '../support/recorded-graph.ts';
import { type Mutation, mutations, toInput } from './inputs.ts';
import { AS_USER, BEFORE, FRESH, isDoneByGet, MAKERS, UNLIKE } from './outcomes.ts';
import { leavesOf, toShown, writtenOf } from './shown.ts';

/** The sandbox's clock stands still: nothing happens of itself. */
const NOW = Date.parse('2026-11-20T10:00:00Z');

const DEFAULT_ORGANIZATION = '00000000-0000-0000-0000-000000000002';

const CHECK = '7d5a1c36-52f4-4f0e-a1b3-9c6e2f8d4a01';
const RISK = 'c0a8d7a4-5a0f-4a3c-8f0e-3d5d3a6b7c01';

/** Rows that nobody can make over REST, by the sandbox's tables; `owner` is the administrator. */
const rowsFor = (owner: string, asset: Json): SandboxState['tables'] => ({
  'app-providers': [
    { id: '9b0f1b3a-6a55-4f7b-9d4e-0c6a3f5f0a11', name: 'panda', hostname: 'panda.example', terminal: null },
  ],
  tasks: [{ id: '6c8e9e3e-0f4b-4f53-9d0e-6f1b7a2c3d01', name: 'users.tasks.check_user_expired', meta: {} }],
  'access-tokens': [{ id: 7, user: owner, scope: 'rw', created: NOW, updated: NOW, expires: NOW + 3_600_000 }],
  'account-risks': [
    { id: RISK, asset, username: 'any username', risk: 'weak_password', status: '0', org_id: DEFAULT_ORGANIZATION },
  ],
  'change-secret-status': [{ id: RISK, asset, username: 'root', org_id: DEFAULT_ORGANIZATION }],
  jobs: [
    {
      id: '0c7a3b52-8a55-4a6e-9d27-9f0e2a4b6c01',
      name: 'nightly',
      args: 'uptime',
      type: 'adhoc',
      is_periodic: true,
      interval: 24,
      org_id: DEFAULT_ORGANIZATION,
    },
  ],
});

/** A component on which nothing runs. */
const SPARE = '5f1d3c52-0b8e-4d0c-9c58-7a3f6d0e2b01';

/** What a server was bought and set up as: with `ENTERPRISE` everything is there. */
export type Edition = 'COMMUNITY' | 'ENTERPRISE';

const SETTINGS = {
  COMMUNITY: {},
  ENTERPRISE: { XPACK_ENABLED: true, XPACK_LICENSE_IS_VALID: true, SECURITY_COMMAND_EXECUTION: true },
};

/** A small company in which almost every noun has rows. */
async function createCompany(version: SandboxVersion, edition: Edition): Promise<Sandbox> {
  const sizes = { assets: 12, users: 8, sessions: 10 };
  const sandbox = createSandbox({ version, throttle: false, now: () => NOW, ...sizes, settings: SETTINGS[edition] });
  await furnish(sandbox);
  const state = sandbox.exportState();
  const owner = String(state.tables['users']?.find(({ username }) => username === 'admin')?.id);
  const terminals = state.tables['terminals'] ?? [];
  const asset = state.tables['assets']?.[0]?.id ?? null;
  const spare = terminals.slice(0, 1).map((row) => ({ ...row, id: SPARE, name: 'spare' }));
  const check = {
    id: CHECK,
    name: 'check',
    type: 'check_account',
    assets: [],
    nodes: [],
    org_id: DEFAULT_ORGANIZATION,
  };
  const automations = [...(state.tables['automations'] ?? []), check];
  const tables = { ...state.tables, automations, ...rowsFor(owner, asset), terminals: [...terminals, ...spare] };
  sandbox.load({ ...state, tables });
  return sandbox;
}

/** An id that no row of the noun has. */
export const nobody = (noun: string): string => {
  const id = catalogue.nouns[noun]?.id === 'INT' ? '987654321' : NOBODY;
  return Buffer.from(`${noun}:${id}`).toString('base64url');
};

/** Rows that are chosen by more than their noun: a name for them, the list, and what is read of its first row. */
const CHOSEN: Readonly<Record<string, string>> = {
  'Platform DEVICE': 'platforms(first: 1, filter: { category: DEVICE })',
  'Platform DATABASE': 'platforms(first: 1, filter: { category: DATABASE })',
  'Platform CLOUD': 'platforms(first: 1, filter: { category: CLOUD })',
  'Platform WEB': 'platforms(first: 1, filter: { category: WEB })',
  'Platform DIRECTORY': 'platforms(first: 1, filter: { category: DIRECTORY })',
  'Platform CUSTOM': 'platforms(first: 1, filter: { category: CUSTOM })',
  'Platform HOST': 'platforms(first: 1, filter: { name: "Linux" })',
  'Platform GATEWAY': 'platforms(first: 1, filter: { name: "Gateway" })',
  'Terminal spare': 'terminals(first: 1, filter: { name: "spare" })',
  'OnlineUser other': 'onlineUsers(first: 2)',
  'AssetNode child': 'assetNodes(first: 2)',
};

/** Ids of a row of each noun, as its administrator sees them. */
async function readIds(graph: TestGraph): Promise<Map<string, string>> {
  type Rows = { rows: { nodes: { id: string }[] } | null } | null;
  const lists = Object.entries(catalogue.roots).flatMap(([root, { noun, list }]) =>
    list ? [[noun, `${root}(first: 1)`] as const] : [],
  );
  const ids = [...lists, ...Object.entries(CHOSEN)].map(async ([noun, list]): Promise<[string, string]> => {
    const { data } = await graph.query<Rows>(`{ rows: ${list} { nodes { id } } }`);
    return [noun, data?.rows?.nodes.at(-1)?.id ?? nobody(noun.split(' ')[0] ?? '')];
  });
  return new Map([...(await Promise.all(ids)), ...(await readOwn(graph))]);
}

/** What the caller may connect to, as the furnished connection token says. */
async function readOwn(graph: TestGraph): Promise<[string, string][]> {
  type Rows = { connectionTokens: { nodes: { accountText: string; asset: { id: string } }[] } };
  const document = '{ periodicTasks { name } connectionTokens(first: 1) { nodes { accountText asset { id } } } }';
  const [token] = (await graph.query<Rows>(document)).data.connectionTokens.nodes;
  return [
    ['Asset own', token?.asset.id ?? ''],
    ['Account own', token?.accountText ?? ''],
  ];
}

/** What came of a mutation. */
export interface Outcome {
  /** Codes of the whole, and `field code` of its parts. */
  readonly refusals: readonly string[];
  readonly payload: Readonly<Record<string, unknown>>;
  /** Writes that reached JumpServer. */
  readonly writes: number;
  /** Those of them that it did not refuse. */
  readonly taken: number;
  /** The challenge of a refusal for want of a confirmation. */
  readonly challenge?: string;
}

interface Told {
  readonly userErrors?: readonly { readonly field: readonly string[]; readonly code: string }[];
}

/** Sandboxes in which something may be otherwise than they were put. */
const changed = new WeakSet<Sandbox>();

/** Runs a mutation; `selection` is what is asked of its payload. */
export async function run(
  graph: TestGraph,
  { name, input, hasUserErrors }: Mutation,
  values: object,
  selection = '',
): Promise<Outcome> {
  type Payload = { payload: (Told & { rows?: Told[] } & Record<string, unknown>) | null } | null;
  const rows = name.startsWith('import') ? 'rows { userErrors { field code } }' : '';
  const told = hasUserErrors ? `userErrors { field code } ${rows}` : '__typename';
  const document = `mutation($input: ${input.name}!) { payload: ${name}(input: $input) { ${selection} ${told} } }`;
  graph.sandbox.clearLog();
  const { data, errors } = await graph.query<Payload>(document, { input: values });
  const refused = [data?.payload, ...(data?.payload?.rows ?? [])].flatMap((part) => part?.userErrors ?? []);
  const writes = graph.sandbox.log.filter(({ method }) => method !== 'GET');
  const taken = writes.filter(({ status }) => status < 400).length;
  if (taken > 0 || isDoneByGet(name)) changed.add(graph.sandbox);
  const confirmation = errors?.[0]?.extensions['confirmation'] as { challenge: string } | undefined;
  return {
    ...(confirmation && { challenge: confirmation.challenge }),
    refusals: [
      ...(errors ?? []).map(({ extensions }) => extensions.code),
      ...refused.map(({ field, code }) => `${field.join('.')} ${code}`.trim()),
    ],
    payload: data?.payload ?? {},
    writes: writes.length,
    taken,
  };
}

/** The same, with the caller's password where JumpServer wants them to confirm who they are. */
export async function runConfirmed(...[graph, mutation, values, selection]: Parameters<typeof run>): Promise<Outcome> {
  const first = await run(graph, mutation, values, selection);
  const challenge = first.challenge;
  if (challenge === undefined) return first;
  const proof = { challenge, type: 'password', value: SANDBOX_PASSWORD };
  const document = 'mutation($input: ConfirmInput!) { confirm(input: $input) { challenge } }';
  const { data } = await graph.query<{ confirm: { challenge: string } }>(document, { input: proof });
  return run(graph, mutation, { ...values, challenge: data.confirm.challenge }, selection);
}

/** Whether a server has no such thing at all. */
export const isLacking = (refusals: readonly string[]): boolean =>
  refusals.length > 0 && refusals.every((refusal) => refusal.endsWith('UNSUPPORTED_BY_SERVER'));

const payloadOf = (name: string): GraphQLObjectType | undefined => {
  const type = graphSchema().getMutationType()?.getFields()[name]?.type;
  const named = type && getNamedType(type);
  return named && 'getFields' in named ? (named as GraphQLObjectType) : undefined;
};

/** A mutation with what it is given, what is asked of it, and what has to come. */
export interface Scene {
  readonly graph: TestGraph;
  readonly input: Record<string, unknown>;
  readonly selection: string;
  /** The field of the payload with the object written, its noun, and what has to stand in it. */
  readonly written?: {
    readonly name: string;
    readonly noun: string;
    readonly selection: string;
    readonly expected: object;
  };
}

/** One company that is put back before each mutation. */
export interface Stage {
  readonly admin: TestGraph;
  readonly user: TestGraph;
  readonly ids: ReadonlyMap<string, string>;
  /** Puts the company back and makes what the mutation is about. */
  set(mutation: Mutation): Promise<Scene>;
  close(): Promise<void>;
}

const byName = new Map(mutations.map((mutation) => [mutation.name, mutation]));

/** Starts a company's server, with an administrator and an ordinary user before it. */
export async function createStage(version: SandboxVersion, edition: Edition): Promise<Stage> {
  const sandbox = await createCompany(version, edition);
  const admin = await startGraph({ sandbox });
  const user = await startGraph({ sandbox, token: 'sandbox-user' });
  const ids = (await readIds(admin)).set('version', version);
  const state = sandbox.exportState();

  let count = 0;
  const toInputOf = async (mutation: Mutation): Promise<Record<string, unknown>> => {
    const fresh = new Map<string, string>();
    const wanted = new Set<string>();
    toInput(mutation.input, (noun) => wanted.add(noun) && nobody(noun));
    for (const noun of wanted) {
      const maker = byName.get(MAKERS[noun] ?? `create${noun}`);
      if (FRESH.has(noun) && maker && maker !== mutation) fresh.set(noun, await make(maker, noun));
    }
    return toInput(mutation.input, (noun) => fresh.get(noun) ?? ids.get(noun) ?? nobody(noun));
  };

  const make = async (maker: Mutation, noun: string): Promise<string> => {
    const input = await toInputOf(maker);
    const written = writtenOf(payloadOf(maker.name));
    const graph = AS_USER.has(maker.name) ? user : admin;
    count += 1;
    const own = { name: `made-${count}`, username: `made-${count}`, email: `made-${count}@example.org` };
    const named = Object.fromEntries(
      Object.entries(input).map(([name, value]) => [name, own[name as keyof typeof own] ?? value]),
    );
    const { payload, refusals } = await runConfirmed(graph, maker, named, `${written?.name} { id }`);
    if (isLacking(refusals)) return nobody(noun);
    if (refusals.length > 0) throw new Error(`${maker.name}: ${refusals.join()}`);
    return (payload[written?.name ?? ''] as { id: string }).id;
  };

  const set = async (mutation: Mutation): Promise<Scene> => {
    if (changed.delete(sandbox)) sandbox.load(state);
    const graph = AS_USER.has(mutation.name) ? user : admin;
    const input = await toInputOf(mutation);
    const before = byName.get(BEFORE[mutation.name] ?? '');
    if (before)
      await run(graph, before, { ...toInput(before.input, (noun) => ids.get(noun) ?? ''), ...pick(input, before) });
    const written = writtenOf(payloadOf(mutation.name));
    if (!written) return { graph, input, selection: leavesOf(payloadOf(mutation.name)) };
    const shown = toShown(written.noun, mutation, UNLIKE.has(mutation.name) ? {} : input);
    return { graph, input, selection: `${written.name} { id ${shown.selection} }`, written: { ...written, ...shown } };
  };

  return {
    admin,
    user,
    ids,
    set,
    close: async () => {
      await admin.close();
      await user.close();
    },
  };
}

/** What of an input another mutation takes too. */
const pick = (input: Record<string, unknown>, { input: other }: Mutation): object =>
  Object.fromEntries(Object.entries(input).filter(([name]) => name in other.getFields()));
