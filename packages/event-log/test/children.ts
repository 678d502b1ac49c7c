import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A script of `test/processes` in a process of its own, and the lines it has printed. */
export interface Child {
  readonly process: ChildProcessWithoutNullStreams;
  readonly lines: string[];
  readonly errors: () => string;
  readonly ended: Promise<number | null>;
}

/** @param limit lines of shell that run before the script takes the shell's place */
export function startChild(script: string, args: readonly (string | number)[], limit = ''): Child {
  const path = fileURLToPath(new URL(`processes/${script}`, import.meta.url));
  const shell = `${limit}\nexec "$@"`;
  const command = [process.execPath, path, ...args.map(String)];
  const child = spawn('sh', ['-c', shell, 'sh', ...command]);
  const lines: string[] = [];
  let rest = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { process: child, lines, errors: () => errors, ended };
}
