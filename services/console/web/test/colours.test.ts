import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LEVELS, LOS_FILL, LOS_TEXT } from '../src/shared/los.js';

type Rgb = readonly [number, number, number];

function linear(hex: string): Rgb {
  const channel = (at: number) => {
    const full = hex.length === 4 ? hex.charAt(at).repeat(2) : hex.slice(at * 2 - 1, at * 2 + 1);
    const c = Number.parseInt(full, 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(2), channel(3)];
}

const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** WCAG 2: contrast of two colours, 1 to 21. */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** Machado, Oliveira, Fernandes 2009, severity 1, on linear RGB. */
const BLINDNESS: Readonly<Record<string, readonly Rgb[]>> = {
  none: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** CIELAB of linear RGB, D65. */
function lab([r, g, b]: Rgb): Rgb {
  const f = (t: number) => (t > 216 / 24_389 ? Math.cbrt(t) : ((24_389 / 27) * t + 16) / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function seenAs(hex: string, matrix: readonly Rgb[]): Rgb {
  const [r, g, b] = linear(hex);
  const [x = 0, y = 0, z = 0] = matrix.map((row) =>
    Math.min(1, Math.max(0, row[0] * r + row[1] * g + row[2] * b)),
  );
  return lab([x, y, z]);
}

/** Clearly another colour, side by side: difference in CIELAB (1976). */
const APART_MIN = 20;

describe('colours of the levels of service', () => {
  it.each(LEVELS)('level %s carries its letter with a contrast of at least 4.5', (level) => {
    expect(contrast(LOS_FILL[level], LOS_TEXT[level])).toBeGreaterThanOrEqual(4.5);
  });

  it.each(Object.entries(BLINDNESS))('are told apart with colour blindness: %s', (_, matrix) => {
    for (const a of LEVELS) {
      for (const b of LEVELS) {
        if (a >= b) continue;
        const [p, q] = [seenAs(LOS_FILL[a], matrix), seenAs(LOS_FILL[b], matrix)];
        const apart = Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
        expect(apart, `${a} and ${b}`).toBeGreaterThanOrEqual(APART_MIN);
      }
    }
  });
});

describe('the themes', () => {
  const css = readFileSync(new URL('../src/shared/tokens.css', import.meta.url), 'utf8');
  const theme = (name: string): ReadonlyMap<string, string> => {
    const block = new RegExp(`data-theme='${name}'\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? '';
    return new Map(
      [...block.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{3,6});/g)].map(([, key = '', value = '']) => [
        key,
        value,
      ]),
    );
  };
  const PAIRS = [
    ['--text', '--ground'],
    ['--text', '--surface'],
    ['--text', '--raised'],
    ['--text-quiet', '--ground'],
    ['--text-quiet', '--surface'],
    ['--text-quiet', '--raised'],
    ['--accent', '--ground'],
    ['--accent', '--surface'],
    ['--on-accent', '--accent'],
    ['--critical-text', '--ground'],
    ['--critical-text', '--surface'],
    ['--critical-text', '--raised'],
    ['--on-warning', '--warning'],
    ['--on-critical', '--critical'],
    ['--on-emergency', '--emergency'],
    ['--plan-floor', '--plan-line'],
  ] as const;

  it.each(['dark', 'light'])('%s: every text stands out from its ground, 4.5 at least', (name) => {
    const colours = theme(name);
    for (const [text, ground] of PAIRS) {
      const value = contrast(colours.get(text) ?? '', colours.get(ground) ?? '');
      expect(value, `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  it.each(['dark', 'light'])('%s: the mark of what has the focus is seen, 3 at least', (name) => {
    const colours = theme(name);
    for (const ground of ['--ground', '--surface', '--raised'] as const)
      expect(
        contrast(colours.get('--focus') ?? '', colours.get(ground) ?? ''),
        ground,
      ).toBeGreaterThanOrEqual(3);
  });
});
