import { existsSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import { packagePath } from './package-root.ts';

/** What the editor opens with, so that a first query needs no typing. Holds the sandbox's token, never a real one. */
export interface EditorPrefill {
  readonly authorization: string;
  readonly query: string;
}

/** What the editor page needs to know. */
export interface EditorOptions {
  readonly config: Config;
  readonly prefill: EditorPrefill | undefined;
}

/** Serves the query editor that `npm run build` has put into the package at `/editor/`; nothing is loaded from elsewhere. */
export const registerEditor = async (app: FastifyInstance, { config, prefill }: EditorOptions): Promise<void> => {
  const root = packagePath('dist', 'editor');
  if (!existsSync(root)) return;
  const { default: serveStatic } = await import('@fastify/static');
  await app.register(serveStatic, { root, prefix: '/editor/', decorateReply: false, maxAge: '1h' });
  const settings = { cookiePrefix: config.SESSION_COOKIE_PREFIX, ...prefill };
  app.get('/editor/settings.json', async (_request, reply) => reply.header('cache-control', 'no-store').send(settings));
  app.get('/', async (_request, reply) => reply.redirect(`${config.BASE_PATH}/editor/`));
};
