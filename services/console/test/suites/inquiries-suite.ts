import { beforeAll, describe, expect, it } from 'vitest';
import type { Inquiries, Inquiry } from '../../src/contract/index.js';
import type { Client, Console } from '../support.js';

/** Questions and opinions of the public, as the staff read and answer them. */
export function inquiriesSuite(desk: () => Console): void {
  describe('questions and opinions', () => {
    let viewer: Client;
    let operator: Client;
    let first: number;
    let second: number;
    const path = '/sites/station/inquiries';
    beforeAll(async () => {
      [viewer, operator] = [await desk().as('viewer'), await desk().as('operator')];
      const { inquiries } = desk().records;
      const given = { site: 'station', language: 'en', contact: 'me@example.org' } as const;
      const secret = { day: '2026-11-22', text: '<script>alert(1)</script>' };
      const token = 'a-secret-of-many-characters';
      first = (await inquiries.add({ ...given, ...secret, kind: 'inquiry', token })).id;
      second = (await inquiries.add({ ...given, ...secret, kind: 'opinion', token: `${token}2` }))
        .id;
    });

    it('are listed and counted for operators, and for nobody below', async () => {
      const { body } = await operator.get<Inquiries>(path);
      expect(body).toMatchObject({ open: 2, inquiries: [{ id: second }, { id: first }] });
      expect(body.inquiries[0]?.text).toBe('<script>alert(1)</script>');
      expect(JSON.stringify(body)).not.toContain('a-secret');
      expect(body.counts).toContainEqual({ month: '2026-11', kind: 'opinion', count: 1 });
      expect(body.heldReply.en).toContain('holds no picture');
      expect(body.heldReply.ja).toContain('最長3日');
      expect((await operator.get<Inquiries>(`${path}?kind=opinion`)).body.inquiries).toHaveLength(
        1,
      );
      expect(
        (await operator.get<Inquiries>(`${path}?before=${second}`)).body.inquiries,
      ).toHaveLength(1);
      for (const question of [path, `${path}/open`]) {
        expect((await viewer.get(question)).status).toBe(403);
        expect((await desk().stranger.get(question)).status).toBe(401);
        expect((await operator.get(question.replace('station', 'nowhere'))).status).toBe(404);
      }
      for (const query of ['kind=x', 'state=x', 'before=-1'])
        expect((await operator.get(`${path}?${query}`)).status).toBe(400);
    });

    it('are answered once, under a name that stands in the audit log', async () => {
      const answer = (body: unknown, id = first, who = operator) =>
        who.send<Inquiry>('POST', `${path}/${id}/answer`, body);
      expect((await answer({ answer: 'x' }, first, viewer)).status).toBe(403);
      for (const body of [{}, { answer: ' ' }, { answer: 'x'.repeat(4_001) }])
        expect((await answer(body)).status).toBe(400);
      const { body } = await answer({ answer: 'We keep no picture.' });
      expect(body).toMatchObject({ answer: 'We keep no picture.', answeredBy: 'the operator' });
      expect((await answer({ answer: 'again' })).status).toBe(409);
      expect((await answer({ answer: 'x' }, 999_999)).status).toBe(404);
      expect((await operator.get(`${path}/open`)).body).toEqual({ open: 1 });
      const open = await operator.get<Inquiries>(`${path}?state=open`);
      expect(open.body.inquiries.map(({ id }) => id)).toEqual([second]);
      const audit = await (await desk().as('administrator')).get('/audit');
      expect(audit.text).toContain('inquiry.answer');
      // That somebody read them stands there too, and once though the page asks again and again.
      expect(audit.text.split(`"station/${first}-${second}"`)).toHaveLength(2);
    });
  });
}
