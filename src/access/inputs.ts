/** A moment in milliseconds since 1970 (UTC). */
export type Timestamp = number;

/** What the engine needs to know of a user. */
export type AccessUser = {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly isActive: boolean;
  /** JumpServer's own flag at loading; used when `expiresAt` is unknown. */
  readonly isExpired: boolean;
  readonly expiresAt: Timestamp | null;
  /** Ids of the groups the user is a member of. */
  readonly groups: readonly string[];
};

/** A user group; its members stand on the users. */
export type AccessGroup = {
  readonly id: string;
  readonly name: string;
};

/** A node of the asset tree; `key` (`1:3:7`) says where it hangs (api.md §5.6). */
export type AccessNode = {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  /** Full path such as `/Default/prod/db`. */
  readonly path: string;
};

/** A label of an asset. */
export type AccessLabel = {
  readonly id: string;
  readonly name: string;
  readonly value: string;
};

/** What the engine needs to know of an asset. */
export type AccessAsset = {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  /** JumpServer's word for the category: host, device, database, cloud, web, ds, custom, gpt. */
  readonly category: string;
  readonly isActive: boolean;
  /** Ids of the nodes the asset hangs in directly. */
  readonly nodes: readonly string[];
  readonly labels: readonly AccessLabel[];
};

/** One asset permission with its members, as ids. */
export type AccessPermission = {
  readonly id: string;
  readonly name: string;
  readonly users: readonly string[];
  readonly userGroups: readonly string[];
  readonly assets: readonly string[];
  readonly nodes: readonly string[];
  /** Account rules as stored: names, `@ALL`, `@INPUT`, `@USER`, `@ANON`, `@SPEC`, `!name`, `%template` (api.md §5.9). */
  readonly accounts: readonly string[];
  readonly protocols: readonly string[];
  /** Bit set, see `ACTION_BITS`. */
  readonly actions: number;
  readonly isActive: boolean;
  /** Null: from the beginning of time. */
  readonly startsAt: Timestamp | null;
  /** Null: for ever. */
  readonly expiresAt: Timestamp | null;
  readonly createdBy: string;
  readonly isFromTicket: boolean;
};

/** Everything that decides who reaches what in one organisation, at one moment of reading. */
export interface AccessInputs {
  /** Id of the organisation. */
  readonly organization: string;
  /** When the rows were read. */
  readonly asOf: Timestamp;
  readonly users: readonly AccessUser[];
  readonly groups: readonly AccessGroup[];
  readonly nodes: readonly AccessNode[];
  readonly assets: readonly AccessAsset[];
  readonly permissions: readonly AccessPermission[];
}

/** Permissions written and removed since: what an incremental update or a planned grant consists of. */
export interface PermissionChange {
  /** New or changed permissions, whole. */
  readonly upserts?: readonly AccessPermission[];
  /** Ids of permissions that are gone. */
  readonly removals?: readonly string[];
}
