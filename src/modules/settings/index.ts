import type { GraphQLResolveInfo } from 'graphql';
import type { GraphContext } from '../../graph/context.ts';
import { badInput } from '../../graph/errors.ts';
import { getJson, getLicensed, type ReadPath, rowsIn } from '../../graph/fetch.ts';
import { getAll } from '../../graph/fetch-all.ts';
import { isRow, type Json, type Row } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { readDashboard, toDays } from './dashboard.ts';

interface Days {
  readonly days?: number | null;
}

/** Settings whose text is a secret; JumpServer does not give them out, and neither do we when it does. */
const SECRET = /(PASSWORD|SECRET|TOKEN|KEY|PRIVATE)$/i;

/** Settings without texts that could be secrets; rules about passwords are numbers and stay. */
function withoutSecretTexts(settings: Json): Json {
  if (!isRow(settings)) return settings ?? null;
  return Object.fromEntries(
    Object.entries(settings).filter(([name, value]) => typeof value !== 'string' || !SECRET.test(name)),
  );
}

/** A plain list of objects at an address. */
const listAt =
  (path: ReadPath, query: Readonly<Record<string, unknown>> = {}) =>
  async (_source: unknown, _args: object, context: GraphContext): Promise<Row[]> =>
    rowsIn(await getJson(context.session, path, query));

const jsonAt = (path: ReadPath) => (_source: unknown, _args: object, context: GraphContext) =>
  getJson(context.session, path, {});

const REPORTS = {
  USERS: '/reports/reports/users/',
  USER_PASSWORDS: '/reports/reports/user-change-password/',
  ASSETS: '/reports/reports/asset-statistic/',
  ASSET_ACTIVITY: '/reports/reports/asset-activity/',
  ACCOUNTS: '/reports/reports/account-statistic/',
  ACCOUNT_AUTOMATIONS: '/reports/reports/account-automation/',
} as const;

interface ReportArguments extends Days {
  readonly report: keyof typeof REPORTS;
}

/** The server's settings, what it offers, and figures of an organisation. */
export const settings = {
  Query: {
    publicSettings: (_source: unknown, _args: object, context: GraphContext) =>
      getJson(context.session, '/settings/public/', {}),
    serverSettings: async (_source: unknown, { category }: { category: string }, context: GraphContext) =>
      withoutSecretTexts(await getJson(context.session, '/settings/setting/', { category })),
    blockedAddresses: listAt('/settings/security/block-ip/'),
    assetCategories: listAt('/assets/categories/'),
    protocols: listAt('/assets/protocols/'),
    platformAutomationMethods: jsonAt('/assets/platform-automation-methods/'),
    connectMethods: (_source: unknown, { os }: { os?: string | null }, context: GraphContext) =>
      listAt('/terminal/components/connect-methods/', { flat: 1, ...(os ? { os } : {}) })(null, {}, context),
    componentMetrics: jsonAt('/terminal/components/metrics/'),
    clientVersions: jsonAt('/settings/client/versions/'),
    translations: (_source: unknown, { program }: { program: string }, context: GraphContext) => {
      if (!/^[a-z][a-z_-]*$/.test(program))
        throw badInput(`program: expected a name such as "lina", got "${program}".`);
      return getJson(context.session, '/settings/i18n/{name}/', {}, { name: program });
    },
    smsBackends: listAt('/settings/sms/backend/'),
    ldapUsers: (_source: unknown, { search }: { search?: string | null }, context: GraphContext) =>
      getAll(context.session, '/settings/ldap/users/', search ? { search } : {}),
    messageBackends: jsonAt('/notifications/backends/'),
    messageSubscriptions: listAt('/notifications/system-msg-subscription/'),
    serverReport: (_source: unknown, { report, days }: ReportArguments, context: GraphContext) =>
      getLicensed(context.session, REPORTS[report], { days: days ?? 7 }),
    dashboard: (_source: unknown, args: Days, context: GraphContext, info: GraphQLResolveInfo) =>
      readDashboard(context.scope, args, context, info),
  },
  Organization: {
    dashboard: (row: Row, args: Days, context: GraphContext, info: GraphQLResolveInfo) =>
      readDashboard(context.enter(String(row['id'])), args, context, info),
  },
  Dashboard: { days: toDays },
} satisfies Resolvers;
