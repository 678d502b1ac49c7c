import { spawn } from 'node:child_process';
import { join } from 'node:path';

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
  /** Sends this signal once the output shows what is looked for. */
  interruptAt?: RegExp;
  cwd?: string;
}

/** Runs `hitonami …` to its end. */
export function run(
  args: readonly string[],
  environment: Record<string, string> = {},
  options: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawn(options.node ?? process.execPath, [cli, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let complaints = '';
  let interrupted = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (interrupted || !options.interruptAt?.test(output)) return;
    interrupted = true;
    child.kill('SIGINT');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, output, complaints });
    });
  });
}
