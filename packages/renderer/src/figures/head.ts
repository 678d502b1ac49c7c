import type { Vec3 } from '../mesh.js';
import type { Appearance, Part } from './appearance.js';
import type { Detail } from './body.js';
import { Sculpt, type Ring } from './sculpt.js';
import type { Skeleton } from './skeleton.js';
import { along, cross, lerp, scale, sub } from './vec.js';

/** Head, neck, hair and what is worn on the head, each with the part of the wardrobe it is made of. */
export function head(who: Appearance, bones: Skeleton, detail: Detail): [Part, Sculpt][] {
  const { head: centre, headUp: up, headAhead: ahead, headM: r } = bones;
  const left = cross(up, ahead);
  const side = scale(left, -1);
  const ring = (z: number, w: number, d: number, x: number): Ring => ({
    centre: along(along(centre, up, z * r), ahead, x * r),
    side,
    front: ahead,
    sideM: w * r,
    frontM: d * r,
    power: 2.15,
  });
  const face = new Sculpt();
  face.loft(
    [
      ring(-1, 0.2, 0.24, 0.35),
      ring(-0.9, 0.38, 0.45, 0.24),
      ring(-0.6, 0.53, 0.66, 0.08),
      ring(-0.2, 0.63, 0.78, 0.01),
      ring(0.2, 0.66, 0.83, -0.02),
      ring(0.55, 0.6, 0.76, -0.04),
      ring(0.83, 0.42, 0.52, -0.05),
      ring(1, 0.1, 0.14, -0.06),
    ],
    { segments: detail.segments },
  );
  if (detail.extras) {
    const nose = along(along(centre, up, -0.12 * r), ahead, 0.83 * r);
    face.limb(
      [along(nose, up, 0.25 * r), nose, along(nose, up, -0.12 * r)],
      [0.04 * r, 0.14 * r, 0.05 * r],
      ahead,
      { segments: 4, uv: [0.05, 0.5, 0.1, 0.55] },
    );
  }
  const neck = new Sculpt();
  const base = along(bones.neck, bones.up, -0.03 * bones.statureM);
  const chin = along(along(centre, up, -0.55 * r), ahead, -0.22 * r);
  const w = 0.0315 * bones.statureM * (1 - 0.15 * who.curved + 0.12 * who.heavy);
  neck.limb([base, lerp(base, chin, 0.5), chin], [w * 1.15, w, w], ahead, {
    segments: detail.fine,
  });
  const parts: [Part, Sculpt][] = [
    ['face', face],
    ['skin', neck],
  ];
  const covered = who.headwear === 'hood' || who.headwear === 'scarf';
  if (who.hair !== 'bald' && !covered) parts.push(['hair', hair(who, bones, detail)]);
  if (who.headwear !== 'none') {
    parts.push([who.headwear === 'hood' ? 'sleeve' : 'hat', headwear(who, bones, detail)]);
  }
  if (who.scarf) {
    const scarf = new Sculpt();
    const at = (k: number): Vec3 => lerp(base, chin, k);
    scarf.limb([at(0.05), at(0.35), at(0.7)], [w * 1.9, w * 2.1, w * 1.5], ahead, {
      segments: detail.fine,
    });
    parts.push(['extra', scarf]);
  }
  return parts;
}

/**
 * A cap around the skull from the crown to an edge that is high at the forehead and low at the nape: `edge` gives the
 * edge's height (in half heads) by how far round it is, 0 ahead to 1 behind.
 */
function cap(
  bones: Skeleton,
  detail: Detail,
  grow: number,
  edge: (behind: number) => number,
  flare = 0,
): Sculpt {
  const { head: centre, headUp: up, headAhead: ahead, headM: r } = bones;
  const side = scale(cross(up, ahead), -1);
  const out = new Sculpt();
  const n = detail.segments;
  const rows = 5;
  for (let row = 0; row <= rows; row += 1) {
    for (let i = 0; i <= n; i += 1) {
      const t = (i / n) * 2 * Math.PI;
      const behind = (1 - Math.cos(t)) / 2;
      const low = edge(behind);
      const top = 1 + grow;
      // Even steps of the angle from the crown, down to the edge.
      const last = Math.acos(Math.max(-1, Math.min(1, Math.max(low, -0.5) / top)));
      const angle = (row / rows) * last;
      let z = top * Math.cos(angle);
      const k = Math.sin(Math.min(angle, Math.PI / 2 + 0.35));
      if (low < -0.5 && row === rows) z = low;
      const wide = 1 + flare * (row / rows) ** 2;
      let p = along(centre, up, z * r);
      p = along(p, side, Math.sin(t) * (0.66 + grow) * k * wide * r);
      p = along(p, ahead, (Math.cos(t) * (0.83 + grow) * k * wide - 0.05) * r);
      out.vertex(p, i / n, 1 - row / rows);
    }
  }
  for (let row = 0; row < rows; row += 1) {
    for (let i = 0; i < n; i += 1) {
      const p = row * (n + 1) + i;
      out.triangles.push(p, p + 1, p + n + 1, p + 1, p + n + 2, p + n + 1);
    }
  }
  return out;
}

