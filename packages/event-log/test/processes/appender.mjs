// Appends for ever from several writers at once, and prints `<key> <number>` for each append that resolved.
// A record says what it should be: key, number, and a filling that follows from both.
import { openEmbeddedLog } from '@hitonami/event-log';

const [folder, topic, round] = process.argv.slice(2);
const WRITERS = 8;
const log = await openEmbeddedLog({ folder });

export const filling = (key, number) => `${key} ${number} `.repeat(1 + ((number * 37) % 200));

async function write(writer) {
  const key = `round${round}-writer${writer}`;
  for (let number = 0; ; number += 3) {
    const records = [0, 1, 2].map((step) => ({
      key,
      value: Buffer.from(filling(key, number + step)),
    }));
    await log.append(topic, records);
    process.stdout.write(`${key} ${number + 2}\n`);
  }
}
await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
