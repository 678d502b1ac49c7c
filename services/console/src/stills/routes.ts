import { createHash } from 'node:crypto';
import { STILL_BYTES_MAX, type Records, type Still } from '@hitonami/records';
import type { PlanFollower } from '@hitonami/service';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { still } from '../contract/index.js';
import type { Api } from '../http/app.js';
import type { Gate } from '../http/gate.js';
import { notFound, ProblemError } from '../http/problem.js';
import { requirePlan } from '../site.js';
import type { EmptinessCheck } from './check.js';
import { plainPicture } from './picture.js';

/** A picture that nobody looks after is not kept for ever. */
const KEPT_DAYS_MAX = 366;
const DAY_MS = 86_400_000;

const params = z.object({ site: z.string(), camera: z.string() });
const upload = z.object({
  /** The engineer has looked: nobody is in the picture. */
  nobody: z.literal('yes'),
  keepDays: z.coerce.number().int().min(1).max(KEPT_DAYS_MAX).default(KEPT_DAYS_MAX),
});

export interface StillParts {
  gate: Gate;
  plans: PlanFollower;
  records: Records;
  emptiness: EmptinessCheck;
}

/** Pictures of empty places: brought by an engineer, looked at by viewers, never made from what cameras send. */
export async function stillRoutes(api: Api, parts: StillParts): Promise<void> {
  reads(api, parts);
  // Bodies that are pictures are taken here alone.
  await api.register(async (scope: FastifyInstance) => {
    scope.addContentTypeParser(
      ['image/png', 'image/jpeg'],
      { parseAs: 'buffer', bodyLimit: STILL_BYTES_MAX },
      (_request, body, done) => {
        done(null, body);
      },
    );
    changes(scope.withTypeProvider<ZodTypeProvider>(), parts);
  });
}

function reads(api: Api, { gate, plans, records }: StillParts): void {
  const viewer = { onRequest: gate.requireRole('viewer') };
  api.get(
    '/sites/:site/stills',
    {
      ...viewer,
      schema: {
        tags: ['sites'],
        params: z.object({ site: z.string() }),
        response: { 200: z.array(still) },
      },
    },
    async (request) => {
      requirePlan(plans, request.params.site);
      return (await records.stills.list(request.params.site)).map(told);
    },
  );

  api.get(
    '/sites/:site/cameras/:camera/still',
    {
      ...viewer,
      schema: { tags: ['sites'], summary: 'A picture of the empty place', params },
    },
    async (request, reply) => {
      const { site, camera } = request.params;
      const found = await records.stills.read(site, camera);
      if (found === undefined) throw notFound(`a picture of camera '${camera}'`);
      return reply
        .type(found.mediaType)
        .header('x-content-type-options', 'nosniff')
        .header('content-security-policy', "default-src 'none'; sandbox")
        .header('content-disposition', 'inline')
        .send(found.bytes);
    },
  );
}

function changes(api: Api, { gate, plans, records, emptiness }: StillParts): void {
  const engineer = { onRequest: gate.requireRole('engineer'), bodyLimit: STILL_BYTES_MAX };
  api.put(
    '/sites/:site/cameras/:camera/still',
    {
      ...engineer,
      schema: {
        tags: ['sites'],
        summary: 'Brings a PNG or JPEG, at most 4 MiB, in which nobody is: a detector looks, too',
        consumes: ['image/png', 'image/jpeg'],
        params,
        querystring: upload,
        response: { 200: still },
      },
    },
    async (request) => {
      const { site, camera } = request.params;
      const calibration = calibrationOf(plans, site, camera);
      const bytes: unknown = request.body;
      if (!Buffer.isBuffer(bytes))
        throw new ProblemError(415, 'invalid', 'Send a picture: image/png or image/jpeg.');
      const picture = plainPicture(bytes, calibration);
      await emptiness.requireEmpty(picture.bytes);
      const now = new Date();
      const digest = createHash('sha256').update(picture.bytes).digest('hex');
      const saved = {
        ...{ site, camera, digest, ...picture },
        savedBy: gate.userName(request),
        savedAt: now,
        eraseAt: new Date(now.getTime() + request.query.keepDays * DAY_MS),
      };
      await records.stills.save(saved);
      const size = `${picture.width} × ${picture.height}`;
      const detail = `nobody is in it, and none was detected; ${size}, sha256 ${digest}, until ${saved.eraseAt.toISOString()}`;
      await gate.audit(request, 'still.save', `${site}/${camera}`, detail);
      return told(saved);
    },
  );

  api.delete(
    '/sites/:site/cameras/:camera/still',
    { ...engineer, schema: { tags: ['sites'], params, response: { 204: z.null() } } },
    async (request, reply) => {
      const { site, camera } = request.params;
      if (!(await records.stills.remove(site, camera)))
        throw notFound(`a picture of camera '${camera}'`);
      await gate.audit(request, 'still.remove', `${site}/${camera}`, '');
      return reply.code(204).send(null);
    },
  );
}

/** Only what is calibrated can have people put into its picture. */
function calibrationOf(plans: PlanFollower, site: string, camera: string) {
  const found = requirePlan(plans, site).cameras.find(({ id }) => id === camera);
  if (found === undefined) throw notFound(`camera '${camera}'`);
  if (found.calibration === undefined)
    throw new ProblemError(
      400,
      'invalid',
      `Camera '${camera}' has no calibration: nobody could be put into its picture.`,
    );
  return found.calibration;
}

function told({ camera, width, height, savedBy, savedAt, eraseAt, digest }: Still) {
  return {
    ...{ camera, width, height, savedBy, digest },
    savedAt: savedAt.toISOString(),
    eraseAt: eraseAt.toISOString(),
  };
}
