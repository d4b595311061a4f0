import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';

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

/** Built by `scripts/build.mjs`: beside the bundle when that runs, in `dist` when the sources run. */
const PLACES = ['./editor', '../../dist/editor'].map((place) => fileURLToPath(new URL(place, import.meta.url)));

/** Serves the query editor from the package itself at `/editor/`; nothing is loaded from elsewhere. */
export const registerEditor = async (app: FastifyInstance, { config, prefill }: EditorOptions): Promise<void> => {
  const root = PLACES.find((place) => existsSync(`${place}/index.html`));
  if (!root) return;
  const { default: serveStatic } = await import('@fastify/static');
  await app.register(serveStatic, { root, prefix: '/editor/', decorateReply: false, maxAge: '1h', immutable: false });
  const settings = { cookiePrefix: config.SESSION_COOKIE_PREFIX, ...prefill };
  app.get('/editor/settings.json', async (_request, reply) => reply.header('cache-control', 'no-store').send(settings));
  app.get('/', async (_request, reply) => reply.redirect(`${config.BASE_PATH}/editor/`));
};
