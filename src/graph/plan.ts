import {
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNamedType,
  getNullableType,
  isAbstractType,
  isListType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import type { Catalogue, Field, ReverseField } from '../generated/catalogue.ts';
import { asksOf, isTotalOnly, unite } from './asks.ts';
import { inheritingProperties } from './lineage.ts';
import { createMemory } from './memory.ts';
import { DEFAULT_PAGE } from './page.ts';
import { collectFields, type Selecting } from './selection.ts';
import { ownProperties } from './variants.ts';

/** What one place of an operation wants of the objects that stand there. */
export interface Site {
  /** Upstream properties that the selected fields read. */
  readonly properties: Set<string>;
  /** For a connection: which of its parts are asked. */
  readonly parts: Set<string>;
  /** For a connection: rows that point back to its rows. */
  readonly reversals: Map<FieldNode, Reversal>;
}

/** A place where rows are wanted that point back to those of the place above. */
export interface Reversal {
  readonly node: FieldNode;
  readonly field: ReverseField;
  readonly definition: GraphQLField<unknown, unknown>;
}

/** What the fields of an object want of its row, and what points back to it. */
interface Wanted extends Pick<Site, 'properties' | 'reversals'> {
  /** Sites of the lists that it has, by what is asked of them. */
  readonly lists: Map<string, Set<Site>>;
}

const nothing = (): Wanted => ({ properties: new Set(), reversals: new Map(), lists: new Map() });

const emptySite = (): Site => ({ properties: new Set(), parts: new Set(), reversals: new Map() });

/** One way in which an operation reaches rows, for the count of calls. */
export interface Reach {
  /** Where: the field's coordinate. */
  readonly field: string;
  readonly noun: string;
  /** How: a list or row for itself, rows by id, rows that point to parents, a part of rows, or a hand-written read. */
  readonly kind: 'list' | 'one' | 'ids' | 'reverse' | 'part' | 'custom';
  /** The most objects that can stand where the field is read. */
  readonly parents: number;
  /** The most rows that are wanted of each. */
  readonly rows: number;
  /** For a list of the query itself: what it is asked. */
  readonly asks?: string | undefined;
}

/** What a whole operation wants of JumpServer, known before anything is sent. */
export interface Plan {
  /** Every way in which rows are reached. */
  readonly reaches: readonly Reach[];
  /** What is wanted at the place of this field. */
  site(info: Pick<GraphQLResolveInfo, 'fieldNodes'>): Site;
  /** Properties that rows of a noun need when they are loaded by id: the union over all places. */
  union(noun: string): ReadonlySet<string>;
  /** Properties that a part of a noun needs: the union over all places, by part path. */
  part(path: string): ReadonlySet<string>;
}

interface Planning extends Selecting {
  readonly catalogue: Catalogue;
  readonly sites: Map<FieldNode, Site>;
  readonly unions: Map<string, Set<string>>;
  readonly partUnions: Map<string, Set<string>>;
  readonly reaches: Reach[];
}

/** Related rows that are reckoned for one embedded list (an asset's nodes, a user's groups) when calls are counted ahead. */
export const EMBEDDED_LIST = 20;

const IDENTITY = new Set(['id', 'uuid', 'number', '__typename']);
const EMPTY: ReadonlySet<string> = new Set();

type OperationInfo = Pick<GraphQLResolveInfo, 'schema' | 'operation' | 'fragments' | 'variableValues'>;

/** Plans an operation: walks it once with its variables, through fragments, `@skip`/`@include`, aliases and abstract types. */
export function planOperation(catalogue: Catalogue, info: OperationInfo): Plan {
  const planning: Planning = {
    schema: info.schema,
    catalogue,
    fragments: info.fragments,
    variables: info.variableValues,
    sites: new Map(),
    unions: new Map(),
    partUnions: new Map(),
    reaches: [],
  };
  const root = info.schema.getRootType(info.operation.operation);
  if (root) visitObject(planning, root, [info.operation.selectionSet], 1);
  return {
    reaches: planning.reaches,
    site: ({ fieldNodes }) => planning.sites.get(fieldNodes[0] as FieldNode) ?? emptySite(),
    union: (noun) => planning.unions.get(noun) ?? EMPTY,
    part: (path) => planning.partUnions.get(path) ?? EMPTY,
  };
}

const plans = createMemory<Plan>();

/** The plan of an operation, remembered. */
export function planFor(catalogue: Catalogue, info: OperationInfo): Plan {
  return plans(info.operation, info.variableValues, () => planOperation(catalogue, info));
}

/** Visits the fields selected on an object type; answers what they want of its row. */
function visitObject(
  planning: Planning,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
  parents: number,
): Wanted {
  const groups = new Map<string, FieldNode[]>();
  for (const set of sets) collectFields(planning, type, set, groups);
  const wanted = nothing();
  for (const nodes of groups.values()) visitField(planning, type, nodes, wanted, parents);
  for (const sites of wanted.lists.values()) unite(sites);
  return wanted;
}

function visitField(
  planning: Planning,
  type: GraphQLObjectType,
  nodes: FieldNode[],
  { properties, reversals, lists }: Wanted,
  parents: number,
): void {
  const [node] = nodes;
  if (!node) return;
  const name = node.name.value;
  if (IDENTITY.has(name)) properties.add('id');
  const definition = type.getFields()[name];
  if (!definition) return;
  const field = fieldOf(planning.catalogue, type.name, name);
  const rows = rowsOf(planning, definition, node, field);
  const site = visitBelow(planning, definition.type, nodes, parents * rows);
  const isOwnList = isList(field, definition);
  const isTotal = isTotalOnly(site.parts);
  const reach = {
    field: `${type.name}.${name}`,
    noun: nounOf(planning, definition.type),
    parents,
    rows: isTotal ? 0 : rows,
    asks: isOwnList && type === planning.schema.getQueryType() ? asksOf(definition, node, !isTotal) : undefined,
  };
  if (isOwnList) {
    const question = `${name} ${asksOf(definition, node, true)}`;
    lists.set(question, (lists.get(question) ?? new Set()).add(site));
  }
  if (field?.kind === 'reverse') {
    reversals.set(node, { node, field, definition });
    for (const property of inheritedBy(planning, field, definition, node)) properties.add(property);
  }
  if (field) readBy(planning, field, site, properties, reach);
  else readRoot(planning, definition.type, site, reach);
  if (field === undefined || field.kind === 'custom') readForeign(planning, definition.type, site, reach);
}

/** Whether a field is read as a list of its own: by a root, by what points to its row, or by hand. */
function isList(field: Field | undefined, { type }: GraphQLField<unknown, unknown>): boolean {
  const isRead = field === undefined || field.kind === 'reverse' || field.kind === 'custom';
  return isRead && getNamedType(type).name.endsWith('Connection');
}

/** The noun that a field's type leads to, itself or as a connection; the type's own name otherwise. */
function nounOf(planning: Planning, output: GraphQLOutputType): string {
  const { name } = getNamedType(output);
  const row = name.replace(/Connection$/, '');
  return row in planning.catalogue.nouns ? row : name;
}

/** The most rows that one parent can have at a field: a page, an embedded list, or one. */
function rowsOf(
  planning: Planning,
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
  field: Field | undefined,
): number {
  if (field?.kind === 'ref') return field.list ? EMBEDDED_LIST : 1;
  const isPaged = definition.args.some(({ name }) => name === 'first');
  const ids = definition.args.some(({ name }) => name === 'ids' || name === 'representations');
  if (!isPaged && !ids)
    return field?.kind === 'custom' && isListType(getNullableType(definition.type)) ? EMBEDDED_LIST : 1;
  const args = getArgumentValues(definition, node, planning.variables);
  const keys = args['ids'] ?? args['representations'];
  if (Array.isArray(keys)) return keys.length;
  const size = args['last'] ?? args['first'] ?? DEFAULT_PAGE;
  return typeof size === 'number' ? Math.max(0, size) : DEFAULT_PAGE;
}

/** What of the own row tells its place in the tree along which the answer is widened, where that is asked for. */
function inheritedBy(
  planning: Planning,
  { inherit }: ReverseField,
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
): readonly string[] {
  if (!inherit || getArgumentValues(definition, node, planning.variables)[inherit.argument] !== true) return [];
  return inheritingProperties(inherit);
}

/** The catalogue's word on a field of a noun or of an object inside a row. */
export function fieldOf(catalogue: Catalogue, type: string, name: string): Field | undefined {
  return (catalogue.nouns[type] ?? catalogue.objects[type])?.fields[name];
}

/** Notes which properties of the own row a field reads, and what has to be loaded by id for it. */
function readBy(
  planning: Planning,
  field: Field,
  site: Site,
  properties: Set<string>,
  reach: Omit<Reach, 'kind'>,
): void {
  switch (field.kind) {
    case 'value':
    case 'object':
      if (field.from[0] !== undefined) properties.add(field.from[0]);
      return;
    case 'ref':
      properties.add(field.from[0] as string);
      if (field.nameKey && site.properties.has('name')) properties.add(field.nameKey);
      if (!isEmbedded(field, site)) loadsById(planning, field.noun, site, reach);
      return;
    case 'members':
      if (site.parts.size === 1 && site.parts.has('totalCount') && field.count) properties.add(field.count);
      else properties.add(field.from[0] as string);
      if (!isEmbedded(field, site)) loadsById(planning, field.noun, site, reach);
      return;
    case 'reverse':
      properties.add('id');
      for (const match of field.by) properties.add(match.mine);
      if (field.count && site.parts.has('totalCount')) properties.add(field.count);
      planning.reaches.push({ ...reach, kind: 'reverse' });
      return;
    case 'part':
      properties.add('id');
      properties.add(field.when.property);
      addAll(planning.partUnions, field.path, site.properties);
      planning.reaches.push({ ...reach, kind: 'part' });
      return;
    case 'custom':
      for (const need of field.needs) properties.add(need);
      planning.reaches.push({ ...reach, kind: field.lists === undefined ? 'custom' : 'list' });
      for (const noun of site.parts)
        if (noun in planning.catalogue.nouns) addAll(planning.unions, noun, site.properties);
  }
}

/** Whether what is wanted of a related row stands in the embedded object already. */
export function isEmbedded(field: { readonly embedded: readonly string[] }, site: Site): boolean {
  for (const property of site.properties) if (!field.embedded.includes(property)) return false;
  return true;
}

function addAll(unions: Map<string, Set<string>>, key: string, properties: ReadonlySet<string>): void {
  const union = unions.get(key) ?? new Set<string>();
  for (const property of properties) union.add(property);
  unions.set(key, union);
}

function loadsById(planning: Planning, noun: string, site: Site, reach: Omit<Reach, 'kind'>): void {
  addAll(planning.unions, noun, site.properties);
  planning.reaches.push({ ...reach, kind: 'ids' });
}

/** Fields that the catalogue does not know (roots, payloads) load their rows by id, or list them. */
function readRoot(planning: Planning, type: GraphQLOutputType, site: Site, reach: Omit<Reach, 'kind'>): void {
  const { name } = getNamedType(type);
  if (name in planning.catalogue.nouns) addAll(planning.unions, name, site.properties);
  if (isAbstractType(getNamedType(type))) planning.reaches.push({ ...reach, kind: 'ids' });
  else if (reach.noun in planning.catalogue.nouns)
    planning.reaches.push({ ...reach, kind: name === reach.noun ? 'one' : 'list' });
}

/** Rows of a connection that is not the noun's own: a hand-written one, which loads them by id. */
function readForeign(planning: Planning, output: GraphQLOutputType, site: Site, reach: Omit<Reach, 'kind'>): void {
  const type = getNamedType(output);
  if (reach.noun in planning.catalogue.nouns || !type.name.endsWith('Connection') || !isObjectType(type)) return;
  const nodes = type.getFields()['nodes'];
  const noun = nodes && getNamedType(nodes.type).name;
  if (noun !== undefined && noun in planning.catalogue.nouns) loadsById(planning, noun, site, reach);
}

/** Visits what is selected below a field and notes its site; sites of the same node (a fragment used twice) are united. */
function visitBelow(planning: Planning, output: GraphQLOutputType, nodes: FieldNode[], parents: number): Site {
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const known = nodes.map((node) => planning.sites.get(node)).find((site) => site !== undefined);
  const site: Site = known ?? emptySite();
  // Each of them: through `nodes` and `edges` the executor gives them one by one.
  if (sets.length > 0) for (const node of nodes) planning.sites.set(node, site);
  const type = getNamedType(output);
  if (isAbstractType(type)) visitAbstract(planning, type, sets, site, parents);
  else if (isObjectType(type) && sets.length > 0) visitInto(planning, type, sets, site, parents);
  return site;
}

/**
 * The concrete types of an abstract field: their rows are loaded by id. Where the interface is a noun, what its own list gives of all that
 * is wanted, and the property that tells the types apart.
 */
function visitAbstract(
  planning: Planning,
  type: GraphQLAbstractType,
  sets: SelectionSetNode[],
  site: Site,
  parents: number,
): void {
  const noun = planning.catalogue.nouns[type.name];
  const own = noun && ownProperties(noun);
  for (const possible of planning.schema.getPossibleTypes(type)) {
    const { properties } = visitObject(planning, possible, sets, parents);
    if (possible.name in planning.catalogue.nouns && properties.size > 0)
      addAll(planning.unions, possible.name, properties);
    for (const property of properties) if (own?.has(property)) site.properties.add(property);
  }
  if (noun?.variants) site.properties.add('id').add(noun.variants.property);
}

function visitInto(
  planning: Planning,
  type: GraphQLObjectType,
  sets: SelectionSetNode[],
  site: Site,
  parents: number,
): void {
  const rows = rowSelections(planning, type, sets, site.parts, parents);
  if (!rows) {
    for (const property of visitObject(planning, type, sets, parents).properties) site.properties.add(property);
    if (type.name in planning.catalogue.nouns) site.parts.add(type.name);
    return;
  }
  if (rows.sets.length === 0) return;
  if (isAbstractType(rows.type)) {
    visitAbstract(planning, rows.type, rows.sets, site, parents);
    return;
  }
  const { properties, reversals } = visitObject(planning, rows.type, rows.sets, parents);
  for (const property of properties) site.properties.add(property);
  for (const [node, reversal] of reversals) site.reversals.set(node, reversal);
  site.properties.add('id');
}

/** For a connection: the type of its rows and all selections on them, through `nodes` and `edges.node`; undefined for any other type. */
function rowSelections(
  planning: Planning,
  type: GraphQLObjectType,
  sets: SelectionSetNode[],
  parts: Set<string>,
  parents: number,
): { type: GraphQLObjectType | GraphQLAbstractType; sets: SelectionSetNode[] } | undefined {
  if (!type.name.endsWith('Connection')) return undefined;
  const row = getNamedType(type.getFields()['nodes']?.type as GraphQLOutputType);
  if (!isObjectType(row) && !isAbstractType(row)) return undefined;
  const groups = new Map<string, FieldNode[]>();
  for (const set of sets) collectFields(planning, type, set, groups);
  const found: SelectionSetNode[] = [];
  for (const nodes of groups.values()) {
    const name = nodes[0]?.name.value ?? '';
    parts.add(name);
    const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    if (name === 'nodes') found.push(...below);
    if (name === 'edges') found.push(...edgeSelections(planning, type, below, parents));
  }
  return { type: row, sets: found };
}

/** The selections on an edge's row; what else is selected on the edge is planned by itself. */
function edgeSelections(
  planning: Planning,
  connection: GraphQLObjectType,
  sets: SelectionSetNode[],
  parents: number,
): SelectionSetNode[] {
  const edge = getNamedType(connection.getFields()['edges']?.type as GraphQLOutputType);
  if (!isObjectType(edge)) return [];
  const groups = new Map<string, FieldNode[]>();
  for (const set of sets) collectFields(planning, edge, set, groups);
  const all = [...groups.values()];
  for (const nodes of all) if (nodes[0]?.name.value !== 'node') visitField(planning, edge, nodes, nothing(), parents);
  const nodes = all.flat().filter((node) => node.name.value === 'node');
  return nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
}
