import { request as httpRequest } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/contract/index.js';
import type { Client, Console } from '../support.js';

/** What holds for every answer; and the calendar. */
export function answersSuite(desk: () => Console): void {
  let viewer: Client;
  let engineer: Client;
  beforeAll(async () => {
    viewer = await desk().as('viewer');
    engineer = await desk().as('engineer');
  });

  describe('every answer', () => {
    it('is a problem in words where it cannot be given', async () => {
      const missing = await viewer.get<Problem>('/nothing');
      expect([missing.status, missing.body.error]).toEqual([404, 'not-found']);
      const out = await desk().stranger.get<Problem>('/sites');
      expect([out.status, out.body.error]).toEqual([401, 'signed-out']);
      const broken = await engineer.send<Problem>('POST', '/sites/station/calendar', '{"day":');
      expect([broken.status, broken.body.error]).toEqual([400, 'invalid']);
      const wrong = await engineer.send<Problem>('POST', '/sites/station/calendar', {
        day: 'soon',
      });
      expect(wrong.body.issues?.map(({ key }) => key)).toContain('day');
    });

    it('is refused to another site that uses a browser’s cookie', async () => {
      const body = { day: '2026-11-22', title: 'Festival', countsAs: null, isUnusual: true };
      const foreign = await engineer.send<Problem>('POST', '/sites/station/calendar', body, {
        origin: 'https://elsewhere.example',
      });
      expect([foreign.status, foreign.body.error]).toEqual([403, 'csrf']);
      const noToken = await engineer.send<Problem>('POST', '/sites/station/calendar', body, {
        'x-csrf-token': 'guess',
      });
      expect(noToken.status).toBe(403);
    });

    it('is described in one OpenAPI document', async () => {
      const { body } = await desk().stranger.get<{
        openapi: string;
        paths: Record<string, unknown>;
      }>('/openapi.json');
      expect(body.openapi).toBe('3.1.0');
      for (const path of [
        '/session',
        '/sites/{site}/live',
        '/sites/{site}/areas/{area}/usual',
        '/alerts/{id}/acknowledge',
        '/sites/{site}/headcount/stream',
        '/sites/{site}/report',
      ])
        expect(Object.keys(body.paths)).toContain(`/api/v1${path}`);
    });

    it('reaches no file outside of the web application', async () => {
      const { port } = new URL(desk().url);
      const status = await new Promise((resolve, reject) => {
        // fetch would tidy the path before it is sent.
        const asked = httpRequest({ port, path: '/../../package.json' }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        asked.on('error', reject).end();
      });
      expect(status).not.toBe(200);
    });
  });

  describe('the calendar', () => {
    it('is the engineers’ to keep, and everybody’s to read', async () => {
      const entry = {
        day: '2026-11-23',
        title: '=HYPERLINK("x")',
        countsAs: null,
        isUnusual: true,
      };
      const made = await engineer.send<{ id: string }>('POST', '/sites/station/calendar', entry);
      expect(made.status).toBe(201);
      const listed = await viewer.get('/sites/station/calendar?from=2026-11-01&to=2026-11-30');
      expect(listed.body).toEqual([{ ...entry, id: made.body.id }]);
      expect((await viewer.send('POST', '/sites/station/calendar', entry)).status).toBe(403);
      const path = `/sites/station/calendar/${made.body.id}`;
      expect((await engineer.send('DELETE', path)).status).toBe(204);
      expect((await engineer.send('DELETE', path)).status).toBe(404);
    });
  });
}
