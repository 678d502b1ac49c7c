import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { FORGETFUL } from './service-process.js';

const cli = join(import.meta.dirname, '../../services/cli/bin/hitonami.js');

export interface CommandResult {
  code: number | null;
  /** Standard output. */
  output: string;
  /** Standard error. */
  complaints: string;
}

export interface CommandOptions {
  /** Another Node than this one. */
  node?: string;
  /** Interrupts it once the output shows what is looked for… */
  interruptAt?: RegExp;
  /** …and this has settled too. */
  interruptAfter?: Promise<unknown>;
  /** Told everything that was written so far, as it comes. */
  onOutput?: (output: string) => void;
  cwd?: string;
}

/** Runs `hitonami …` to its end. */
export function run(
  args: readonly string[],
  environment: Record<string, string> = {},
  options: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawn(options.node ?? process.execPath, [cli, ...args], {
    env: { PATH: process.env['PATH'], ...FORGETFUL, ...environment },
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let complaints = '';
  let interrupted = false;
  let isWanted = options.interruptAfter === undefined;
  const interruptWhenDue = (): void => {
    if (interrupted || !isWanted || !options.interruptAt?.test(output)) return;
    interrupted = true;
    child.kill('SIGINT');
  };
  const free = (): void => {
    isWanted = true;
    interruptWhenDue();
  };
  options.interruptAfter?.then(free, free);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    options.onOutput?.(output);
    interruptWhenDue();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, output, complaints });
    });
  });
}
