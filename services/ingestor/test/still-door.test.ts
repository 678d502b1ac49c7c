import { createGrpcClient, type StillAnswer } from '@hitonami/service';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brightnessDetector, modelFolder } from '../../../packages/vision/test/tiny-model.js';
import { eventually, observationsOf } from '../../../test/support/event-log.js';
import { collectEnds, picture, SIDE, startIngestor, type Ingestor } from './support.js';

// The door for pictures that are meant to show an empty place: a tiny detector sees a person in a white square.

const ends = collectEnds();
let ingestor: Ingestor;
beforeAll(async () => {
  const models = modelFolder();
  ends.add(() => {
    models.remove();
  });
  const model = models.put('brightness.onnx', brightnessDetector(SIDE));
  ingestor = await startIngestor({ model }, ends.add);
});
afterAll(ends.run);

const black = { width: SIDE, height: SIDE, channels: 3, background: 'black' } as const;
const nobody = sharp({ create: black }).jpeg().toBuffer();

/** Sends pictures on one stream, ends it, and gives all answers. */
async function ask(images: Buffer[], of = ingestor): Promise<StillAnswer[]> {
  const limits = { messageBytesMax: 16 * 1024 * 1024 };
  const client = createGrpcClient({ door: 'StillCheck', address: of.address, limits });
  const answers: StillAnswer[] = [];
  const stream = client.stream();
  let code: number | undefined;
  stream
    .on('data', (answer: StillAnswer) => answers.push(answer))
    .on('error', () => undefined)
    .on('status', (status: { code: number }) => (code = status.code));
  for (const image of images) stream.write({ image });
  stream.end();
  await eventually('the stream has ended', () => code !== undefined);
  client.close();
  return answers;
}

describe('a picture that is meant to show an empty place', () => {
  it('is answered with how many people are in it, picture by picture', async () => {
    const answers = await ask([await picture(16, 32), await nobody, await picture(8, 8)]);
    expect(answers.map(({ examined }) => examined?.people)).toEqual([1, 0, 1]);
  });

  it('becomes no position', async () => {
    await ask([await picture(16, 32)]);
    expect(await observationsOf(ingestor.log, 'test')).toEqual([]);
  });

  it.each([
    ['empty', Buffer.alloc(0), 'REJECT_REASON_MALFORMED', 'no picture'],
    [
      'no picture',
      Buffer.from('<svg/>'),
      'REJECT_REASON_UNDECODABLE',
      'neither JPEG, PNG nor WebP',
    ],
    [
      'larger than a picture may be',
      Buffer.alloc(9 * 1024 * 1024),
      'REJECT_REASON_TOO_LARGE',
      'over the limit',
    ],
  ])('is refused where it is %s, and the next one is answered', async (_, bytes, reason, why) => {
    const [refused, next] = await ask([bytes, await picture(16, 32)]);
    expect(refused?.rejected?.reason).toBe(reason);
    expect(refused?.rejected?.detail).toContain(why);
    expect(next?.examined).toEqual({ people: 1 });
  });

  it('is refused where there is no detector to look at it', async () => {
    const blind = await startIngestor({ model: 'none' });
    const [answer] = await ask([await picture(16, 32)], blind);
    expect(answer?.rejected?.detail).toContain('without a detector');
  });
});
