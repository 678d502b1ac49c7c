import { Writable } from 'node:stream';
import { HitonamiError } from '@hitonami/model';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../src/index.js';

const PICTURE = Buffer.from('ffd8ffe000104a464946SECRETPIXELS');

function logging() {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const logger = createLogger({ service: 'ingestor', level: 'debug', destination });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

describe('a log line', () => {
  it('is one JSON object with the time, the level by name and the service', () => {
    const { logger, lines, last } = logging();
    logger.info({ camera: 'hall-1', sequence: 7 }, 'a frame was shed');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith('}\n')).toBe(true);
    expect(last()).toMatchObject({
      level: 'info',
      service: 'ingestor',
      camera: 'hall-1',
      sequence: 7,
      msg: 'a frame was shed',
    });
    expect(last()['time']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('never holds binary data, wherever it is put', () => {
    const { logger, lines, last } = logging();
    logger.info({ image: PICTURE, deep: { er: [{ pixels: new Uint8Array(PICTURE) }] } }, 'a');
    expect(last()).toMatchObject({
      image: `[${PICTURE.length} bytes withheld]`,
      deep: { er: [{ pixels: `[${PICTURE.length} bytes withheld]` }] },
    });
    logger.info({ frame: { camera: 'c', image: PICTURE } }, 'b');
    expect(last()['frame']).toBe('[object withheld]');
    logger.info({ image: PICTURE.toString('latin1') }, 'c');
    logger.info('formatted %o %j %s', PICTURE, { image: PICTURE.toString('base64') }, PICTURE);
    logger.child({ buffer: PICTURE, any: PICTURE.buffer }).warn('d');
    const fault = Object.assign(new Error('bad', { cause: { image: PICTURE } }), {
      frame: PICTURE,
    });
    logger.error({ err: fault }, 'e');
    logger.error(fault);
    logger.error({ nested: { fault } }, 'f');
    logger.info(PICTURE as unknown as string);
    expect(lines).toHaveLength(9);
    for (const line of lines) {
      expect(line).not.toContain('SECRETPIXELS');
      expect(line).not.toContain(PICTURE.toString('base64').slice(0, 16));
      expect(line).not.toContain('102,102,100,56');
    }
  });

  it('keeps the words of an error: its code, detail, stack and causes', () => {
    const { logger, last } = logging();
    const cause = new Error('connection refused');
    logger.error(
      { err: new HitonamiError('WAREHOUSE', 'no answer', { cause, detail: '210' }) },
      'x',
    );
    expect(last()['err']).toMatchObject({
      type: 'HitonamiError',
      message: 'no answer',
      code: 'WAREHOUSE',
      detail: '210',
      cause: { message: 'connection refused' },
    });
    logger.error(cause);
    expect(last()).toMatchObject({ msg: 'connection refused', err: { type: 'Error' } });
  });

  it('is bounded in depth, breadth and length, also for an object that holds itself', () => {
    const { logger, lines, last } = logging();
    const loop: Record<string, unknown> = { list: Array.from({ length: 10_000 }, (_, i) => i) };
    loop['self'] = loop;
    logger.info({ loop, text: 'x'.repeat(1e6) }, 'big');
    expect(lines[0]?.length).toBeLessThan(20_000);
    expect(last()['loop']).toBeDefined();
  });
});
