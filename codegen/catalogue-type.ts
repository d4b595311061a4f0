/** The shape of the generated catalogue: plain data that the graph kit interprets. Copied whole into `src/generated/catalogue.ts`. */

/** One rule of JumpServer's `attr_rules` filter (api.md §3.4). */
export interface Rule {
  readonly name: string;
  readonly match: string;
}

/** What a plain property becomes: how its JSON value is turned into the graph's. */
export type ValueKind =
  | 'String'
  | 'Int'
  | 'Float'
  | 'Boolean'
  | 'ID'
  | 'DateTime'
  | 'Duration'
  | 'JSON'
  | 'Secret'
  | 'Choice'
  | 'Enum';

/** A field that is read straight from the row. */
export interface ValueField {
  readonly kind: 'value';
  readonly from: readonly string[];
  readonly value: ValueKind;
  readonly enum?: string;
  readonly list: boolean;
  readonly required: boolean;
  readonly since?: string;
}

/** An object that stands inside the row and has no identity of its own. */
export interface ObjectField {
  readonly kind: 'object';
  readonly from: readonly string[];
  readonly type: string;
  readonly list: boolean;
  readonly required: boolean;
  readonly since?: string;
}

/** A related row (or rows), embedded with some of its properties, or only its id under a key. */
export interface RefField {
  readonly kind: 'ref';
  readonly from: readonly string[];
  readonly noun: string;
  readonly list: boolean;
  readonly required: boolean;
  /** Only the id stands in the row, not an object. */
  readonly idOnly: boolean;
  /** The property that holds the related row's name, where the id stands alone. */
  readonly nameKey?: string;
  /** Older servers give the related row as a text of these properties, joined by colons. */
  readonly text?: readonly string[];
  /** Properties of the embedded object that have the same shape as in the noun's own rows. */
  readonly embedded: readonly string[];
  readonly since?: string;
}

/** Many-to-many rows that stand whole in the row under `format=json`. */
export interface MembersField {
  readonly kind: 'members';
  readonly from: readonly string[];
  readonly noun: string;
  readonly count?: string;
  readonly embedded: readonly string[];
}

/** How a property of the other noun's row names the parent: equals (or contains) `mine` of the parent. */
export interface Match {
  readonly theirs: string;
  readonly mine: string;
}

/** An argument that widens the rows that point to a parent along a tree, whose rows tell their place by `key` (`1:3:7`). */
export interface Inheritance {
  readonly argument: string;
  readonly tree: string;
  readonly key: string;
  /** Their property names one of ours, or one above it in the tree. */
  readonly above?: Match;
  /** Their property names one of ours, or one below it in the tree. */
  readonly below?: Match;
}

/** Rows of another noun that point to this one. */
export interface ReverseField {
  readonly kind: 'reverse';
  readonly noun: string;
  readonly single: string;
  /** The oldest contract that has the `single` parameter; older servers would ignore it. */
  readonly singleSince?: string;
  readonly also: Readonly<Record<string, string>>;
  readonly by: readonly Match[];
  readonly rule?: Rule;
  readonly lookup?: string;
  readonly count?: string;
  readonly inherit?: Inheritance;
}

/** Properties that only one kind of the noun's rows has, read through a narrower list. */
export interface PartField {
  readonly kind: 'part';
  readonly type: string;
  readonly path: string;
  readonly when: { readonly property: string; readonly value: string };
}

/** Served by a hand-written resolver, which reads `needs` from its parent. */
export interface CustomField {
  readonly kind: 'custom';
  readonly needs: readonly string[];
  /** The noun whose rows it gives, as a connection with the usual arguments. */
  readonly lists?: string;
}

/** How a field of a noun or an object is served. */
export type Field = ValueField | ObjectField | RefField | MembersField | ReverseField | PartField | CustomField;

