import { HitonamiError, localDay } from '@hitonami/model';
import { BUYER_FAULTS, type BuyerFile, type Records } from '@hitonami/records';
import type { PlanFollower } from '@hitonami/service';
import { z } from 'zod';
import {
  buyer,
  buyerContract,
  buyerKey,
  buyers,
  BUYERS_AT_ONCE,
  buyerUse,
  contractTexts as contractTextsShape,
  newBuyerEnd,
  newContract,
  problem,
} from '../contract/index.js';
import type { Api } from '../http/app.js';
import type { Gate } from '../http/gate.js';
import { notFound, ProblemError } from '../http/problem.js';
import { sendCsv } from '../measures/csv.js';
import { requirePlan } from '../site.js';
import { contractTexts } from './contract-text.js';
import { grantOf } from './terms.js';
import { toldBuyer, toldContract, toldDelivery, toldKey } from './told.js';
import { usageCsv } from './usage-csv.js';

const tags = ['buyers'];
const params = z.object({ site: z.string() });
const buyerParams = params.extend({ id: z.coerce.number().int().positive() });
const errors = { '4xx': problem };

export interface BuyerParts {
  gate: Gate;
  plans: PlanFollower;
  records: Records;
}

/** Organisations with data under a contract: the administrators grant, end, revoke, and count for the invoice. */
export function buyerRoutes(api: Api, { gate, plans, records }: BuyerParts): void {
  const administrators = { onRequest: gate.requireRole('administrator') };

  const fileOf = async ({ site, id }: { site: string; id: number }): Promise<BuyerFile> => {
    requirePlan(plans, site);
    const file = await records.buyers.get(site, id);
    if (file === undefined) throw notFound(`buyer ${id} of '${site}'`);
    return file;
  };

  api.get(
    '/sites/:site/buyers',
    {
      ...administrators,
      schema: {
        tags,
        summary: 'Applications and contracts, the newest first',
        params,
        querystring: z.object({ before: z.coerce.number().int().positive().optional() }),
        response: { 200: buyers, ...errors },
      },
    },
    async (request) => {
      const { site } = request.params;
      requirePlan(plans, site);
      // What ran out just now is among it.
      await records.buyerEnds.note();
      const [open, deletions, found] = await Promise.all([
        records.buyers.openCount(site),
        records.buyerEnds.open(),
        records.buyers.list(site, { ...request.query, limit: BUYERS_AT_ONCE }),
      ]);
      const { due = 0, overdue = 0 } = deletions.find((one) => one.site === site) ?? {};
      return { open, deletions: { due, overdue }, buyers: found.map((file) => toldBuyer(file)) };
    },
  );

  api.get(
    '/sites/:site/buyers/open',
    {
      ...administrators,
      schema: {
        tags,
        summary: 'How many wait for a contract',
        params,
        response: { 200: z.object({ open: z.number() }), ...errors },
      },
    },
    async (request) => {
      const { site } = request.params;
      requirePlan(plans, site);
      return { open: await records.buyers.openCount(site) };
    },
  );

  api.get(
    '/sites/:site/buyers/usage',
    {
      ...administrators,
      schema: {
        tags,
        summary: 'What was fetched in a month, by day, key, purpose and file, as CSV: for invoices',
        params,
        querystring: z.object({ month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/) }),
      },
    },
    async (request, reply) => {
      const { site } = request.params;
      const { month } = request.query;
      requirePlan(plans, site);
      const text = await usageCsv(records, site, month);
      await gate.audit(request, 'buyer.usage', site, month);
      return sendCsv(reply, `usage-${site}-${month}`, text);
    },
  );

  api.get(
    '/sites/:site/buyers/:id/use',
    {
      ...administrators,
      schema: { tags, params: buyerParams, response: { 200: buyerUse, ...errors } },
    },
    async (request) => {
      const { id, site } = request.params;
      await fileOf(request.params);
      const { timeZone } = requirePlan(plans, site);
      const month = localDay(Date.now(), timeZone).slice(0, 7);
      const [keys, counted, byKey, deliveries] = await Promise.all([
        records.buyerKeys.list(id),
        records.buyerKeys.month(id, month),
        records.buyerKeys.monthByKey(id, month),
        records.buyerDeliveries.list(id),
      ]);
      const none = { downloads: 0, bytes: 0 };
      return {
        keys: keys.map((key) => ({ ...toldKey(key), ...(byKey.get(key.id) ?? none) })),
        ...{ month, ...counted, deliveries: deliveries.map(toldDelivery) },
      };
    },
  );

  api.post(
    '/sites/:site/buyers/:id/contracts/preview',
    {
      ...administrators,
      schema: {
        tags,
        summary: 'The text that a contract of these terms would have',
        params: buyerParams,
        body: newContract,
        response: { 200: contractTextsShape, ...errors },
      },
    },
    async (request) => {
      const file = await fileOf(request.params);
      const plan = requirePlan(plans, request.params.site);
      grantOf(plan, request.body);
      return contractTexts({ plan, buyer: file.buyer, terms: request.body });
    },
  );

  api.post(
    '/sites/:site/buyers/:id/contracts',
    {
      ...administrators,
      schema: {
        tags,
        summary: 'Offers a version of the contract; it is in force once it was accepted',
        params: buyerParams,
        body: newContract,
        response: { 201: buyerContract, ...errors },
      },
    },
    async (request, reply) => {
      const { site, id } = request.params;
      const file = await fileOf(request.params);
      const plan = requirePlan(plans, site);
      const grant = grantOf(plan, request.body);
      const { ja, en } = contractTexts({ plan, buyer: file.buyer, terms: request.body });
      const user = gate.userName(request);
      const offered = await records.buyers
        .offer(site, id, { ...grant, textJa: ja, textEn: en, user })
        .catch(asConflict);
      if (offered === undefined) throw notFound(`buyer ${id} of '${site}'`);
      const { version, sha256, datasets } = offered;
      const what = `version ${version}, SHA-256 ${sha256}: ${datasets.join(', ')} until ${request.body.validUntil}`;
      await gate.audit(request, 'buyer.offer', `${site}/${id}`, what);
      return reply.code(201).send(toldContract(offered));
    },
  );

  api.post(
    '/sites/:site/buyers/:id/end',
    {
      ...administrators,
      schema: {
        tags,
        summary: 'Ends the contract, or refuses the application: from now on no key opens anything',
        params: buyerParams,
        body: newBuyerEnd,
        response: { 200: buyer, ...errors },
      },
    },
    async (request) => {
      const { site, id } = request.params;
      const { buyer: before } = await fileOf(request.params);
      if (before.endedAt !== null)
        throw new ProblemError(409, 'conflict', 'It has been ended already.');
      const { reason } = request.body;
      await records.buyers.end(site, id, { reason, user: gate.userName(request) });
      await gate.audit(request, 'buyer.end', `${site}/${id}`, reason);
      return toldBuyer(await fileOf(request.params));
    },
  );

  api.post(
    '/sites/:site/buyers/:id/keys/:key/revoke',
    {
      ...administrators,
      schema: {
        tags,
        params: buyerParams.extend({ key: z.coerce.number().int().positive() }),
        response: { 200: buyerKey, ...errors },
      },
    },
    async (request) => {
      const { site, id, key } = request.params;
      await fileOf(request.params);
      const revoked = await records.buyerKeys.revoke(id, key, { user: gate.userName(request) });
      if (revoked === undefined) throw notFound(`key ${key} of buyer ${id}`);
      await gate.audit(request, 'buyer.key-revoke', `${site}/${id}`, `key ${key}`);
      return toldKey(revoked);
    },
  );
}

function asConflict(error: unknown): never {
  if (error instanceof HitonamiError && error.detail === BUYER_FAULTS.ended)
    throw new ProblemError(409, 'conflict', 'The contract has been ended.');
  throw error;
}
