// A small real service, run as a process of its own by run-service.test.ts. TEST_MODE says how it behaves.
import { appendFileSync } from 'node:fs';
import { createGrpcServer, operationsShape, runService } from '@hitonami/service';
import { z } from 'zod';

const mode = process.env.TEST_MODE;
const note = (line) => appendFileSync(process.env.TEST_NOTES, `${line}\n`);

const service = {
  name: 'specimen',
  schema: z.object({ ...operationsShape }),
  async start(context) {
    if (mode === 'bad-start') throw new Error('no detector');
    if (mode === 'slow-start') await new Promise((resolve) => setTimeout(resolve, 500));
    const server = await createGrpcServer({
      address: { host: '127.0.0.1', port: 0 },
      implementations: { FrameIngest: () => new Promise(() => undefined) },
      logger: context.logger,
    });
    context.own({
      name: 'log',
      flush: () => note('log.flush'),
      disconnect: () => note('log.disconnect'),
    });
    context.own({
      name: 'door',
      close: () => {
        note('door.close');
        server.close();
      },
      finish: () => (mode === 'stuck' ? new Promise(() => undefined) : note('door.finish')),
      disconnect: () => server.stop(100).then(() => note('door.disconnect')),
    });
    if (mode === 'rejects') setTimeout(() => void Promise.reject(new Error('forgotten')), 50);
    if (mode === 'fails')
      setTimeout(() => context.fail(new Error('the consumer stands still')), 50);
  },
};

process.exit(await runService(service, { environment: process.env }));
