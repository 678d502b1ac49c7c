// A member of a group: prints what it is told, commits behind every batch.
import { openEmbeddedLog } from '@hitonami/event-log';

const [folder, topic, group, leaseMs] = process.argv.slice(2);
const log = await openEmbeddedLog({
  folder,
  leaseMs: Number(leaseMs),
  onFault: (fault) => say(`fault ${fault.detail}`),
});
const say = (line) => process.stdout.write(`${line}\n`);

const consumer = await log.consume(group, [topic], {
  assigned: (_, partition, resume) =>
    say(`assigned ${partition} ${resume.position} ${resume.metadata}`),
  lost: (_, partition) => say(`lost ${partition}`),
  batch: async ({ partition, records }) => {
    for (const { value } of records) say(`record ${value.toString()} ${Date.now()}`);
    await consumer.commit(topic, partition, records.at(-1).offset + 1, `by ${process.pid}`);
    say(`committed ${records.at(-1).offset + 1}`);
  },
});
say('ready');
