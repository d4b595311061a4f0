/** JumpServer's names of its models, in lower case → the nouns that are their rows. */
const MODELS: Readonly<Record<string, string>> = {
  account: 'Account',
  accounttemplate: 'AccountTemplate',
  asset: 'Asset',
  assetpermission: 'Permission',
  domain: 'Zone',
  host: 'Asset',
  node: 'AssetNode',
  platform: 'Platform',
  session: 'Session',
  user: 'User',
  usergroup: 'UserGroup',
  zone: 'Zone',
};

/** The noun that a model's rows are; undefined when the graph follows none. */
export function nounOfModel(model: string): string | undefined {
  return MODELS[model.toLowerCase()];
}
