import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calibrateFromPoints } from '@hitonami/model';
import { run } from '../../../test/support/command.js';
import { label, lineFrom, planText, rectangle } from '../../../test/support/plans.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hitonami-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('hitonami check', () => {
  it('says what a valid plan measures, how much of it is seen, what for, and which camera may not start yet', async () => {
    const plan = await file(
      'good.json',
      planText({
        cameras: [
          { id: 'c1', floor: 'f1', coverage: rectangle(2, 0, 10, 10) },
          { id: 'c2', floor: 'f1', coverage: rectangle(2, 0, 4, 10), governance: undefined },
        ],
      }),
    );
    const { code, output } = await run(['check', plan]);
    expect(output).toContain('site test, version 1, is valid');
    expect(output).toContain('area hall: 100.0 m², 80 % of it seen');
    expect(output).toContain('line middle: counted by camera c1');
    expect(output).toContain('purpose safety: live, measures, from 1970-01-09 on');
    expect(output).toMatch(/not yet: the plan does not say why camera 'c2' is needed/);
    expect(output).not.toMatch(/not yet.*'c1'/);
    expect(code).toBe(0);
  });

  it('says how tall people are to the detector, and where they are too small for it', async () => {
    const real = await run(['check', 'test/plans/tud-stadtmitte.site.json']);
    expect(real.output).toContain('people are 78 to 205 px tall to the shipped detector\n');

    // 6 m above (0, 0), looking north and 30° down; 1000 × 800 pixels, focal length 900.
    const [s, c] = [0.5, Math.sqrt(0.75)];
    const points = [...[-3, 3].flatMap((x) => [6, 13].map((y) => ({ x, y }))), { x: 0, y: 9 }].map(
      ({ x, y }) => {
        const depth = y * c + 6 * s;
        return { u: 500 + (900 * x) / depth, v: 400 + (900 * (6 * c - y * s)) / depth, x, y };
      },
    );
    const { homography } = calibrateFromPoints(points).calibration;
    const calibration = { imageWidth: 1000, imageHeight: 800, homography };
    const far = { id: 'far', floor: 'f1', coverage: rectangle(-3, 6, 3, 20), calibration };
    const { output } = await run([
      'check',
      await file('far.json', planText({ lines: [], cameras: [far] })),
    ]);
    // Upright 1.65 m are 900 · 1.65 · cos 30° ÷ depth, times 320 ÷ 800 for the network: 25 at the far end, and the body’s depth.
    expect(output).toMatch(
      /camera far: people are 3\d to 7\d px tall .* in \d\d % of its coverage under 45 px, where it misses/,
    );
  });

  it('fails where a camera’s picture cannot show its coverage, and says where it does not show all of it', async () => {
    type Ring = [number, number][];
    interface Real {
      areas: unknown[];
      lines: unknown[];
      cameras: {
        coverage: { coordinates: Ring[] };
        calibration: { homography: number[]; points?: unknown };
      }[];
    }
    const text = await readFile('test/plans/tud-stadtmitte.site.json', 'utf8');
    const checked = async (change: (camera: Real['cameras'][0]) => void) => {
      const plan = { ...(JSON.parse(text) as Real), areas: [], lines: [] };
      plan.cameras.forEach(change);
      return run(['check', await file('looks.json', JSON.stringify(plan))]);
    };
    const far = await checked(({ coverage }) => {
      for (const ring of coverage.coordinates) for (const corner of ring) corner[0] += 500;
    });
    expect(far.output).toMatch(/^cameras\[0\]\.coverage: none of it is in the camera’s picture/);
    expect(far.code).toBe(1);
    const mirrored = await checked(({ calibration: { homography } }) => {
      for (const i of [0, 1, 2]) homography[i] = -(homography[i] ?? 0);
    });
    expect(mirrored.output).toMatch(/cameras\[0\]\.calibration\.homography: .* the floor mirrored/);
    expect(mirrored.code).toBe(1);
    // That plan's rectangle reaches beyond what its picture shows.
    const real = await checked(() => undefined);
    expect(real.output).toMatch(/48 % of its coverage is not in its picture/);
    expect(real.code).toBe(0);
  }, 30_000);

  it('says of how much of an area people are seen so flat that in a crowd they hide each other', async () => {
    // 3 m above the middle of the west wall: 1.6 times that is 4.8 m, of the 10 m to the east wall.
    const wall = { x: 0, y: 5, heightM: 3 };
    const camera = (more: object) => ({
      ...{ id: 'c1', floor: 'f1', coverage: rectangle(0, 0, 10, 10) },
      ...more,
    });
    const area = async (...cameras: object[]): Promise<string> => {
      const { output } = await run(['check', await file('flat.json', planText({ cameras }))]);
      return /area hall: .*/.exec(output)?.[0] ?? output;
    };
    // A half circle of 4.8 m around the camera is 36 m².
    expect(await area(camera({ position: wall }))).toMatch(
      /100 % of it seen, 6[345] % from farther than 1\.6 times the camera’s height, where four of ten/,
    );
    const opposite = camera({ id: 'c2', position: { ...wall, x: 10 } });
    expect(await area(camera({ position: wall }), opposite)).toMatch(/seen, (2[6-9]|3[01]) % from/);
    // A sensor of which nothing is known but what it sees hangs above it.
    expect(await area(camera({}))).toBe('area hall: 100.0 m², 100 % of it seen');
  });

  it('names the key, the place and the mend of every fault, and fails', async () => {
    const bow = {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [10, 10],
          [10, 0],
          [0, 10],
          [0, 0],
        ],
      ],
    };
    const areas = [{ id: 'hall', floor: 'f1', name: label, kind: 'walkway', polygon: bow }];
    const lines = [{ id: 'far', floor: 'f1', name: label, line: lineFrom([50, 1], [50, 9]) }];
    const { code, output } = await run([
      'check',
      await file('bad.json', planText({ areas, lines })),
    ]);
    expect(output).toMatch(
      /areas\[0\]\.polygon\.coordinates\[0\]: the ring crosses itself.*; list the corners/,
    );
    expect(output).toMatch(/lines\[0\]: no camera covers/);
    expect(code).toBe(1);
  });

  it('names a file that is not there', async () => {
    const { code, complaints } = await run(['check', join(folder, 'nowhere.json')]);
    expect(complaints).toMatch(/nowhere\.json cannot be read/);
    expect(code).toBe(1);
  });
});

