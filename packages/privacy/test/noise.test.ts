import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bernoulliExp,
  boundedCounts,
  deltaOf,
  discreteGaussian,
  discreteLaplace,
  mechanismOf,
  noisyCells,
  quantileOf,
  RandomBits,
  rational,
  rhoOf,
  type NoiseRules,
  type PlannedCell,
} from '../src/index.js';

/** Random bytes that are the same each time: the key stream of a cipher. */
function seeded(seed: number) {
  const key = Buffer.alloc(32);
  key.writeUInt32LE(seed);
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return (count: number): Uint8Array => new Uint8Array(cipher.update(Buffer.alloc(count)));
}

const DRAWS = 20_000;

/**
 * Chi-square over the classes that are expected 10 times at least, the rest as one, as the number of standard deviations that it
 * lies over its mean (Wilson–Hilferty).
 */
function misfit(draw: () => number, probability: (value: number) => number, reach: number): number {
  const seen = new Map<number, number>();
  for (let i = 0; i < DRAWS; i++) {
    const value = draw();
    seen.set(value, (seen.get(value) ?? 0) + 1);
  }
  let [chi, classes, restSeen, restExpected] = [0, 0, DRAWS, DRAWS];
  for (let value = -reach; value <= reach; value++) {
    const expected = DRAWS * probability(value);
    if (expected < 10) continue;
    const found = seen.get(value) ?? 0;
    chi += (found - expected) ** 2 / expected;
    classes++;
    restSeen -= found;
    restExpected -= expected;
  }
  if (restExpected > 1) {
    chi += (restSeen - restExpected) ** 2 / restExpected;
    classes++;
  }
  const freedom = classes - 1;
  return ((chi / freedom) ** (1 / 3) - (1 - 2 / (9 * freedom))) / Math.sqrt(2 / (9 * freedom));
}

/** Far out for chance, and near for a fault: what the tests below call fitting. */
const FITS = 4;

function laplaceProbability(scale: number): (value: number) => number {
  const q = Math.exp(-1 / scale);
  return (value) => ((1 - q) / (1 + q)) * q ** Math.abs(value);
}

function gaussianProbability(variance: number): (value: number) => number {
  const weight = (value: number): number => Math.exp(-(value * value) / (2 * variance));
  let all = 0;
  for (let value = -2000; value <= 2000; value++) all += weight(value);
  return (value) => weight(value) / all;
}

describe('whole numbers by chance', () => {
  it.each([1n, 2n, 3n, 7n, 256n, 257n])('are as likely below %s', (below) => {
    const bits = new RandomBits(seeded(Number(below)));
    const count = Number(below);
    const probability = (value: number): number => (value >= 0 && value < count ? 1 / count : 0);
    if (count === 1) expect(bits.below(1n)).toBe(0n);
    else expect(misfit(() => Number(bits.below(below)), probability, 300)).toBeLessThan(FITS);
  });

  it('reach over 32 bits', () => {
    const bits = new RandomBits(seeded(1));
    const below = 3n << 40n;
    const drawn = Array.from({ length: 2_000 }, () => bits.below(below));
    expect(drawn.every((value) => value < below)).toBe(true);
    const mean =
      drawn.reduce((sum, value) => sum + Number(value), 0) / drawn.length / Number(below);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.03);
  });

  it('are refused from a source that runs dry', () => {
    const bits = new RandomBits(() => new Uint8Array(3));
    expect(() => bits.below(10n)).toThrow(/gave 3 of/);
  });
});

