import { createHash } from 'node:crypto';
import { publishPlan } from '@hitonami/service';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/support/event-log.js';
import { testMarket, testPlan } from '../../../../test/support/plans.js';
import type {
  AuditEntry,
  Buyer,
  BuyerContract,
  Buyers,
  BuyerUse,
  ContractTexts,
  NewContract,
  Problem,
} from '../../src/contract/index.js';
import { STATION, type Client, type Console } from '../support.js';

const both = (ja: string, en: string) => ({ ja, en });
/** A site that sells one dataset and gives another away. */
const MARKET = { ...STATION, site: 'market', ...testMarket() };

const TERMS: NewContract = {
  ...{ datasets: ['ways'], purposes: ['sale'], downloadsPerMonth: 100, bytesPerMonth: 1_000_000 },
  validUntil: '2090-03-31',
  notCombinedWith: both('改札の記録', 'gate records'),
  special: both('', 'Payment within 30 days.'),
};

/** Organisations with data under a contract, as the administrators see them. */
export function buyersSuite(desk: () => Console): void {
  describe('buyers', () => {
    let administrator: Client;
    let id: number;
    const path = '/sites/market/buyers';
    beforeAll(async () => {
      administrator = await desk().as('administrator');
      const text = JSON.stringify(testPlan(MARKET));
      await publishPlan(desk().log, text, Date.now() * 1000);
      await eventually(
        'the other site',
        async () => (await administrator.get('/sites/market/plan')).status === 200,
      );
      const buyer = await desk().records.buyers.apply({
        ...{ site: 'market', language: 'ja', organisation: '=HYPERLINK("x")', contact: 'a@b.c' },
        ...{ intent: '<script>alert(1)</script>', wanted: ['ways'] },
        token: 'a-secret-of-many-characters',
      });
      id = buyer.id;
    });
    const offer = (change: Partial<NewContract> = {}, buyer = id) =>
      administrator.send<BuyerContract & Problem>('POST', `${path}/${buyer}/contracts`, {
        ...TERMS,
        ...change,
      });
    const accept = ({ version, sha256 }: BuyerContract) =>
      desk().records.buyers.accept(id, { version, sha256, person: '青井' });

    it('are seen by administrators, and by nobody below', async () => {
      const { body } = await administrator.get<Buyers>(path);
      expect(body).toMatchObject({ open: 1, buyers: [{ id, state: 'applied', contracts: [] }] });
      expect(JSON.stringify(body)).not.toContain('a-secret');
      expect((await administrator.get(`${path}/open`)).body).toEqual({ open: 1 });
      for (const role of ['viewer', 'operator', 'engineer'] as const) {
        const client = await desk().as(role);
        for (const one of [
          path,
          `${path}/open`,
          `${path}/usage?month=2026-11`,
          `${path}/${id}/use`,
        ])
          expect((await client.get(one)).status, one).toBe(403);
        expect((await client.send('POST', `${path}/${id}/contracts`, TERMS)).status).toBe(403);
        expect((await client.send('POST', `${path}/${id}/end`, { reason: 'x' })).status).toBe(403);
      }
      expect((await desk().stranger.get(path)).status).toBe(401);
      expect((await administrator.get('/sites/nowhere/buyers')).status).toBe(404);
      expect((await administrator.get(`/sites/station/buyers/${id}/use`)).status).toBe(404);
    });

    it('are offered a contract whose text binds them, says the legal class, and is kept as it was', async () => {
      const looked = await administrator.send<ContractTexts>(
        ...(['POST', `${path}/${id}/contracts/preview`, TERMS] as const),
      );
      for (const words of [
        ...['does not try to find out who anybody', 'does not combine the data with: gate records'],
        ...['neither passes on nor publishes', 'confirms the deletion', 'articles 43 and 44'],
        ...['fewer than 10 people', '50,000 yen', '2090-03-31', 'Payment within 30 days.'],
      ])
        expect(looked.body.en).toContain(words);
      for (const words of [
        '再識別の禁止',
        '改札の記録',
        '第三者に提供せず',
        '消去の完了を報告',
        '匿名加工情報',
      ])
        expect(looked.body.ja).toContain(words);
      // A term that is in one language alone is missing in neither.
      expect(looked.body.ja).toContain('Payment within 30 days.');
      const { status, body } = await offer();
      expect(status).toBe(201);
      expect(body).toMatchObject({
        ...{ version: 1, textJa: looked.body.ja, textEn: looked.body.en, acceptedAt: null },
        // The last day is within it: in Tokyo it is over at 15:00 UTC.
        ...{ issuedBy: 'chief', validUntil: '2090-03-31T15:00:00.000Z' },
      });
      const hash = createHash('sha256').update(`${body.textJa}\n${body.textEn}`).digest('hex');
      expect(body.sha256).toBe(hash);
      await accept(body);
      const { buyers } = (await administrator.get<Buyers>(path)).body;
      expect(buyers[0]).toMatchObject({ state: 'accepted', contracts: [{ acceptedBy: '青井' }] });
    });

    it('are given nothing that the plan does not give to buyers', async () => {
      const refused = await offer({ datasets: ['free', 'nothing'], purposes: ['sale', 'x'] });
      expect(refused.status).toBe(400);
      expect(refused.body.issues?.map(({ problem }) => problem)).toEqual([
        "'free' is no dataset for buyers",
        "'nothing' is no dataset for buyers",
        "'x' is not in the plan",
      ]);
      expect((await offer({ purposes: ['safety'] })).body.issues).toMatchObject([
        { problem: "'ways' is given for 'sale' alone" },
      ]);
      for (const change of [
        { datasets: [] },
        { downloadsPerMonth: 0 },
        { bytesPerMonth: 1e16 },
        { validUntil: '2026-02-30' },
        { validUntil: '2020-01-01' },
        { notCombinedWith: both('', 'x') },
        { special: both('x'.repeat(2_001), '') },
      ])
        expect((await offer(change)).status, JSON.stringify(change)).toBe(400);
      expect((await offer({}, 999_999)).status).toBe(404);
    });

    it('are counted for the invoice, in a file that no spreadsheet runs', async () => {
      const { buyerKeys } = desk().records;
      const grant = { datasets: ['ways'], purpose: 'sale' };
      const { key, id: keyId } = await buyerKeys.make(id, {
        ...{ ...grant, downloadsPerMonth: 7, bytesPerMonth: 5_000 },
      });
      const want = { site: 'market', dataset: 'ways', purpose: 'sale', period: '2026-11-01' };
      for (const file of ['a.csv', 'b.csv']) {
        const day = '2026-11-30';
        const taken = await buyerKeys.take(key, { ...want, version: 1, file, bytes: 500, day });
        if (taken.outcome === 'granted') await buyerKeys.settle(taken.reservation, 321);
      }
      const { text, headers } = await administrator.get(`${path}/usage?month=2026-11`);
      expect(headers.get('content-disposition')).toContain('usage-market-2026-11.csv');
      const rows = text.replace('\ufeff', '').trim().split('\r\n');
      expect(rows).toEqual([
        'day,buyer,organisation,key,purpose,dataset,period,version,file,requests,bytes',
        ...['a.csv', 'b.csv'].map(
          (file) =>
            `2026-11-30,${id},"'=HYPERLINK(""x"")",${keyId},sale,ways,2026-11-01,1,${file},1,321`,
        ),
      ]);
      // Each key is told with what it is for, and what was used of it.
      const { body } = await administrator.get<BuyerUse>(`${path}/${id}/use`);
      expect(body.keys).toMatchObject([
        { id: keyId, ...grant, downloadsPerMonth: 7, bytesPerMonth: 5_000, revokedAt: null },
      ]);
      const none = await administrator.get(`${path}/usage?month=2026-12`);
      expect(none.text.trim().split('\r\n')).toHaveLength(1);
      for (const month of ['2026-13', 'x', ''])
        expect((await administrator.get(`${path}/usage?month=${month}`)).status).toBe(400);
    });

    it('lose a key, and everything at the end; each stands in the audit log', async () => {
      const { body: use } = await administrator.get<BuyerUse>(`${path}/${id}/use`);
      const key = use.keys[0]?.id ?? 0;
      const revoke = (of: number) => administrator.send('POST', `${path}/${id}/keys/${of}/revoke`);
      expect((await revoke(999_999)).status).toBe(404);
      expect((await revoke(key)).body).toMatchObject({ id: key, revokedBy: 'chief' });
      const end = (body: unknown) => administrator.send<Buyer>('POST', `${path}/${id}/end`, body);
      expect((await end({ reason: ' ' })).status).toBe(400);
      expect((await end({ reason: 'resold' })).body).toMatchObject({
        ...{ state: 'ended', endedBy: 'chief', endReason: 'resold' },
        ends: [{ reason: 'revoked', datasets: ['ways'], version: 1, confirmedAt: null }],
      });
      // Who has not confirmed that it is deleted is seen, and who has.
      const { body } = await administrator.get<Buyers>(path);
      expect(body.deletions).toEqual({ due: 1, overdue: 0 });
      const ending = body.buyers[0]?.ends[0];
      expect(Date.parse(ending?.confirmBy ?? '') - Date.parse(ending?.endedAt ?? '')).toBe(
        30 * 864e5,
      );
      await desk().records.buyerEnds.confirm(id, { end: ending?.id ?? 0, person: '青井' });
      const after = (await administrator.get<Buyers>(path)).body;
      expect(after.deletions).toEqual({ due: 0, overdue: 0 });
      expect(after.buyers[0]?.ends).toMatchObject([{ confirmedBy: '青井' }]);
      expect((await end({ reason: 'again' })).status).toBe(409);
      expect((await offer()).status).toBe(409);
      const audit = await administrator.get<AuditEntry[]>('/audit');
      const noted = audit.body.filter(({ subject }) => subject.startsWith('market'));
      expect(noted.map(({ action }) => action).sort()).toEqual([
        ...['buyer.end', 'buyer.key-revoke', 'buyer.offer', 'buyer.usage', 'buyer.usage'],
      ]);
      expect(noted.every(({ user }) => user === 'chief')).toBe(true);
    });
  });
}
