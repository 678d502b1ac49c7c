import { HitonamiError } from '@hitonami/model';
import {
  createGrpcClient,
  writeWithBackpressure,
  type Address,
  type Receipt,
} from '@hitonami/service';
import type { RecordedFrame } from './recorded-positions.js';

/** Batches sent and not yet answered. */
const IN_FLIGHT_MAX = 64;

export interface PositionSender {
  doors: Address;
  site: string;
  camera: string;
  periodUs: number;
}

/**
 * Sends recorded positions through the position door, one batch an instant, and waits for every receipt.
 * @returns the capture time of the last batch, µs; undefined where there was none
 * @throws HitonamiError `INPUT` for the first batch that is rejected
 */
export async function sendPositions(
  { doors, site, camera, periodUs }: PositionSender,
  frames: AsyncIterable<RecordedFrame>,
  onSent: (batches: number) => void,
): Promise<number | undefined> {
  const client = createGrpcClient({ door: 'PositionIngest', address: doors });
  await client.waitUntilConnected(10_000);
  const stream = client.stream();
  let sent = 0;
  let answered = 0;
  let failure: Error | undefined;
  let wake: () => void = () => undefined;
  stream.on('data', (receipt: Receipt) => {
    answered++;
    if (receipt.rejected) {
      const { reason, detail } = receipt.rejected;
      failure ??= new HitonamiError(
        'INPUT',
        `frame ${receipt.sequence} was rejected (${reason}), and a replay must not lose any: ${detail}`,
      );
    }
    wake();
  });
  stream.on('error', (error: Error) => {
    failure ??= error;
    wake();
  });
  const until = async (isDone: () => boolean): Promise<void> => {
    while (!isDone() && !failure) await new Promise<void>((resolve) => (wake = resolve));
    if (failure) throw failure;
  };
  let lastUs: number | undefined;
  try {
    for await (const { capturedUs, ids, xM, yM } of frames) {
      await until(() => sent - answered < IN_FLIGHT_MAX);
      const batch = {
        site,
        camera,
        sequence: sent,
        capturedUs,
        periodUs,
        blind: false,
        floor: '',
        xM,
        yM,
        track: ids,
      };
      await writeWithBackpressure(stream, {
        ...batch,
        vxMS: [],
        vyMS: [],
        confidence: [],
        kind: [],
      });
      sent++;
      lastUs = capturedUs;
      onSent(sent);
    }
    await until(() => answered === sent);
  } finally {
    stream.end();
    client.close();
  }
  return lastUs;
}