/** How one field of a filter input is asked upstream. */
export interface Filter {
  readonly value: ValueKind;
  readonly enum?: string;
  /** The noun whose id it takes. */
  readonly noun?: string;
  readonly list: boolean;
  /** Query parameter. */
  readonly param?: string;
  /** The oldest contract that has the parameter; older servers would ignore it. */
  readonly paramSince?: string;
  readonly rule?: Rule;
  /** A range of time by date_from and date_to. */
  readonly range?: boolean;
  readonly since?: string;
}

/** What the graph knows of one noun: where its rows come from, and how its fields are served. */
export interface Noun {
  readonly name: string;
  readonly path: string;
  readonly id: 'UUID' | 'INT';
  readonly scope: 'ORGANIZATION' | 'GLOBAL';
  /** Whether `limit` may be sent. */
  readonly paged: boolean;
  /** Whether the list takes `fields=`; one that ignores it gives whole rows, and the address still tells what is wanted of them. */
  readonly projects: boolean;
  /** Whether the list obeys `ids=`. */
  readonly ids: boolean;
  /** Capability by which `attr_rules` is obeyed; 'always' or a feature's name. */
  readonly rules?: string;
  readonly scan: boolean;
  /** Properties that come only under `format=json`. */
  readonly detail: readonly string[];
  /** Default order, ending with the tie-break. */
  readonly order: readonly string[];
  /** A query parameter without which the list is empty. */
  readonly needs?: string;
  /** The list is kept in several places, one for each row of that noun; `param` names the place. */
  readonly spread?: { readonly noun: string; readonly param: string };
  /** The property that identifies a row where it has no id of its own; also the filter that finds it. */
  readonly key?: string;
  readonly capability?: string;
  /** The language in which its rows are asked, whatever the caller's. */
  readonly language?: string;
  /** Where everybody may read those rows that are their own, when the list itself is refused; `{user}` is the caller. */
  readonly own?: string;
  /** Whether `own` takes `ids`; it is read whole otherwise. */
  readonly ownIds?: boolean;
  /** The oldest contract that has the route, where not every one has it. */
  readonly since?: string;
  /** The version from which JumpServer may refuse the route without an enterprise licence. */
  readonly licensed?: string;
  /** Rows of several concrete types stand in one list, told apart by a property: its wire value → type. */
  readonly variants?: {
    readonly property: string;
    readonly types: Readonly<Record<string, string>>;
    /** The type of rows with any other value. */
    readonly other: string;
  };
  /** The noun in whose list these rows stand among others; what both have reads as it stands there. */
  readonly variantOf?: string;
  /** Fields by which the singular root also finds a row: field name → query parameter. */
  readonly unique: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, Field>>;
  readonly filters: Readonly<Record<string, Filter>>;
  /** Order enum value → upstream column. */
  readonly orders: Readonly<Record<string, string>>;
}

/** An object type without identity. */
export interface ObjectType {
  readonly fields: Readonly<Record<string, Field>>;
}

/** How one field of an input is written upstream. */
export interface InputField {
  readonly to: string;
  readonly value: ValueKind | 'Input';
  readonly enum?: string;
  readonly input?: string;
  readonly noun?: string;
  /** The properties of that noun that older servers take, joined by colons, in place of an id. */
  readonly text?: readonly string[];
  readonly list: boolean;
}

/** Everything the kit interprets. */
export interface Catalogue {
  readonly nouns: Readonly<Record<string, Noun>>;
  readonly objects: Readonly<Record<string, ObjectType>>;
  /** Enum name → graph value → wire value. */
  readonly enums: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly inputs: Readonly<Record<string, Readonly<Record<string, InputField>>>>;
  /** Root field → noun: one row, or a connection. */
  readonly roots: Readonly<Record<string, { readonly noun: string; readonly list: boolean }>>;
  /** Hand-written root fields and mutations → upstream operations that they use. */
  readonly calls: Readonly<Record<string, readonly string[]>>;
}
