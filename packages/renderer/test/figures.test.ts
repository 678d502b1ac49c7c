import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appearanceOf, type PersonKind } from '../src/figures/appearance.js';
import { bodyOf, figureAt, figureOf, type Moment } from '../src/figures/figure.js';
import { pink } from '../src/figures/paint.js';
import { View } from '../src/index.js';
import type { Figure } from '../src/mesh.js';
import { hall, pose } from './support/scenes.js';

const moment = (more: Partial<Moment> = {}): Moment => ({
  person: 1,
  x: 3,
  y: -2,
  vx: 0,
  vy: 0,
  headingRad: 0,
  phase: 0,
  ...more,
});

/** Extent of what counts as the person: least and greatest x, y, z. */
function extent({ meshes, bodyMeshes }: Figure): { low: number[]; high: number[] } {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const { positions } of meshes.slice(0, bodyMeshes)) {
    for (let i = 0; i < positions.length; i += 1) {
      const value = positions[i] ?? NaN;
      low[i % 3] = Math.min(low[i % 3] ?? 0, value);
      high[i % 3] = Math.max(high[i % 3] ?? 0, value);
    }
  }
  return { low, high };
}

function fingerprint({ meshes }: Figure): string {
  const hash = createHash('sha256');
  for (const { positions, triangles, uv, material } of meshes) {
    for (const part of [positions, triangles, uv, material.texture.rgb]) hash.update(part);
  }
  return hash.digest('hex');
}

describe('figures', () => {
  it('stand on the floor, are as tall as they should be, and as wide as people are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 500 }),
        fc.double({ min: 1.1, max: 1.95, noNaN: true }),
        fc.double({ min: 0, max: 1.6, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (person, statureM, speed, phase) => {
          const who = appearanceOf(9, person, { statureM });
          const { low, high } = extent(figureOf(who, moment({ person, vx: speed, phase })));
          expect(low[2]).toBeGreaterThan(-0.06);
          expect(low[2]).toBeLessThan(0.06);
          const tall = (high[2] ?? 0) / statureM;
          expect(tall).toBeGreaterThan(0.9);
          expect(tall).toBeLessThan(1.16);
          const wide = ((high[1] ?? 0) - (low[1] ?? 0)) / statureM;
          expect(wide).toBeGreaterThan(0.22);
          expect(wide).toBeLessThan(0.6);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('take a longer stance when they walk than when they stand', () => {
    const who = appearanceOf(9, 12, { statureM: 1.75 });
    const deep = (figure: Figure): number => {
      const { low, high } = extent(figure);
      return (high[0] ?? 0) - (low[0] ?? 0);
    };
    const standing = deep(figureOf(who, moment()));
    const strides = [0, 0.25, 0.5, 0.75].map((phase) =>
      deep(figureOf(who, moment({ vx: 1.4, phase: phase - who.phase }))),
    );
    expect(Math.max(...strides)).toBeGreaterThan(standing + 0.2);
  });

  it('look the same whenever seed and id are the same, and differ between ids', () => {
    const kinds: PersonKind[] = ['walker', 'pushchair', 'wheelchair', 'bicycle'];
    for (const kind of kinds) {
      const one = figureOf(appearanceOf(4, 7, { kind }), moment({ vx: 1 }));
      const again = figureOf(appearanceOf(4, 7, { kind }), moment({ vx: 1 }));
      expect(fingerprint(again)).toBe(fingerprint(one));
      expect(again.head).toEqual(one.head);
    }
    const tops = new Set(Array.from({ length: 60 }, (_, id) => appearanceOf(4, id).top));
    expect(tops.size).toBeGreaterThan(5);
  });

  it('are seen the same as a body that is kept and placed as when they are made where they stand', () => {
    const who = appearanceOf(4, 7, { statureM: 1.7 });
    const at = moment({ x: 0.4, y: 7, vx: 0.9, vy: -0.6, headingRad: -0.6, phase: 0.3 });
    const view = new View(pose());
    view.setScene(hall());
    const drawn = (figure: Figure) => {
      const { truth, people } = view.draw([figure], 1 / 60);
      return { truth, light: people.rgb.slice() };
    };
    const there = drawn(figureOf(who, at));
    const placed = drawn(figureAt(bodyOf(who, { ...at, speedMps: Math.hypot(0.9, 0.6) }), at));
    const [a, b] = [there.truth[0], placed.truth[0]];
    for (const [i, side] of (a?.box ?? []).entries()) expect(b?.box[i]).toBeCloseTo(side, 2);
    expect(b?.visible).toBeCloseTo(a?.visible ?? NaN, 2);
    const sum = (light: Float32Array): number => light.reduce((all, value) => all + value, 0);
    expect(sum(there.light)).toBeGreaterThan(10);
    expect(sum(placed.light) / sum(there.light)).toBeCloseTo(1, 2);
  });

  it('have normals that point out of the body', () => {
    const figure = figureOf(appearanceOf(4, 3, { statureM: 1.7 }), moment({ x: 0, y: 0 }));
    const torso = figure.meshes[0];
    if (torso === undefined) throw new Error('no torso');
    let out = 0;
    for (let i = 0; i < torso.positions.length; i += 3) {
      const x = torso.positions[i] ?? 0;
      const y = torso.positions[i + 1] ?? 0;
      if (x * (torso.normals[i] ?? 0) + y * (torso.normals[i + 1] ?? 0) > 0) out += 3;
    }
    expect(out / torso.positions.length).toBeGreaterThan(0.9);
  });

  it('wear cloth whose noise has no favourite: mean near 0', () => {
    let sum = 0;
    for (let i = 0; i < 4096; i += 1) sum += pink((i % 64) / 64, Math.floor(i / 64) / 64);
    expect(Math.abs(sum / 4096)).toBeLessThan(0.15);
  });
});
