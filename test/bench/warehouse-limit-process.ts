/** The engine by itself: Native blocks from a file in memory into tables of the same make, in a process that does nothing else. */
import { Session } from 'chdb';
import { answerParent } from './child.js';
import { secondsSince } from './measure.js';
import type { LimitOrder } from './warehouse.js';

const order = JSON.parse(process.argv[2] ?? '') as LimitOrder;
const session = new Session(order.folder);
await session.queryAsync('CREATE DATABASE bare');
for (const { create } of order.tables) await session.queryAsync(create);

answerParent(
  async () => {
    const startMs = performance.now();
    for (const { name, file, columns } of order.tables) {
      await session.queryAsync(
        `INSERT INTO bare.${name} (${columns}) SELECT ${columns} FROM file('${file}', 'Native')`,
      );
    }
    return secondsSince(startMs);
  },
  () => {
    session.close();
  },
);
