import {
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { catalogue } from '../../src/generated/catalogue.ts';
import { SANDBOX_PASSWORD } from '../../src/sandbox/index.ts';
import { graphSchema } from '../support/recorded-graph.ts';

/** One mutation of the schema. */
export interface Mutation {
  readonly name: string;
  readonly input: GraphQLInputObjectType;
  /** Whether its payload tells business errors; those that sign in do not. */
  readonly hasUserErrors: boolean;
}

const toMutation = (field: GraphQLField<unknown, unknown>): Mutation => {
  const input = field.args.find(({ name }) => name === 'input');
  const payload = getNamedType(field.type);
  return {
    name: field.name,
    input: getNamedType(input?.type) as GraphQLInputObjectType,
    hasUserErrors: isObjectType(payload) && 'userErrors' in payload.getFields(),
  };
};

/** Every mutation that the schema has. */
export const mutations: readonly Mutation[] = Object.values(graphSchema().getMutationType()?.getFields() ?? {}).map(
  toMutation,
);

/** Gives the id of a row of a noun. */
export type IdOf = (noun: string) => string;

/** The field of an input that says what the mutation is about: its id, or the first reference; and the noun of it. */
export const targetOf = (
  input: GraphQLInputObjectType,
): { name: string; noun: string; isList: boolean } | undefined => {
  const fields = Object.values(input.getFields()).flatMap(({ name, type }) => {
    const noun = catalogue.inputs[input.name]?.[name]?.noun;
    return noun ? [{ name, noun, isList: String(type).startsWith('['), isNeeded: isNonNullType(type) }] : [];
  });
  return fields.find(({ name }) => name === 'id' || name === 'ids') ?? fields.find(({ isNeeded }) => isNeeded);
};

/** What the shape of an input does not tell: by field, or by input and field. */
const EXAMPLES: Readonly<Record<string, (idOf: IdOf) => unknown>> = {
  all: () => true,
  type: () => 'linux',
  charset: () => 'utf-8',
  email: () => 'someone@example.org',
  'BindLabelInput.resources': (idOf) => [idOf('Asset')],
  'UnbindLabelInput.resources': (idOf) => [idOf('Asset')],
  'GrantPermissionInput.users': (idOf) => [idOf('User')],
  'GrantPermissionInput.assets': (idOf) => [idOf('Asset')],
  'ImportPermissionInput.users': (idOf) => [idOf('User')],
  'ImportPermissionInput.assets': (idOf) => [idOf('Asset')],
  'TicketRuleInput.users': (idOf) => [idOf('User')],
  'AddToPermissionInput.users': (idOf) => [idOf('User')],
  'RemoveFromPermissionInput.users': (idOf) => [idOf('User')],
  'AddToGatherAccountInput.assets': (idOf) => [idOf('Asset')],
  'RemoveFromGatherAccountInput.assets': (idOf) => [idOf('Asset')],
  'AddToPushAccountInput.assets': (idOf) => [idOf('Asset')],
  'RemoveFromPushAccountInput.assets': (idOf) => [idOf('Asset')],
  'AddToChangeSecretInput.assets': (idOf) => [idOf('Asset')],
  'RemoveFromChangeSecretInput.assets': (idOf) => [idOf('Asset')],
  'AddToCheckAccountInput.assets': (idOf) => [idOf('Asset')],
  'RemoveFromCheckAccountInput.assets': (idOf) => [idOf('Asset')],
  'RequestAccessInput.assets': (idOf) => [idOf('Asset')],
  'MarkMessagesReadInput.ids': (idOf) => [idOf('SiteMessage')],
  'MarkMessagesReadInput.all': () => undefined,
  'SendMessageInput.users': (idOf) => [idOf('User')],
  'RevealAccountSecretInput.id': (idOf) => idOf('Account'),
  action: () => 'reject',
  'CreateAccountInput.username': () => 'deploy-9',
  'CreateAccountsInput.username': () => 'deploy-9',
  'CreateAppletInput.name': () => 'any-name',
  'CreateVirtualAppInput.name': () => 'any-name',
  'CreateVirtualAppInput.imageProtocol': () => 'vnc',
  'CreateHostInput.platform': (idOf) => idOf('Platform HOST'),
  'CreateDeviceInput.platform': (idOf) => idOf('Platform DEVICE'),
  'CreateDatabaseInput.platform': (idOf) => idOf('Platform DATABASE'),
  'CreateDatabaseInput.database': () => ({ name: 'main' }),
  'CreateCloudInput.platform': (idOf) => idOf('Platform CLOUD'),
  'CreateWebInput.platform': (idOf) => idOf('Platform WEB'),
  'CreateDirectoryInput.platform': (idOf) => idOf('Platform DIRECTORY'),
  'CreateGptInput.platform': (idOf) => idOf('Platform CUSTOM'),
  'CreateCustomInput.platform': (idOf) => idOf('Platform CUSTOM'),
  'CreateGatewayInput.platform': (idOf) => idOf('Platform GATEWAY'),
  'ImportAssetInput.platform': () => 'Linux',
  'EnsureAssetNodePathInput.path': () => '/Default/any/place',
  'CreateSshKeyInput.publicKey': () => `ssh-ed25519 ${'B'.repeat(68)} me`,
  'VerifyPasswordInput.password': () => SANDBOX_PASSWORD,
  'LoginInput.username': () => 'admin',
  'LoginInput.password': () => SANDBOX_PASSWORD,
  'UpdateMessageSubscriptionInput.messageType': () => 'ServerPerformanceMessage',
  'UpdatePeriodicTaskInput.name': () => 'check_user_expired_periodic',
  'CreatePlaybookFileInput.folder': () => undefined,
  'CreatePlaybookFileInput.name': () => 'tasks.yml',
  'UpdatePlaybookFileInput.path': () => 'main.yml',
  'UpdatePlaybookFileInput.name': () => undefined,
  'UpdatePlaybookFileInput.content': () => '- hosts: all',
  'DeletePlaybookFileInput.path': () => 'tasks.yml',
  'CreateTicketFlowInput.type': () => 'APPLY_ASSET',
  'CreateTicketFlowInput.name': (idOf) => (idOf('version') === '4.10.19' ? 'any name' : undefined),
  'UpdateTicketFlowInput.name': () => undefined,
  'UpdateTicketFlowInput.rules': (idOf) => [{ users: [idOf('User')] }],
  'CreateCommandStorageInput.type': () => 'ELASTICSEARCH',
  'CreateCommandStorageInput.settings': () => ({ hosts: ['https://search.example:9200'], index: 'commands' }),
  'CreateReplayStorageInput.type': () => 'S3',
  'CreateReplayStorageInput.settings': () => ({
    bucket: 'replays',
    accessKey: 'any',
    secretKey: 'any',
    endpoint: 'https://s3.example',
  }),
  'CreateJobInput.module': () => 'shell',
  'HandleAccountRiskInput.risk': () => 'weak_password',
  'MoveAssetNodeInput.parent': (idOf) => idOf('AssetNode child'),
  'SignOutUsersInput.ids': (idOf) => [idOf('OnlineUser other')],
  'DeleteTerminalInput.id': (idOf) => idOf('Terminal spare'),
  'CreateConnectionTokenInput.asset': (idOf) => idOf('Asset own'),
  'CreateConnectionTokenInput.account': (idOf) => idOf('Account own'),
  'CreateConnectionTokenInput.protocol': () => 'ssh',
  'CreateConnectionTokenInput.connectMethod': () => 'web_cli',
  'UpdatePreferencesInput.category': () => 'lina',
  'ResetPreferencesInput.category': () => 'lina',
};

/** Plain fields that change what a mutation does, or nothing at all. */
const UNASKED = new Set(['dryRun', 'challenge', 'clientMutationId']);

/** The smallest input that means something: what the schema demands, one plain field more for a change to change, and {@link EXAMPLES}. */
export const toInput = (input: GraphQLInputObjectType, idOf: IdOf): Record<string, unknown> => {
  const fields = Object.values(input.getFields());
  const isPlain = ({ type }: { type: GraphQLInputType }) => ['String', 'Boolean'].includes(String(type));
  const extra = fields.find((field) => isPlain(field) && !UNASKED.has(field.name));
  const given = fields.filter(
    (field) => isNonNullType(field.type) || field === extra || `${input.name}.${field.name}` in EXAMPLES,
  );
  const values = given.map(({ name, type }) => [name, toExample(type, input, name, idOf)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
};

const toExample = (type: GraphQLInputType, input: GraphQLInputObjectType, name: string, idOf: IdOf): unknown => {
  const example = EXAMPLES[`${input.name}.${name}`] ?? (isEnumType(getNamedType(type)) ? undefined : EXAMPLES[name]);
  return example ? example(idOf) : toValue(type, input, name, idOf);
};

const PLAIN: Readonly<Record<string, unknown>> = { Int: 5, Float: 5, Boolean: false, JSON: {}, Secret: 'Wide-open-9' };

function toValue(type: GraphQLInputType, input: GraphQLInputObjectType, name: string, idOf: IdOf): unknown {
  if (isNonNullType(type)) return toValue(type.ofType, input, name, idOf);
  if (isListType(type)) return [toValue(type.ofType, input, name, idOf)];
  if (isInputObjectType(type)) return toInput(type, idOf);
  if (isEnumType(type)) return type.getValues().find((one) => one.name !== 'UNKNOWN')?.name;
  if (type.name === 'ID') return idOf(catalogue.inputs[input.name]?.[name]?.noun ?? '');
  if (type.name === 'DateTime') return name.startsWith('starts') ? '2030-01-01T00:00:00Z' : '2031-01-01T00:00:00Z';
  return PLAIN[type.name] ?? `any ${name}`;
}
