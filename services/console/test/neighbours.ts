import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
} from 'node:net';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { verifyWebhook, WEBHOOK_IDEMPOTENCY_KEY, WEBHOOK_SIGNATURE } from '@hitonami/service';
import { eventually, temporaryFolder } from '../../../test/support/event-log.js';
import { freePort } from '../../../test/support/service-process.js';
import type { Alert, Headcount } from '../src/contract/index.js';

export const SECRET = 'a secret between the console and its receivers';

export interface Delivery<Body> {
  key: string;
  isSigned: boolean;
  body: Body;
}

/** The phone that an escalation calls. */
export interface Phone {
  url: string;
  /** What it has answered with 2xx. */
  calls: Delivery<{ kind: string; alert: Alert; text: { ja: string; en: string }; url: string }>[];
  /** Whatever came, answered or not. */
  tries: Phone['calls'];
  /** How it answers. */
  status: number;
  stop(): void;
}

export async function startPhone(): Promise<Phone> {
  const phone: Phone = { url: '', calls: [], tries: [], status: 204, stop: () => undefined };
  const receiver = await receive<Phone['calls'][number]['body']>((call) => {
    phone.tries.push(call);
    if (phone.status < 300) phone.calls.push(call);
    return phone.status;
  });
  return Object.assign(phone, receiver);
}

/** Whoever is told of alerts by the aggregator: the idempotency keys that came, and those that were taken. */
export interface Receiver {
  url: string;
  tries: string[];
  taken: string[];
  status: number;
  stop(): void;
}

export async function startReceiver(): Promise<Receiver> {
  const receiver: Receiver = { url: '', tries: [], taken: [], status: 204, stop: () => undefined };
  const server = await receive(({ key }) => {
    receiver.tries.push(key);
    if (receiver.status < 300) receiver.taken.push(key);
    return receiver.status;
  });
  return Object.assign(receiver, server);
}

/** The building's systems that are told the headcount. */
export interface Building {
  url: string;
  received: (Headcount & { isSigned: boolean })[];
  stop(): void;
}

/** @returns one that does not take the first message: it has to come again */
export async function startBuilding(): Promise<Building> {
  const received: Building['received'] = [];
  const receiver = await receive<{ headcount: Headcount }>(({ body, isSigned }) => {
    received.push({ ...body.headcount, isSigned });
    return received.length === 1 ? 503 : 204;
  });
  return { ...receiver, received };
}

async function receive<Body>(
  take: (delivery: Delivery<Body>) => number,
): Promise<{ url: string; stop: () => void }> {
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    request.on('end', () => {
      const signature = String(request.headers[WEBHOOK_SIGNATURE]);
      const status = take({
        key: String(request.headers[WEBHOOK_IDEMPOTENCY_KEY]),
        isSigned: verifyWebhook(SECRET, signature, text),
        body: JSON.parse(text) as Body,
      });
      response.writeHead(status).end();
    });
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}/`, stop: () => server.close() };
}

/** A real MQTT broker. */
export interface Broker {
  url: string;
  stop(): Promise<void>;
}

export async function startBroker(): Promise<Broker> {
  const broker = await Aedes.createBroker();
  const server = createTcpServer(broker.handle);
  const port = await listen(server);
  return {
    url: `mqtt://127.0.0.1:${port}`,
    stop: async () => {
      await new Promise<void>((resolve) => {
        broker.close(resolve);
      });
      server.close();
    },
  };
}

export const ALERTMANAGER = 'prometheus-alertmanager';

/** The real Alertmanager, which tells nobody. */
export async function startAlertmanager(): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = temporaryFolder('alertmanager');
  const address = `127.0.0.1:${await freePort()}`;
  const config = join(folder.path, 'alertmanager.yml');
  writeFileSync(config, 'route: { receiver: none }\nreceivers: [{ name: none }]\n');
  const child = spawn(
    ALERTMANAGER,
    [
      ...[`--config.file=${config}`, `--storage.path=${join(folder.path, 'data')}`],
      ...[`--web.listen-address=${address}`, '--cluster.listen-address='],
    ],
    { stdio: 'ignore' },
  );
  const url = `http://${address}`;
  await eventually('Alertmanager is ready', () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  return {
    url,
    stop: async () => {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
      folder.remove();
    },
  };
}

async function listen(server: Server | TcpServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