function hair(who: Appearance, bones: Skeleton, detail: Detail): Sculpt {
  const { head: centre, headUp: up, headAhead: ahead, headM: r } = bones;
  const front = 0.42 + 0.3 * who.habit;
  switch (who.hair) {
    case 'bob':
      return cap(bones, detail, 0.13, (b) => (b < 0.22 ? front : -0.85), 0.05);
    case 'long': {
      const out = cap(bones, detail, 0.11, (b) => (b < 0.22 ? front : b < 0.55 ? -1 : -1.5), 0.04);
      const fall = 0.9 + 1.4 * who.phase;
      const nape = along(along(centre, up, -0.6 * r), ahead, -0.62 * r);
      const end = along(along(nape, bones.up, -fall * r), ahead, -0.12 * r);
      out.limb([along(nape, up, 0.7 * r), nape, end], [0.5 * r, 0.5 * r, 0.34 * r], ahead, {
        segments: detail.fine,
        flat: 1.3,
      });
      return out;
    }
    case 'tail': {
      const out = cap(bones, detail, 0.07, (b) => front - b * 0.95);
      const root = along(along(centre, up, 0.25 * r), ahead, -0.95 * r);
      const end = along(along(root, up, -1.5 * r), ahead, -0.25 * r);
      out.limb(
        [root, along(lerp(root, end, 0.4), ahead, -0.2 * r), end],
        [0.16 * r, 0.22 * r, 0.1 * r],
        ahead,
        {
          segments: 5,
        },
      );
      return out;
    }
    case 'bun': {
      const out = cap(bones, detail, 0.07, (b) => front - b * 0.9);
      const at = along(along(centre, up, 0.55 * r), ahead, -0.95 * r);
      out.ellipsoid(at, [0.36 * r, 0.36 * r, 0.36 * r], 6, 5);
      return out;
    }
    case 'afro':
      return cap(bones, detail, 0.4, (b) => front - b * 0.8);
    default:
      return cap(
        bones,
        detail,
        0.06 + 0.06 * who.phase,
        (b) => front - Math.min(1, b * 1.25) * 0.95,
      );
  }
}

function headwear(who: Appearance, bones: Skeleton, detail: Detail): Sculpt {
  const { head: centre, headUp: up, headAhead: ahead, headM: r } = bones;
  const left = cross(up, ahead);
  switch (who.headwear) {
    case 'cap': {
      const out = cap(bones, detail, 0.13, () => 0.42);
      const brow = along(along(centre, up, 0.42 * r), ahead, 0.7 * r);
      out.box(
        along(brow, ahead, 0.35 * r),
        scale(ahead, 0.45 * r),
        scale(left, 0.5 * r),
        scale(up, 0.05 * r),
      );
      return out;
    }
    case 'hat': {
      const out = cap(bones, detail, 0.2, () => 0.45);
      out.ellipsoid(
        along(centre, up, 0.46 * r),
        [1.5 * r, 1.35 * r, 0.07 * r],
        detail.segments,
        3,
        [ahead, left, up],
      );
      return out;
    }
    case 'hood': {
      const out = cap(bones, detail, 0.2, (b) => (b < 0.17 ? 0.62 : -1.1), 0.05);
      const nape = along(sub(centre, scale(up, 0.95 * r)), ahead, -0.3 * r);
      out.ellipsoid(nape, [0.75 * r, 0.95 * r, 0.5 * r], detail.fine, 4);
      return out;
    }
    case 'scarf':
      return cap(bones, detail, 0.12, (b) => (b < 0.2 ? 0.6 : -1.4), 0.12);
    default:
      return cap(bones, detail, 0.15, (b) => 0.42 - 0.35 * b);
  }
}
