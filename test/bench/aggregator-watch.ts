import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a watched process is told. */
export interface WatchOrder {
  /** Configuration of the aggregator. */
  environment: Record<string, string>;
  /** Where the event time in the log begins, µs. */
  startUs: number;
  /** The span of event time that is measured, µs; what is before it warms up. */
  fromUs: number;
  toUs: number;
}

/** What it measured. */
export interface Span {
  /** Event time that passed through, s. */
  eventS: number;
  wallS: number;
  /** CPU time of the process, all its threads, s. */
  cpuS: number;
  /** Time in which its JavaScript thread was not waiting, s. */
  loopBusyS: number;
}

/** Runs one of the processes beside this file to its end. */
export async function watch(
  file: 'aggregator-process.js' | 'bare-chain-process.js',
  order: WatchOrder,
  profiles?: string,
): Promise<Span> {
  const execArgv = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(order)], {
    execArgv,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let span: Span | undefined;
  child.once('message', (message) => (span = message as Span));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (span === undefined || code !== 0) throw new Error(`${file} ended with code ${String(code)}`);
  return span;
}
