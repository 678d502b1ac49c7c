import type { SitePlan } from '@hitonami/model';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/event-log.js';
import { placesNow } from '../src/travellers/places.js';
import { getFrom } from './asking.js';
import type { Desk } from './support.js';

/** What is told of places now. @param inBrowser what is looked at while there is something to see */
export function travellersSuite(
  what: () => Desk,
  plan: SitePlan,
  inBrowser: (area: string) => void,
): void {
  const get = (path: string) => getFrom(what().url, path);
  const SITE = plan.site;

  describe('for travellers', () => {
    const [place] = plan.travellers;
    const area = place?.area ?? '';
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><circle cx="5" cy="5" r="2"/></svg>';
    const now = (more: object = {}) => ({
      ...{ site: SITE, area, title: place?.title ?? { ja: '', en: '' }, isAvailable: true },
      ...{ percentageOfBaseline: 0.8, usualPercentageOfBaseline: 0.5, level: 'very-busy' as const },
      ...{ atMs: Date.now(), untilMs: Date.now() + 120_000 },
      ...more,
    });
    const feed = async () =>
      (
        JSON.parse((await get(`/api/v1/${SITE}/now.json`)).text) as {
          places: Record<string, unknown>[];
        }
      ).places[0];

    it('there is no data before there is any, and never a picture then', async () => {
      expect(await feed()).toMatchObject({
        area,
        dataAvailable: false,
        percentageOfBaseline: null,
        level: null,
      });
      expect((await get(`/en/${SITE}/now/${area}`)).text).toContain('No data');
      const picture = await get(`/pictures/${SITE}/${area}/icons.svg`);
      expect([picture.status, picture.headers.get('cache-control')]).toEqual([404, 'no-store']);
      expect(picture.text).toContain('No data');
    });

    it('a place is told in words and percent with the usual beside it, and as Transport for London’s feed does', async () => {
      await what().folder.writeTraveller(now(), { svg });
      await eventually('the place', async () => (await feed())?.['dataAvailable'] === true);
      expect(await feed()).toMatchObject({
        ...{ percentageOfBaseline: 0.8, usualPercentageOfBaseline: 0.5, level: 'very-busy' },
        timeUtc: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
        timeLocal: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/) as string,
      });
      for (const path of ['now', `now/${area}`]) {
        const { text } = await get(`/ja/${SITE}/${path}`);
        for (const words of ['混んでいます', '80%', '50%', '普段のこの時間'])
          expect(text).toContain(words);
      }
      const picture = await get(`/pictures/${SITE}/${area}/icons.svg`);
      expect([picture.status, picture.text]).toEqual([200, svg]);
      expect(picture.headers.get('cache-control')).toBe('no-store');
      expect((await get(`/pictures/${SITE}/nowhere/icons.svg`)).status).toBe(404);
      expect((await get(`/pictures/${SITE}/..%2f${area}/icons.svg`)).status).toBe(404);
    });

    inBrowser(area);

    it('a page may be shown within others’, and no other page may', async () => {
      const embedded = await get(`/embed/en/${SITE}/now/${area}`);
      expect(embedded.status).toBe(200);
      expect(embedded.headers.get('content-security-policy')).toContain('frame-ancestors *');
      expect(embedded.headers.get('x-frame-options')).toBeNull();
      expect(embedded.headers.get('refresh')).toBe('60');
      expect(embedded.text).toContain('Very busy');
      const page = await get(`/en/${SITE}/now/${area}`);
      expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect((await get(`/embed/fr/${SITE}/now/${area}`)).status).toBe(404);
    });

    it('what a reader still has is checked once more when it is shown', async () => {
      const nowMs = Date.now();
      const told = async (untilMs: number) =>
        (await placesNow(plan, { travellers: () => Promise.resolve([now({ untilMs })]) }, nowMs))[0]
          ?.now;
      expect(await told(nowMs + 1)).toBeDefined();
      expect(await told(nowMs)).toBeUndefined();
    });

    it('what is over is no data, and its picture is given no more', async () => {
      await what().folder.writeTraveller(now({ untilMs: Date.now() + 1_500 }), { svg });
      await eventually('that it is over', async () => (await feed())?.['dataAvailable'] === false);
      expect((await get(`/ja/${SITE}/now/${area}`)).text).toContain('データなし');
      expect((await get(`/embed/ja/${SITE}/now/${area}`)).text).not.toContain('icons.svg');
      expect((await get(`/pictures/${SITE}/${area}/icons.svg`)).status).toBe(404);
    });
  });
}
