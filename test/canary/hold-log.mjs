// Writes to an embedded log's files for a while without coming to an end of it: everyone else who writes has to wait.
import { open } from 'lmdb';

const [folder, holdMs] = process.argv.slice(2);
const root = open({ path: folder, noSubdir: false, maxDbs: 8, encoding: 'json' });
root.transactionSync(() => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(holdMs));
});
await root.close();
