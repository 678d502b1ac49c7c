import type { Camera } from '../camera/camera.js';
import type { Figure, Vec3 } from '../mesh.js';
import type { Canvas } from './canvas.js';
import type { Beam, LocalLight } from './lighting.js';

/** A body as the light meets it: an upright post, metres. */
const BODY_RADIUS_M = 0.21;
/** Share of a person's height that throws a shadow as wide as the body. */
const BODY_SHARE = 0.95;
/** The edge of a shadow, metres, at the foot and for each metre that light goes on behind the body. */
const EDGE_M = 0.05;
const EDGE_GROWTH_LAMP = 0.16;
const EDGE_GROWTH_SUN = 0.03;
/** Longest shadow that is drawn, metres: a lamp's is lost in the light of the others long before the sun's ends. */
const LENGTH_MAX_M = 7;
const LAMP_LENGTH_MAX_M = 2.4;
/** Less than this is not seen, and the picture not made anew for it. */
const DARK_MIN = 0.012;
/** The darkness right under a person: its reach, and the share of the light that it takes. */
const CONTACT_RADIUS_M = 0.42;
const CONTACT_TAKES = 0.5;
/** Beams with less of the light than this throw no shadow that would be seen. */
const SHARE_MIN = 0.07;

/** Takes the light from the scene's pixels on which a person throws a shadow. */
export function castShadows(
  camera: Camera,
  canvas: Canvas,
  places: Float32Array,
  { foot, heightM }: Figure,
  local: LocalLight,
): void {
  contact(camera, canvas, places, foot);
  for (const beam of local.beams) {
    if (beam.share < SHARE_MIN || beam.direction[2] < 0.08) continue;
    cast(camera, canvas, places, foot, heightM * BODY_SHARE, beam);
  }
}

interface Region {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The picture's pixels in which circles on the floor lie; undefined: none. */
function regionOf(
  camera: Camera,
  circles: readonly (readonly [place: Vec3, radiusM: number])[],
): Region | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [[x, y, z], radius] of circles) {
    for (let corner = 0; corner < 4; corner++) {
      const seen = camera.project([
        x + (corner & 1 ? radius : -radius),
        y + (corner & 2 ? radius : -radius),
        z,
      ]);
      if (seen === undefined) continue;
      left = Math.min(left, seen.u);
      right = Math.max(right, seen.u);
      top = Math.min(top, seen.v);
      bottom = Math.max(bottom, seen.v);
    }
  }
  left = Math.max(0, Math.floor(left));
  top = Math.max(0, Math.floor(top));
  right = Math.min(camera.width - 1, Math.ceil(right));
  bottom = Math.min(camera.height - 1, Math.ceil(bottom));
  return left <= right && top <= bottom ? { left, top, right, bottom } : undefined;
}

function contact(camera: Camera, canvas: Canvas, places: Float32Array, foot: Vec3): void {
  const region = regionOf(camera, [[foot, CONTACT_RADIUS_M]]);
  if (region === undefined) return;
  canvas.touch(region.left, region.top, region.right + 1, region.bottom + 1);
  for (let row = region.top; row <= region.bottom; row++) {
    for (let column = region.left; column <= region.right; column++) {
      const pixel = row * canvas.width + column;
      const at = pixel * 3;
      const dx = (places[at] as number) - foot[0];
      const dy = (places[at + 1] as number) - foot[1];
      const dz = (places[at + 2] as number) - foot[2];
      const squared = (dx * dx + dy * dy + dz * dz * 4) / (CONTACT_RADIUS_M * CONTACT_RADIUS_M);
      if (!(squared < 1)) continue;
      const near = 1 - squared;
      canvas.lightKept[pixel] =
        (canvas.lightKept[pixel] as number) * (1 - CONTACT_TAKES * near * near);
    }
  }
}

