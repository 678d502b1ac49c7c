// Detects in the file given, again and again, then says so and waits to be looked at and ended.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { startInferencePool } from '@hitonami/vision';

const [modelPath, picturePath] = process.argv.slice(2);
const pool = await startInferencePool({ modelPath, workers: 2 });
const file = openSync(picturePath);
const { size } = fstatSync(file);
const once = async () => {
  const image = new Uint8Array(size);
  readSync(file, image, 0, size, 0);
  await pool.detect(image);
};
await Promise.all(Array.from({ length: 6 }, once));
closeSync(file);
process.stdout.write('done\n');
process.stdin.once('data', () => void pool.close().then(() => process.exit()));
