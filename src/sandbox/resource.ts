import type { Exchange } from './exchange.ts';
import type { Field } from './field.ts';
import type { Gate } from './gates.ts';
import type { Among, RowTest } from './tables/query.ts';
import type { Json, JsonObject, Row, SandboxVersion } from './types.ts';
import type { Look, View } from './world.ts';

/** What a filter asks of the rows; null when the value says nothing. */
export type Condition = Among | RowTest | null;

/** From a query value to a condition; throws InvalidValue for a value of the wrong type. */
export type Filter = (value: string, x: Exchange) => Condition;

/** Whose rows a resource holds (api.md §2). */
export type Scope = 'org' | 'members' | 'global';

/** An action of its own below a resource's list or detail path. */
export interface Action {
  method: string;
  /** Path after the resource's, `:id` and further `:names` as needed; '' is the list path. */
  path: string;
  /** Permission, `any` login, or `open`. */
  perm: string;
  run(x: Exchange): Json | Answer | Promise<Json | Answer>;
  since?: SandboxVersion;
  until?: SandboxVersion;
}

/** A whole answer, where a plain 200 with JSON does not do. */
export interface Answer {
  answer: true;
  status: number;
  body?: Json;
  headers?: Record<string, string>;
  /** A body that is not JSON. */
  text?: string;
}

/** Makes a whole answer. */
export function reply(status: number, body?: Json, headers?: Record<string, string>): Answer {
  return {
    answer: true,
    status,
    ...(body === undefined ? {} : { body }),
    ...(headers === undefined ? {} : { headers }),
  };
}

/** Names of properties, with spaces between; by version where it matters. */
export type Subset = string | ((version: SandboxVersion) => string);

/** Everything the conventions need to know of one resource: its table line. */
export interface Resource {
  /** Table its rows stand in; more than one resource may look at a table. */
  readonly table: string;
  /** Path below `/api/v1/`, without slashes at its ends. */
  readonly path: string;
  /** Its path on servers where it had another name. */
  readonly paths?: Partial<Record<SandboxVersion, string>>;
  /** Name of the object in a 404. */
  readonly noun: string;
  /** Name in the OPTIONS metadata; default: noun in words, with `List`. */
  readonly title?: string;
  /** `app.model`, of which permissions are `app.view_model` and so on. */
  readonly model: string;
  /** Other permissions for list and detail reads and for writes. */
  readonly perms?: Partial<Record<'view' | 'add' | 'change' | 'delete', string>>;
  readonly scope: Scope;
  readonly key?: 'uuid' | 'int';
  readonly fields: readonly Field[];
  /** Properties of `fields_size=mini|small`; absent where that is ignored. */
  readonly mini?: Subset;
  readonly small?: Subset;
  /** Whether, or since when, `fields` is honoured (api.md §3.3). */
  readonly projected?: boolean | SandboxVersion;
  /** Properties that `search` looks at; a function gives the texts of a row. */
  readonly search?: readonly string[] | ((row: Row, x: Exchange) => readonly string[]);
  readonly filters?: Readonly<Record<string, Filter>>;
  /** Default order, by column. */
  readonly order: readonly string[];
  /** Columns that `order` honours besides the scalar ones among the fields. */
  readonly sortable?: readonly string[];
  /** Column of `date_from`, `date_to`. */
  readonly dates?: string;
  /** What exists: `L`ist, `C`reate, `R`etrieve, `U`pdate, `D`elete, `B`ulk; default all. */
  readonly methods?: string;
  /** Which guard a bulk delete has (api.md §4). */
  readonly bulkDelete?: 'org' | 'global' | 'one' | 'users' | 'never';
  /** No cut at 200 rows without `limit`. */
  readonly uncut?: boolean;
  /** `ids` is not looked at. */
  readonly noIds?: boolean;
  /** `attr_rules` names: column or values of a row. */
  readonly rules?: Readonly<Record<string, (row: Row, x: Exchange) => Json>> | true;
  readonly since?: SandboxVersion;
  readonly until?: SandboxVersion;
  /** Which servers serve it: the others refuse everybody. */
  readonly gate?: Gate;
  /** Groups of columns that are unique together within the organisation. */
  readonly unique?: readonly (readonly string[])[];
  /** How a clash of a unique group is told. */
  readonly clash?: (group: readonly string[]) => JsonObject;
  /** Further conditions on the rows this resource shows. */
  readonly only?: (x: Exchange) => Condition[];
  /** Property by which a detail path that is no id finds its row. */
  readonly slug?: string;
  /** Looks over parsed input before anything is stored; may complete or refuse it. */
  readonly check?: (input: Input) => void;
  readonly hooks?: Hooks;
  readonly actions?: readonly Action[];
  /** Last word on the fields of an answer, where they depend on more than version and serializer. */
  readonly shape?: (fields: readonly Field[], x: Exchange, view: View) => readonly Field[];
  /** Properties that the answer to a PATCH lacks. */
  readonly patchLacks?: readonly string[];
  /** Objects that the answer to a PATCH shows as empty. */
  readonly patchEmpties?: readonly string[];
  /** Methods that the OPTIONS metadata describes, where it leaves some out. */
  readonly tells?: Subset;
  /** Answer to OPTIONS where it is not the metadata. */
  readonly noOptions?: boolean;
}

/** Parsed input of one row on its way to the store. */
export interface Input {
  x: Exchange;
  look: Look;
  /** The body of this row as it came. */
  given: JsonObject;
  /** Columns to be stored. */
  values: JsonObject;
  /** The row to be changed; null on create. */
  row: Row | null;
  /** Parsed values that are no columns, by property. */
  extra: JsonObject;
  /** Faults by property; not empty refuses the row. */
  faults: JsonObject;
  partial: boolean;
  /** Whether the row came in an array. */
  bulk: boolean;
}

/** What happens besides storing a row. */
export interface Hooks {
  /** Before an array that passed validation is stored; may refuse it by throwing. */
  storing?: (inputs: readonly Input[]) => void;
  created?: (row: Row, input: Input) => void;
  updated?: (row: Row, input: Input) => void;
  /** May refuse by throwing. */
  deleting?: (row: Row, x: Exchange) => void;
  deleted?: (row: Row, x: Exchange) => void;
}
