import { startChild } from './child.js';
import { cpuSecondsSince, secondsSince } from './measure.js';

/** What a watched process is told. */
export interface WatchOrder {
  /** Configuration of the aggregator. */
  environment: Record<string, string>;
  /** Frames that warm the process up before the clock starts. */
  warmFrames: number;
  /** Frames in all. */
  frames: number;
  /** When rows are written up to here, all of them are, µs. */
  writtenUntilUs: number;
}

/** What it measured. */
export interface Span {
  /** Frames that passed through. */
  frames: number;
  wallS: number;
  /** CPU time of the process, all its threads, s. */
  cpuS: number;
  /** Time in which its JavaScript thread was not waiting, s. */
  loopBusyS: number;
}

/** What the clocks of this process show. */
export function instant() {
  return {
    ms: performance.now(),
    cpu: process.cpuUsage(),
    loop: performance.eventLoopUtilization(),
  };
}

export function spanSince(start: ReturnType<typeof instant>, frames: number): Span {
  return {
    frames,
    wallS: secondsSince(start.ms),
    cpuS: cpuSecondsSince(start.cpu),
    loopBusyS: performance.eventLoopUtilization(start.loop).active / 1000,
  };
}

/** Runs one of the processes beside this file to its end. */
export async function watch(
  file: 'aggregator-process.js' | 'bare-chain-process.js',
  order: WatchOrder,
  profiles?: string,
): Promise<Span> {
  const execArgv = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const child = await startChild(file, order, execArgv);
  try {
    return await child.ask<Span>('span');
  } finally {
    await child.stop();
  }
}
