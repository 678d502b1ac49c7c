import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process beside this one that answers one question at a time. */
export interface Child {
  ask<Answer>(question: unknown): Promise<Answer>;
  /** Asks it to end, and waits for that. */
  stop(): Promise<void>;
}

/**
 * Starts one of the `…-process.js` files with an order as its argument; it sends a first message when it is ready. Should
 * it end early, whoever waits for it is told.
 */
export async function startChild(
  file: string,
  order: unknown,
  execArgv: readonly string[] = [],
): Promise<Child> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(order)], {
    execArgv: [...execArgv],
  });
  let waiting: { resolve: (answer: unknown) => void; reject: (error: Error) => void } | undefined;
  child.on('message', (answer) => {
    waiting?.resolve(answer);
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      waiting?.reject(new Error(`${file} ended with code ${String(code)}`));
      resolve();
    });
  });
  const answer = (): Promise<unknown> =>
    new Promise((resolve, reject) => (waiting = { resolve, reject }));
  await answer();
  return {
    ask: async <Answer>(question: unknown) => {
      const next = answer();
      child.send({ question });
      return (await next) as Answer;
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}

/** The other side: says that it is ready, answers, and ends when its parent wants no more. */
export function answerParent<Question>(
  answer: (question: Question) => Promise<unknown>,
  end: () => Promise<void> | void,
): void {
  process.on('message', ({ question }: { question: Question }) => {
    void answer(question).then((value) => process.send?.(value));
  });
  process.once('disconnect', () => void end());
  process.send?.('ready');
}