describe('the samplers', () => {
  it.each([
    [0n, 1n],
    [1n, 3n],
    [1n, 1n],
    [7n, 4n],
  ])('say yes with the probability of e to the minus %s/%s', (over, under) => {
    const bits = new RandomBits(seeded(2));
    let yes = 0;
    for (let i = 0; i < DRAWS; i++) yes += Number(bernoulliExp({ over, under }, bits));
    const p = Math.exp(-Number(over) / Number(under));
    const spread = Math.sqrt((p * (1 - p)) / DRAWS);
    expect(Math.abs(yes / DRAWS - p)).toBeLessThanOrEqual(FITS * spread);
  });

  it.each([
    [1n, 2n],
    [1n, 1n],
    [8n, 1n],
    [25n, 7n],
  ])('draw the discrete Laplace distribution of scale %s/%s', (over, under) => {
    const bits = new RandomBits(seeded(3));
    const probability = laplaceProbability(Number(over) / Number(under));
    const draw = (): number => Number(discreteLaplace({ over, under }, bits));
    expect(misfit(draw, probability, 400)).toBeLessThan(FITS);
  });

  it.each([
    [1n, 4n],
    [1n, 1n],
    [90n, 1n],
    [1001n, 10n],
  ])('draw the discrete Gaussian distribution of variance %s/%s', (over, under) => {
    const bits = new RandomBits(seeded(4));
    const probability = gaussianProbability(Number(over) / Number(under));
    const draw = (): number => Number(discreteGaussian(rational(over, under), bits));
    expect(misfit(draw, probability, 400)).toBeLessThan(FITS);
  });

  it('would be found out by this test if their scale were 7 % off', () => {
    const bits = new RandomBits(seeded(5));
    const draw = (): number => Number(discreteLaplace({ over: 8n, under: 1n }, bits));
    expect(misfit(draw, laplaceProbability(8 * 1.07), 400)).toBeGreaterThan(FITS);
  });
});

const RULES: NoiseRules = {
  mechanism: 'laplace',
  epsilon: 0.5,
  delta: 1e-6,
  contributionsMax: 4,
  roundedTo: 1,
  leastTold: 0,
};

function planned(count: number, coverage = 1): PlannedCell[] {
  return Array.from({ length: count }, (_, i) => ({
    key: { places: [`line-${String(i)}`], startMs: 0, lengthMs: 3_600_000 },
    quality: { coverage, doubtful: 0, saturation: 0.4 },
  }));
}

describe('the accounts', () => {
  it('take the noise from how much one life can change', () => {
    expect(mechanismOf(RULES)).toEqual({ kind: 'laplace', scale: { over: 8n, under: 1n } });
    const { variance } = mechanismOf({ ...RULES, mechanism: 'gaussian' }) as {
      variance: { over: bigint; under: bigint };
    };
    const rho = 4 / (2 * (Number(variance.over) / Number(variance.under)));
    expect(deltaOf(rho, 0.5)).toBeLessThanOrEqual(1e-6);
    expect(deltaOf(rho * 1.001, 0.5)).toBeGreaterThan(1e-6);
  });

  it('give the figures that are published for concentrated differential privacy', () => {
    // Bun and Steinke's simpler bound, ε = ρ + 2 √(ρ ln 1/δ), is never better.
    for (const [rho, delta] of [
      [0.1, 1e-6],
      [0.01, 1e-9],
      [1, 1e-5],
    ] as const) {
      const simple = rho + 2 * Math.sqrt(rho * Math.log(1 / delta));
      expect(deltaOf(rho, simple)).toBeLessThan(delta);
      expect(rhoOf(simple, delta)).toBeGreaterThan(rho);
      expect(rhoOf(simple, delta)).toBeLessThan(rho * 1.4);
    }
  });

  it('bound what the exact distribution of one count tells', () => {
    // δ of one discrete Gaussian, summed up: what zCDP promises is no less.
    const { variance } = mechanismOf({ ...RULES, mechanism: 'gaussian', contributionsMax: 1 }) as {
      variance: { over: bigint; under: bigint };
    };
    const p = gaussianProbability(Number(variance.over) / Number(variance.under));
    let delta = 0;
    for (let x = -1000; x <= 1000; x++) delta += Math.max(0, p(x) - Math.exp(0.5) * p(x - 1));
    expect(delta).toBeLessThanOrEqual(1e-6);
    expect(delta).toBeGreaterThan(1e-8);
  });

  it.each([
    [{ epsilon: 0 }, /ε is 0/],
    [{ epsilon: 1e-9 }, /too small/],
    [{ contributionsMax: 0 }, /contributionsMax 0/],
    [{ mechanism: 'gaussian' as const, delta: 0 }, /δ is 0/],
  ])('refuse %j', (changed, message) => {
    expect(() => mechanismOf({ ...RULES, ...changed })).toThrow(message);
  });

  it.each(['laplace', 'gaussian'] as const)('state the error that is measured: %s', (mechanism) => {
    const [cells, perLife, each] = [4_000, 50, 100];
    const lives = Array.from({ length: (cells * each) / perLife }, (_, life) =>
      Array.from({ length: perLife }, (_index, i) => (life * perLife + i) % cells),
    );
    const rules = { ...RULES, mechanism, contributionsMax: perLife, epsilon: 6.25 };
    const noisy = noisyCells(lives, planned(cells), rules, seeded(6));
    expect(noisy.spent).toEqual({ epsilon: 6.25, delta: mechanism === 'gaussian' ? 1e-6 : 0 });
    expect(noisy.error95).toBe(quantileOf(mechanismOf(rules), 0.05));
    const within = (limit: number): number =>
      noisy.cells.filter(({ measures }) => Math.abs((measures.count ?? NaN) - each) <= limit)
        .length / cells;
    // Four standard deviations of 4,000 draws are 0.014.
    expect(within(noisy.error95)).toBeGreaterThan(0.95 - 0.014);
    expect(within(noisy.error95 - 1)).toBeLessThan(0.95 + 0.014);
  });
});

