import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { notFound } from './problem.js';

/** Where the web application's build lies beside the compiled server. */
export const WEB_FOLDER = fileURLToPath(new URL('../../dist-web', import.meta.url));

/** Files with a hash in their name never change. */
const HASHED = /\/assets\//;

/** Serves the built web application, and its index for every path that is not a file: the application routes itself. */
export async function serveWebApp(app: FastifyInstance, folder: string | undefined): Promise<void> {
  const isBuilt = folder !== undefined && existsSync(join(folder, 'index.html'));
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: folder,
      cacheControl: false,
      setHeaders: (reply, path) => {
        const cache = HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
        reply.setHeader('cache-control', cache);
      },
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    // A path with a dot may be a page too: the ids of alerts have dots. A file that is gone is one of the hashed ones.
    const isFile = path.startsWith('/api/') || HASHED.test(path);
    const isPage = request.method === 'GET' && !isFile;
    if (!isPage) throw notFound(path);
    if (!isBuilt)
      return reply
        .code(503)
        .type('text/plain; charset=utf-8')
        .send('The web application is not built: run npm run build. The API is at /api/v1.\n');
    return reply.sendFile('index.html');
  });
}
