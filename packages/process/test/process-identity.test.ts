import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isGone, thisProcess } from '../src/index.js';

describe('a process', () => {
  const me = thisProcess();

  it('lives while it does, and is gone when it was killed', async () => {
    expect(isGone(me, me)).toBe(false);
    const script = "process.stdin.on('data', () => undefined)";
    const other = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'ignore', 'ignore'] });
    await once(other, 'spawn');
    const pid = other.pid ?? 0;
    // As the other would say of itself, but for its start: where the system tells that, another start is another process.
    const known = { ...me, pid };
    expect(isGone(known, me)).toBe(me.started !== '');
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(isGone(known, me)).toBe(true);
  });

  it('of another machine, boot or container is not known to be gone', () => {
    expect(isGone({ place: 'elsewhere', pid: 2 ** 22, started: '1' }, me)).toBe(false);
  });
});
