import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishPlan } from '@hitonami/service';
import { eventually } from '../../../../test/support/event-log.js';
import { rectangle, testPlan } from '../../../../test/support/plans.js';
import {
  startServiceProcess,
  type ServiceProcess,
} from '../../../../test/support/service-process.js';
import { brightnessDetector, modelFolder } from '../../../../packages/vision/test/tiny-model.js';
import type { Still } from '../../src/contract/index.js';
import { CAMERA, JPEG, png, pngOfSomebody } from '../still-pictures.js';
import type { Client, Console } from '../support.js';

const homography = [0.01, 0, 0, 0, -0.01, 0, 0, 0, 1];
const PATH = '/sites/stills/cameras/c1/still';

/**
 * Pictures of empty places, brought and looked at.
 *
 * @param ingestorAddress where the console asks whether they are empty: an ingestor with a tiny detector is started there
 */
export function stillsSuite(desk: () => Console, ingestorAddress: () => string): void {
  let ingestor: ServiceProcess | undefined;
  const models = modelFolder();
  let viewer: Client;
  let engineer: Client;
  const bring = (
    who: Client,
    bytes: Buffer | string,
    { type = 'image/png', query = '?nobody=yes', path = PATH, headers = {} } = {},
  ) =>
    fetch(`${desk().url}/api/v1${path}${query}`, {
      method: 'PUT',
      headers: { cookie: who.cookie, 'x-csrf-token': who.csrf, 'content-type': type, ...headers },
      body: typeof bytes === 'string' ? bytes : new Uint8Array(bytes),
    });

  describe('the picture of an empty place', () => {
    // Only now: the suites before this one know of one site.
    beforeAll(async () => {
      viewer = await desk().as('viewer');
      engineer = await desk().as('engineer');
      const coverage = rectangle(0, 0, 10, 10);
      const cameras = [
        { id: 'c1', floor: 'f1', coverage, calibration: { ...CAMERA, homography } },
        { id: 'sensor', floor: 'f1', coverage },
      ];
      const plan = testPlan({ site: 'stills', cameras });
      await publishPlan(desk().log, JSON.stringify(plan), Date.now() * 1000);
      await eventually(
        'the site is known',
        async () => (await viewer.get('/sites/stills/plan')).status === 200,
      );
    });

    afterAll(async () => {
      await ingestor?.stop();
      models.remove();
    });

    it('is not kept while no detector can look whether it is empty', async () => {
      const answer = await bring(engineer, png(32, 18));
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({
        message: expect.stringContaining('the ingestor does not answer') as string,
      });
      expect((await viewer.get(PATH)).status).toBe(404);
      // Its network sees the grey around a letterboxed picture as it is: that is nobody.
      models.put('brightness.json', Buffer.from('{"threshold": 0.9}'));
      ingestor = await startServiceProcess('ingestor', {
        HITONAMI_DATA: desk().folder,
        HITONAMI_MODEL: models.put('brightness.onnx', brightnessDetector()),
        HITONAMI_INFERENCE_WORKERS: '1',
        HITONAMI_TICKS: 'off',
        HITONAMI_GRPC_ADDRESS: ingestorAddress(),
      });
    });

    it('is refused while anybody is detected in it, whatever the engineer says', async () => {
      await eventually(
        'the ingestor answers',
        async () => (await bring(engineer, pngOfSomebody())).status !== 503,
      );
      const answer = await bring(engineer, pngOfSomebody());
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({
        error: 'not-empty',
        message: expect.stringContaining('finds a person in the picture') as string,
      });
      expect((await viewer.get(PATH)).status).toBe(404);
    });

    it('is brought by an engineer, under a name, and seen by everybody who may look', async () => {
      expect((await viewer.get(PATH)).status).toBe(404);
      const answer = await bring(engineer, png(32, 18), { query: '?nobody=yes&keepDays=30' });
      expect(answer.status).toBe(200);
      const saved = (await answer.json()) as Still;
      expect(saved).toMatchObject({ camera: 'c1', width: 32, height: 18, savedBy: 'the engineer' });
      expect(Date.parse(saved.eraseAt) - Date.parse(saved.savedAt)).toBe(30 * 86_400_000);
      expect((await viewer.get('/sites/stills/stills')).body).toEqual([saved]);
      const shown = await viewer.get(PATH);
      expect(Object.fromEntries(shown.headers)).toMatchObject({
        'content-type': 'image/png',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'content-disposition': 'inline',
        'cache-control': 'no-store',
      });
    });

    it('stands in the audit log, with who says that nobody is in it', async () => {
      const administrator = await desk().as('administrator');
      const { body } =
        await administrator.get<{ action: string; subject: string; detail: string }[]>('/audit');
      const entry = body.find(({ action }) => action === 'still.save');
      expect(entry).toMatchObject({ user: 'the engineer', subject: 'stills/c1' });
      expect(entry?.detail).toContain('nobody is in it, and none was detected; 32 × 18, sha256 ');
    });

    it('is refused where nobody says that the place is empty', async () => {
      for (const query of ['', '?nobody=no', '?nobody=', '?nobody=yes&keepDays=4000'])
        expect((await bring(engineer, png(32, 18), { query })).status).toBe(400);
    });

    it('is refused from who may not, and from another site', async () => {
      expect((await bring(viewer, png(32, 18))).status).toBe(403);
      expect((await bring(await desk().as('operator'), png(32, 18))).status).toBe(403);
      expect((await bring(desk().stranger, png(32, 18))).status).toBe(401);
      expect((await desk().stranger.get(PATH)).status).toBe(401);
      const foreign = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };
      expect((await bring(engineer, png(32, 18), { headers: foreign })).status).toBe(403);
    });

    it('is refused where it is no picture, whatever it is called', async () => {
      const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
      for (const type of ['image/svg+xml', 'text/html', 'application/octet-stream'])
        expect((await bring(engineer, svg, { type })).status).toBe(415);
      expect((await bring(engineer, '{}', { type: 'application/json' })).status).toBe(415);
      const answer = await bring(engineer, svg);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ message: 'This is no PNG and no JPEG picture.' });
      expect((await viewer.get(PATH)).headers.get('content-type')).toBe('image/png');
    });

    it('is refused where it is too large, in bytes or in pixels', async () => {
      const large = Buffer.alloc(4 * 1024 * 1024 + 1);
      expect((await bring(engineer, large)).status).toBe(413);
      expect((await bring(engineer, png(32_000, 18_000, [], Buffer.alloc(4)))).status).toBe(400);
    });

    it('is what its bytes are, and a script in the name of its file goes nowhere', async () => {
      const name = '"><script>alert(1)</script>.png';
      const headers = { 'content-disposition': `attachment; filename="${encodeURI(name)}"` };
      expect((await bring(engineer, JPEG, { headers })).status).toBe(200);
      const shown = await viewer.get(PATH);
      expect(shown.headers.get('content-type')).toBe('image/jpeg');
      expect([...shown.headers.values(), shown.text].join(' ')).not.toContain('script');
    });

    it('is of a camera of the plan that is calibrated', async () => {
      for (const [camera, status] of [
        ['sensor', 400],
        ['nobody-knows', 404],
        ['..%2fc1', 404],
      ] as const)
        expect(
          (await bring(engineer, png(32, 18), { path: `/sites/stills/cameras/${camera}/still` }))
            .status,
        ).toBe(status);
    });

    it('is taken away by an engineer, and nobody else', async () => {
      expect((await viewer.send('DELETE', PATH)).status).toBe(403);
      expect((await engineer.send('DELETE', PATH)).status).toBe(204);
      expect((await engineer.send('DELETE', PATH)).status).toBe(404);
      expect((await viewer.get('/sites/stills/stills')).body).toEqual([]);
    });
  });
}