describe('hitonami replay of recorded positions', () => {
  // Somebody walks east through the hall in 10 s, somebody else stands in the west.
  const rows = Array.from({ length: 41 }, (_, i) => [
    { time: i * 0.25, id: 1, x: 0.25 + i * 0.235, y: 5 },
    { time: i * 0.25, id: 2, x: 2, y: 8 },
  ]).flat();
  const csv = ['time,id,x,y', ...rows.map(({ time, id, x, y }) => `${time},${id},${x},${y}`)].join(
    '\n',
  );
  const jsonl = rows.map((row) => JSON.stringify(row)).join('\n');
  const replay = async (
    source: string,
    format: string,
    start = ['--start', '2026-04-01T00:00:00Z'],
  ) => {
    const plan = await file('plan.json', planText());
    return run([
      'replay',
      source,
      '--plan',
      plan,
      '--rate',
      '4',
      ...start,
      '--format',
      format,
      '--data',
      await mkdtemp(join(folder, 'data-')),
    ]);
  };

  it('counts who was where and who passed', async () => {
    const { code, output, complaints } = await replay(await file('walk.csv', csv), 'table');
    expect(complaints).toMatch(/^kept in /);
    expect(output).toMatch(/hall +2\.00 +2 +0\.020 +A +0\.4\d +100 %/);
    expect(output).toMatch(/middle +0 +1\n/);
    expect(output).toMatch(/hall +middle +1 +5\.\d/);
    expect(code).toBe(0);
  }, 60_000);

  it('gives the same rows again, from CSV as from JSON Lines, of which the file was closed with the last where no start is named', async () => {
    const lines = await file('Walk.JSONL', jsonl);
    await utimes(lines, new Date(), new Date('2026-04-01T00:00:10Z'));
    const [first, again] = [
      await replay(await file('walk.csv', csv), 'jsonl'),
      await replay(lines, 'jsonl', []),
    ];
    expect(first.output.split('\n').length).toBeGreaterThan(4);
    expect(first.output).toContain(`"startUs":${Date.parse('2026-04-01T00:00:00Z') * 1000}`);
    expect(again.output, again.complaints).toBe(first.output);
  }, 90_000);

  it('takes a recording that was just made, and refuses one in the future before anything is played', async () => {
    const made = await replay(await file('made.csv', csv), 'table', []);
    expect(made).toMatchObject({
      code: 0,
      complaints: expect.stringMatching(/^kept in /) as string,
    });
    const source = await file('future.csv', csv);
    const ahead = new Date(Date.now() + 3_600_000).toISOString();
    expect(await replay(source, 'table', ['--start', ahead])).toMatchObject({
      code: 1,
      output: '',
      complaints: expect.stringMatching(
        /future\.csv would end .*in the future.* --start\n$/,
      ) as string,
    });
    const stamped = await file('stamped.csv', `time,id,x,y\n0,1,2,3\n${ahead},1,2,3\n`);
    expect(await replay(stamped, 'table', [])).toMatchObject({
      code: 1,
      complaints: expect.stringMatching(
        /^hitonami: .*stamped\.csv, line 3: .* in the future\n$/,
      ) as string,
    });
  }, 60_000);

  it('says where what it stored lies where it fails, and leaves nothing in a folder of its own', async () => {
    const twice = await file('twice.csv', 'time,id,x,y\n0,1,2,3\n0,1,4,5\n');
    const failed = await replay(twice, 'table');
    expect(failed.complaints).toMatch(
      /^what was stored until then is kept in .*data-\w+\nhitonami: /,
    );
    const cwd = await mkdtemp(join(folder, 'cwd-'));
    const plan = await file('plan.json', planText());
    const own = await run(['replay', twice, '--plan', plan], {}, { cwd });
    expect(own).toMatchObject({
      code: 1,
      complaints: expect.stringMatching(/^hitonami: /) as string,
    });
    expect(await readdir(join(cwd, '.hitonami/replays'))).toEqual([]);
  }, 60_000);

  it('refuses, before anything is started, what is not there and a folder that was used', async () => {
    const plan = await file('plan.json', planText());
    const missing = await run(['replay', join(folder, 'missing.csv'), '--plan', plan]);
    expect(missing).toMatchObject({
      code: 1,
      complaints: expect.stringMatching(
        /^hitonami: .*missing\.csv cannot be read: .*\n$/,
      ) as string,
    });
    const data = await mkdtemp(join(folder, 'used-'));
    await mkdir(join(data, 'log'));
    const walk = await file('walk.csv', csv);
    expect(await run(['replay', walk, '--plan', plan, '--data', data])).toMatchObject({
      code: 1,
      output: '',
      complaints: expect.stringMatching(/holds the log of an earlier run/) as string,
    });
    const unwritable = join(walk, 'data');
    expect((await run(['replay', walk, '--plan', plan, '--data', unwritable])).complaints).toMatch(
      /^hitonami: the data folder .* --data\n$/,
    );
  }, 30_000);

  it('fails at once where there is nobody to replay, or a frame is rejected', async () => {
    const empty = await replay(await file('empty.csv', 'time,id,x,y\n'), 'table');
    expect(empty).toMatchObject({
      code: 1,
      complaints: expect.stringMatching(/^hitonami: no positions in .*empty\.csv\n$/) as string,
    });
    const twice = await replay(await file('twice.csv', 'time,id,x,y\n0,1,2,3\n0,1,4,5\n'), 'table');
    expect(twice).toMatchObject({
      code: 1,
      output: '',
      complaints: expect.stringMatching(/frame 0 was rejected .*must not lose any: /) as string,
    });
  }, 60_000);

  it('shows tracks by small numbers, with places and no box', async () => {
    const { output } = await replay(await file('walk.csv', csv), 'mot');
    expect(output.split('\n')[1]).toBe('1,2,-1,-1,-1,-1,1,2,8,0');
  }, 60_000);
});

