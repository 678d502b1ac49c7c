import { HitonamiError } from '@hitonami/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxOfMotRow, formatMot, framesOfMotRows, parseMot } from '../src/index.js';

describe('the MOT text format', () => {
  it('reads all ten columns', () => {
    expect(parseMot('1,2,181,95,75.8,227.5,1,4.41,4.43,0\n')).toEqual([
      {
        frame: 1,
        id: 2,
        left: 181,
        top: 95,
        width: 75.8,
        height: 227.5,
        confidence: 1,
        x: 4.41,
        y: 4.43,
        z: 0,
      },
    ]);
  });

  it('reads short rows, blank lines and Windows line ends', () => {
    const rows = parseMot('1,-1,0,0,10,20\r\n\r\n2,-1,0,0,10,20,0.5\r\n');
    expect(rows.map((r) => [r.frame, r.confidence, r.x])).toEqual([
      [1, 1, -1],
      [2, 0.5, -1],
    ]);
  });

  it('drops rows with confidence 0, which are not to be judged', () => {
    expect(parseMot('1,1,0,0,10,20,0,-1,-1,-1\n1,2,0,0,10,20,1,-1,-1,-1').map((r) => r.id)).toEqual(
      [2],
    );
  });

  it('reads back what it wrote', () => {
    const pixel = fc.integer({ min: -1000, max: 100_000 }).map((v) => v / 100);
    const size = fc.integer({ min: 1, max: 100_000 }).map((v) => v / 100);
    const fine = fc.integer({ min: 1, max: 10_000 }).map((v) => v / 10_000);
    const row = fc.record({
      frame: fc.integer({ min: 1, max: 1e6 }),
      id: fc.integer({ min: -1, max: 1e6 }),
      left: pixel,
      top: pixel,
      width: size,
      height: size,
      confidence: fine,
      x: fine,
      y: fine,
      z: fine,
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), (rows) => {
        expect(parseMot(formatMot(rows))).toEqual(rows);
      }),
    );
  });

  it('gives boxes by corners, by frame', () => {
    const rows = parseMot('3,1,10,20,5,6\n3,2,0,0,1,1\n4,1,11,20,5,6');
    expect(boxOfMotRow(rows[0] ?? expect.fail())).toEqual([10, 20, 15, 26]);
    const frames = framesOfMotRows(rows);
    expect([...frames.keys()]).toEqual([3, 4]);
    expect(frames.get(3)?.map((b) => b.id)).toEqual([1, 2]);
  });

  it.each([
    ['1,1,0,0,10', 'line 2: 5 columns where 6 to 10 are due'],
    ['1,1,0,0,10,20,1,1,1,1,1', 'line 2: 11 columns where 6 to 10 are due'],
    ['1,1,zero,0,10,20', "line 2: left is not a number: 'zero'"],
    ['1,1,,0,10,20', "line 2: left is not a number: ''"],
    ['1,1,0,0,10,Infinity', "line 2: height is not a number: 'Infinity'"],
    ['0,1,0,0,10,20', 'line 2: frame must be an integer from 1'],
    ['1.5,1,0,0,10,20', 'line 2: frame must be an integer from 1'],
    ['1,-2,0,0,10,20', 'line 2: id must be an integer from −1'],
    ['1,1,0,0,-10,20', 'line 2: width and height must be above 0'],
    ['<html>', 'line 2: 1 columns'],
  ])('refuses %j, naming the line and the fault', (line, message) => {
    const attempt = (): unknown => parseMot(`1,1,0,0,10,20,1\n${line}`);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(HitonamiError);
    expect(attempt).toThrow(expect.objectContaining({ code: 'INPUT', canRetry: false }));
  });
});
