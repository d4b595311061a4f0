import type { GraphContext } from '../../graph/context.ts';
import { getJson, type ReadPath } from '../../graph/fetch.ts';
import { type Row, scopeOf } from '../../graph/row.ts';
import type { Resolvers } from '../../graph/served.ts';
import { create, remove, update } from '../../graph/write-plain.ts';

const jsonAt = (path: ReadPath) => (_source: unknown, _args: object, context: GraphContext) =>
  getJson(context.session, path, {});

/** Reports that JumpServer itself makes; ours stand in `reports`. */
export const savedReports = {
  Query: {
    reportCatalog: jsonAt('/reports/reports/catalog/'),
    reportTemplates: jsonAt('/reports/reports/templates/'),
  },
  SavedReport: {
    data: (row: Row, _args: object, context: GraphContext) =>
      getJson(scopeOf(row, context.scope).session, '/reports/reports/{id}/data/', {}, { id: String(row['id']) }),
  },
  Mutation: {
    createSavedReport: create('SavedReport'),
    updateSavedReport: update('SavedReport'),
    deleteSavedReport: remove('SavedReport'),
  },
} satisfies Resolvers;