describe('hitonami publish', () => {
  it('writes to the embedded log of a data folder, and says where it is', async () => {
    const plan = await file('plan.json', planText());
    const data = join(folder, 'published');
    const { code, output } = await run(['publish', plan, '--data', data]);
    expect(output).toBe(
      `site test, version 1, is on the log, in force from the beginning\nthe log: embedded in ${data}\n`,
    );
    expect(code).toBe(0);
    const again = await run(['publish', plan], { HITONAMI_DATA: data });
    expect(again.output).toBe(output);
    const help = (await run(['publish', '--help'])).output;
    for (const key of ['HITONAMI_LOG', 'HITONAMI_KAFKA_BROKERS', 'HITONAMI_DATA', '.hitonami/up'])
      expect(help).toContain(key);
  }, 30_000);
});

describe('hitonami', () => {
  it('teaches: its help shows what to do first, and each command says what it takes', async () => {
    const { output } = await run(['--help']);
    for (const command of ['demo', 'up', 'replay', 'evaluate', 'run', 'publish', 'check', 'sql']) {
      expect(output).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    }
    expect(output).toContain('hitonami check site.json');
    expect((await run(['replay', '--help'])).output).toContain('--plan <site.json>');
  });

  it('names what is wrong with its arguments, and ends with a code', async () => {
    const size = ['--truth', 't', '--model', 'm', '--input-size', '640x480x3'];
    const faults: [args: string[], words: RegExp][] = [
      [['run', 'nothing'], /there is no service 'nothing'; there are /],
      [['sql', '--data', join(folder, 'none'), 'SELECT 1'], /no warehouse runs on/],
      [['evaluate'], /evaluate what\? Give one of a clip, .*not none/],
      [['evaluate', 'x.mp4'], /--truth gt\.txt: name it/],
      [['evaluate', '--scenario', 'tea-time'], /no scenario 'tea-time'; there are quiet-morning, /],
      [['release', '--period', '2026-13'], /'2026-13' is neither a day nor a month/],
      [['release', '--period', 'banana'], /'banana' is neither a day nor a month/],
      [['release', '--period', '2026-02-30'], /is neither a day nor a month/],
      [['audit', '--truth', 't.csv', '--gate-log', 'g.csv'], /--gate-log .*--truth/],
      [['replay', 'x.csv', '--rate', 'fast'], /must be from 0\.2 to 100/],
      [['evaluate', 'x.mp4', ...size], /must be such as 640x480/],
    ];
    // Each is refused before anything starts: what a process of its own costs is waiting, not work.
    const answers = await Promise.all(faults.map(([args]) => run(args)));
    for (const [i, [args, words]] of faults.entries()) {
      expect(answers[i]?.complaints, args.join(' ')).toMatch(words);
      expect(answers[i]?.code, args.join(' ')).toBe(1);
    }
  }, 30_000);

  it('looks where the environment points, which is one for all commands that look into stores', async () => {
    const HITONAMI_DATA = join(folder, 'no-such-data');
    const servers = {
      ...{ HITONAMI_MODELS: folder, HITONAMI_RECORDS_URL: 'postgres://127.0.0.1:1/records' },
      ...{ HITONAMI_WAREHOUSE_USER: 'reader', HITONAMI_WAREHOUSE_PASSWORD: 'x' },
    };
    const commands = [
      ...[['stored'], ['audit'], ['release']],
      ...[
        ['sql', 'SELECT 1'],
        ['sql', 'SELECT 1 FROM positions'],
      ],
    ];
    const answers = await Promise.all(
      commands.map((args) => run(args, { HITONAMI_DATA, ...servers })),
    );
    for (const [i, args] of commands.entries()) {
      expect(answers[i]?.complaints, args.join(' ')).toContain('no-such-data');
      expect(answers[i]?.code, args.join(' ')).toBe(1);
    }
  }, 30_000);

  it('refuses a service whose environment is wrong, naming every key, with the code for it', async () => {
    const { code, output } = await run(['run', 'aggregator'], {
      HITONAMI_WAREHOUSE_URL: 'nonsense',
      HITONAMI_LATENES: '5s',
    });
    expect(output).toContain('HITONAMI_WAREHOUSE_URL');
    expect(output).toContain('HITONAMI_LATENES');
    expect(code).toBe(78);
  });
});
