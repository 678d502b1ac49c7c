// Appends until the disk is full, prints the error, reads everything back; goes on when a line comes in.
import { once } from 'node:events';
import { openEmbeddedLog } from '@hitonami/event-log';

const [folder, topic] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${line}\n`);
const log = await openEmbeddedLog({ folder });
const value = Buffer.alloc(50_000, 7);
const count = async () => {
  let records = 0;
  for await (const record of log.read(topic, 0, 0)) if (record.value.equals(value)) records += 1;
  return records;
};

let appended = 0;
for (let full = 0; full < 3;) {
  try {
    await log.append(topic, [{ key: 'a', value }]);
    appended += 1;
  } catch (error) {
    full += 1;
    say(`refused ${error.code} ${error.canRetry} ${error.message}`);
  }
}
say(`appended ${appended} readable ${await count()}`);
await once(process.stdin, 'data');
for (let more = 0; more < 10; more++) await log.append(topic, [{ key: 'a', value }]);
say(`later ${(await count()) - appended}`);
await log.close();
process.exit(0);
