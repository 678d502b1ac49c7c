// Opens the records in a folder, writes note after note, and prints each when it is kept, until it is ended.
import { openRecords } from '@hitonami/records';

const records = await openRecords({ folder: process.argv[2] });
await records.migrate();
console.log('open');
for (let n = 0; ; n++) {
  await records.notes.add('killed', { user: 'writer', text: `${n}` });
  console.log(n);
}
