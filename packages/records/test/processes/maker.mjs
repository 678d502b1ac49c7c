// Opens the records in a folder for the first time, and is ended before it has come far.
import { openRecords } from '@hitonami/records';

const opening = openRecords({ folder: process.argv[2] });
console.log('opening');
await opening;
console.log('open');