function cast(
  camera: Camera,
  canvas: Canvas,
  places: Float32Array,
  foot: Vec3,
  height: number,
  { direction, position, share }: Beam,
): void {
  const growth = position === undefined ? EDGE_GROWTH_SUN : EDGE_GROWTH_LAMP;
  const flat = Math.hypot(direction[0], direction[1]);
  const rise = position === undefined ? direction[2] / Math.max(1e-6, flat) : 0;
  const reach =
    position === undefined
      ? Math.min(LENGTH_MAX_M, height / Math.max(0.05, rise))
      : lampReach(foot, height, position);
  const away = reach / Math.max(1e-6, flat);
  const tip: Vec3 = [foot[0] - direction[0] * away, foot[1] - direction[1] * away, foot[2]];
  const radius = BODY_RADIUS_M + EDGE_M;
  const region = regionOf(camera, [
    [foot, radius],
    [tip, radius + growth * reach],
  ]);
  if (region === undefined) return;
  const { lightKept } = canvas;
  // A soft edge needs no place of its own for every pixel: two by two share one.
  const fade = position === undefined ? 0 : 1 / (LAMP_LENGTH_MAX_M * LAMP_LENGTH_MAX_M);
  let lx = direction[0];
  let ly = direction[1];
  let lz = direction[2];
  let left = Infinity;
  let right = -1;
  let top = Infinity;
  let bottom = -1;
  for (let row = region.top & ~1; row <= region.bottom; row += 2) {
    for (let column = region.left & ~1; column <= region.right; column += 2) {
      const pixel = row * canvas.width + column;
      const at = pixel * 3;
      const x = places[at] as number;
      const y = places[at + 1] as number;
      const z = places[at + 2] as number;
      const over = z - foot[2];
      if (!(over < height)) continue;
      if (position !== undefined) {
        lx = position[0] - x;
        ly = position[1] - y;
        lz = position[2] - z;
      }
      // Nearest approach, seen from above, of the line from here to the light to the post that the body is.
      const dx = foot[0] - x;
      const dy = foot[1] - y;
      const level = lx * lx + ly * ly;
      if (level < 1e-6) continue;
      const t = (dx * lx + dy * ly) / level;
      if (t <= 0) continue;
      const h = over + t * lz;
      if (h > height + 0.1 || h < -0.05) continue;
      const missX = dx - t * lx;
      const missY = dy - t * ly;
      const gone = t * t * level;
      if (fade * gone >= 1) continue;
      const edge = EDGE_M + growth * t * Math.sqrt(level);
      const miss = Math.sqrt(missX * missX + missY * missY);
      if (miss >= BODY_RADIUS_M + edge) continue;
      const inside = Math.min(1, (BODY_RADIUS_M + edge - miss) / (2 * edge));
      const under = Math.min(1, (height + 0.1 - h) / (0.1 + edge));
      // A wide soft edge also thins the core.
      const core = BODY_RADIUS_M / Math.max(BODY_RADIUS_M, edge);
      const dark = inside * inside * (3 - 2 * inside) * under * core * (1 - fade * gone);
      if (share * dark < DARK_MIN) continue;
      const kept = 1 - share * dark;
      if (column < left) left = column;
      if (column > right) right = column;
      if (row < top) top = row;
      bottom = row;
      const down = row + 1 < canvas.height ? pixel + canvas.width : pixel;
      const across = column + 1 < canvas.width ? 1 : 0;
      lightKept[pixel] = (lightKept[pixel] as number) * kept;
      if (across === 1) lightKept[pixel + 1] = (lightKept[pixel + 1] as number) * kept;
      if (down !== pixel) {
        lightKept[down] = (lightKept[down] as number) * kept;
        if (across === 1) lightKept[down + 1] = (lightKept[down + 1] as number) * kept;
      }
    }
  }
  if (right >= 0) canvas.touch(left, top, right + 2, bottom + 2);
}

function lampReach(foot: Vec3, height: number, lamp: Vec3): number {
  const over = lamp[2] - foot[2] - height;
  const flat = Math.hypot(lamp[0] - foot[0], lamp[1] - foot[1]);
  if (over <= 0.1) return LAMP_LENGTH_MAX_M;
  return Math.min(LAMP_LENGTH_MAX_M, (flat * height) / over);
}
