import type { PublishedFolder } from '@hitonami/releases';
import type { Logger } from '@hitonami/service';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ViewReader } from '../catalogue/view.js';
import { Fault } from '../http/faults.js';
import type { OpenDataMetrics } from '../metrics.js';
import { sendRefusal } from '../buyers/problem.js';
import type { DownloadGate, DownloadRefusal } from './gate.js';
import { whenOver } from './over.js';
import { FileSender, type Tally } from './send.js';

/** A file never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable';
/** What somebody has a contract for is in no shared cache. */
const FOR_ONE = 'private, no-store';

export interface DownloadOptions {
  views: Pick<ViewReader, 'look'>;
  folder: Pick<PublishedFolder, 'fileOf'>;
  gate: DownloadGate;
  logger: Logger;
  metrics: Pick<OpenDataMetrics, 'sending'>;
}

interface Route {
  Params: { site: string; dataset: string; period: string; version: string; name: string };
}

/**
 * The files of releases. What is asked for is looked up among what is published, so that no part of an address ever becomes
 * part of a path.
 */
export function downloadRoutes(app: FastifyInstance, options: DownloadOptions): void {
  const { views, folder, gate, logger, metrics } = options;
  const sender = new FileSender((count) => {
    metrics.sending(count);
  });
  app.route<Route>({
    method: ['GET', 'HEAD'],
    url: '/files/:site/:dataset/:period/:version/:name',
    handler: async (request, reply) => {
      const { manifest, file } = await wanted(request, views);
      const isOpen = manifest.dataset.audience === 'open';
      const tally: Tally = { bytes: 0 };
      if (isOpen) shareWithAll(reply);
      else {
        const refusal = await gate.allow(request, manifest, file);
        if (refusal !== 'granted') return refuse(request, reply, refusal);
        // Told also where what was granted cannot be sent after all.
        whenOver(request, reply, (isWhole) => {
          const status = reply.raw.statusCode;
          const delivery = { file, bytesSent: tally.bytes, status, isWhole };
          try {
            gate.delivered?.(request, manifest, delivery);
          } catch (error) {
            logger.error({ err: error }, 'a delivery could not be noted');
          }
        });
      }
      const path = await folder.fileOf(manifest, file.name);
      if (path === undefined) throw new Fault('not-found');
      const cacheControl = isOpen ? FOR_EVER : FOR_ONE;
      return sender.send(request, reply, { file, path, cacheControl, isForAll: isOpen }, tally);
    },
  });
}

function shareWithAll(reply: FastifyReply): void {
  void reply
    .header('access-control-allow-origin', '*')
    .header('cross-origin-resource-policy', 'cross-origin');
}

async function wanted(request: FastifyRequest<Route>, views: DownloadOptions['views']) {
  const { site, dataset, period, version, name } = request.params;
  const { catalogue } = await views.look();
  if (catalogue.entry(site, dataset)?.state === 'deleted') throw new Fault('gone');
  const manifest = catalogue.release(site, dataset, period, version);
  const file = manifest?.files.find((one) => one.name === name);
  if (manifest === undefined || file === undefined) throw new Fault('not-found');
  return { manifest, file };
}

/** A page for people; a problem with both languages for programs, which is who has a key. */
function refuse(
  { headers: { accept = '' } }: FastifyRequest,
  reply: FastifyReply,
  refusal: DownloadRefusal,
): FastifyReply {
  if (!accept.includes('text/html')) return sendRefusal(reply, refusal);
  const { status, waitS, words } = refusal;
  if (status === 401) void reply.header('www-authenticate', 'Bearer realm="hitonami"');
  throw new Fault('refused', waitS, { status, words });
}