describe('counts with noise', () => {
  it('count a pseudonym once in each of so many cells at most, drawn among its own', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 19 }), { maxLength: 15 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 1000 }),
        (lives, most, seed) => {
          const without = boundedCounts(lives, 20, most, new RandomBits(seeded(seed)));
          for (const life of lives) {
            const alone = boundedCounts([life], 20, most, new RandomBits(seeded(seed)));
            expect(alone.reduce((sum, count) => sum + count, 0)).toBe(
              Math.min(most, new Set(life).size),
            );
            expect(alone.every((count, cell) => count <= (life.includes(cell) ? 1 : 0))).toBe(true);
          }
          expect(without.reduce((sum, count) => sum + count, 0)).toBe(
            lives.reduce((sum, life) => sum + Math.min(most, new Set(life).size), 0),
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  it('draw which cells count, each as likely', () => {
    const bits = new RandomBits(seeded(8));
    const life = [0, 1, 2, 3, 4, 5];
    const counts = boundedCounts(
      Array.from({ length: 6_000 }, () => life),
      6,
      2,
      bits,
    );
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(4 * 37);
  });

  it('have a cell for every planned one, with noise where nobody was', () => {
    const { cells } = noisyCells([], planned(200), RULES, seeded(9));
    expect(cells.map(({ key }) => key)).toEqual(planned(200).map(({ key }) => key));
    expect(cells.some(({ measures }) => (measures.count ?? 0) > 0)).toBe(true);
    expect(cells.every(({ measures }) => (measures.count ?? 0) >= 0)).toBe(true);
    expect(cells.every(({ quality }) => quality.saturation === null)).toBe(true);
  });

  it('are told from the noisy value up, never from the true one', () => {
    const rules = { ...RULES, leastTold: 20 };
    const many = noisyCells([], planned(2_000), rules, seeded(10));
    expect(many.protectedCells).toBeLessThan(2_000);
    expect(many.cells.filter(({ absent }) => absent === 'protected')).toHaveLength(
      many.protectedCells,
    );
    for (const { measures } of many.cells)
      expect(measures.count === undefined || (measures.count ?? 0) >= 20).toBe(true);
  });

  it('are not-seen by coverage alone', () => {
    const everybody = Array.from({ length: 100 }, () => [0]);
    const { cells } = noisyCells(everybody, planned(1, 0.2), RULES, seeded(11));
    expect(cells[0]).toMatchObject({ absent: 'not-seen', measures: {} });
  });

  it('are rounded after the noise, which the stated error holds', () => {
    const plain = noisyCells([], planned(1), RULES, seeded(12));
    const rounded = noisyCells([], planned(300), { ...RULES, roundedTo: 5 }, seeded(12));
    expect(rounded.error95).toBe(plain.error95 + 2);
    expect(rounded.cells.every(({ measures }) => (measures.count ?? 0) % 5 === 0)).toBe(true);
  });

  it('are refused for cells that are not planned', () => {
    expect(() => noisyCells([[3]], planned(3), RULES, seeded(13))).toThrow(/cell 3 of 3/);
  });
});
