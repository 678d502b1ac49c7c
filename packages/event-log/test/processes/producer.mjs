// Appends as many records as it is told, one append each, with the time at which the append resolved in the next one.
import { setTimeout as sleep } from 'node:timers/promises';
import { openEmbeddedLog } from '@hitonami/event-log';

const [folder, topic, count, pauseMs] = process.argv.slice(2);
const log = await openEmbeddedLog({ folder });
for (let number = 0; number < Number(count); number++) {
  await log.append(topic, [{ key: 'site', value: Buffer.from(`${number} ${Date.now()}`) }]);
  if (Number(pauseMs) > 0) await sleep(Number(pauseMs));
}
await log.close();
