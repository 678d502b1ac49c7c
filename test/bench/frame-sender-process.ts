/** Cameras in a process of their own, over real gRPC on loopback. */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGrpcClient, type Address, type Receipt } from '@hitonami/service';
import { answerParent } from './child.js';
import { FrameSender } from './frame-sender.js';

export interface SenderOrder {
  address: Address;
  /** Of JPEG files. */
  folder: string;
}

const { address, folder } = JSON.parse(process.argv[2] ?? '') as SenderOrder;
const pictures = readdirSync(folder)
  .sort()
  .map((name) => readFileSync(join(folder, name)));
const client = createGrpcClient({ door: 'FrameIngest', address });
await client.waitUntilConnected(10_000);
const stream = client.stream();
const sender = new FrameSender('remote', pictures, { send: (frame) => void stream.write(frame) });
stream.on('data', (receipt: Receipt) => {
  sender.answered(receipt);
});

answerParent<{ warmMs: number; measuredMs: number }>(
  ({ warmMs, measuredMs }) => sender.rate(warmMs, measuredMs),
  async () => {
    stream.end();
    await once(stream, 'end');
    client.close();
  },
);
