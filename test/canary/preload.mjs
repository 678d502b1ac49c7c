// Loaded by the process under test before its own code: faults that nobody can bring about from outside.
import { isMainThread, parentPort } from 'node:worker_threads';

if (isMainThread) {
  process.on('SIGUSR2', () => {
    throw new Error('planted by the canary suite');
  });
} else if (process.env.CANARY_FAULT === 'worker') {
  // Each worker dies of its third picture, in the middle of it.
  let pictures = 0;
  parentPort?.on('message', ({ type }) => {
    if (type !== 'detect' || ++pictures < 3) return;
    setImmediate(() => {
      throw new Error('planted by the canary suite');
    });
  });
}
