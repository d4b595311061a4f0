/** What a file can hold, with the mutation that takes it, its input and the type of a row. */
export const KINDS = {
  assets: { mutation: 'importAssets', input: 'ImportAssetsInput', row: 'ImportAssetInput' },
  users: { mutation: 'importUsers', input: 'ImportUsersInput', row: 'ImportUserInput' },
  permissions: { mutation: 'importPermissions', input: 'ImportPermissionsInput', row: 'ImportPermissionInput' },
} as const;

/** What `--kind` takes. */
export type ImportKind = keyof typeof KINDS;

/** The values of `--kind`. */
export const IMPORT_KINDS = Object.keys(KINDS) as readonly ImportKind[];
