// Writes notes until the disk is full, and says what was kept; makes room when a line comes in, and goes on.
import { randomBytes } from 'node:crypto';
import { openRecords } from '@hitonami/records';

const records = await openRecords({ folder: process.argv[2] });
await records.migrate();
const say = (line) => process.stdout.write(`${line}\n`);
const add = (n) =>
  records.notes.add('full', { user: 'aoi', text: `${n} ${randomBytes(1_900).toString('hex')}` });
const from = new Date(0);
const notes = () => records.notes.between('full', from, new Date(Date.now() + 60_000), 1_000);

await add(0);
say('ready');
process.stdin.once('data', async () => {
  let kept = 1;
  try {
    for (;;) {
      await add(kept);
      kept += 1;
    }
  } catch (error) {
    say(`refused ${error.code} ${error.canRetry} ${error.detail} ${error.message}`);
  }
  const last = (await notes()).at(-1);
  say(`kept ${kept} last ${last.text.split(' ')[0]}`);
  process.stdin.once('data', async () => {
    await add(kept);
    say(`later ${(await notes()).at(-1).text.split(' ')[0]}`);
    await records.close();
    process.exit(0);
  });
});
