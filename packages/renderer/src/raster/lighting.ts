import { unturned } from '../camera/camera.js';
import type { Light, Placement, Vec3 } from '../mesh.js';

/** A lamp farther than this from a point is left out, metres. */
const LAMP_REACH_M = 18;
/** Nearest that a lamp counts as, squared metres: lamps are tubes and panels, not points. */
const LAMP_NEAR_M2 = 0.36;
/** How far light wraps around an edge, as lamps of some size and walls that shine back make it. */
const WRAP = 0.15;
/** Reflection of a dielectric looked at straight on (Schlick, "An inexpensive BRDF model", 1994). */
const REFLECTANCE = 0.04;

/** What reaches a point: three colours that multiply the surface's own, and a white gleam on top. */
export interface Shade {
  r: number;
  g: number;
  b: number;
  gleam: number;
}

/**
 * Light on a surface point with the unit normal `n`, seen from `eye`. A normal that points away from the eye is turned:
 * the scene's surfaces have two sides.
 */
export function shadeAt(
  light: Light,
  p: Vec3,
  normal: Vec3,
  eye: Vec3,
  gloss: number,
  out: Shade,
): void {
  let [nx, ny, nz] = normal;
  let [ex, ey, ez] = [eye[0] - p[0], eye[1] - p[1], eye[2] - p[2]];
  const away = 1 / Math.max(1e-6, Math.hypot(ex, ey, ez));
  ex *= away;
  ey *= away;
  ez *= away;
  let facing = nx * ex + ny * ey + nz * ez;
  if (facing < 0) {
    [nx, ny, nz] = [-nx, -ny, -nz];
    facing = -facing;
  }
  const up = nz * 0.5 + 0.5;
  out.r = light.ground[0] + (light.sky[0] - light.ground[0]) * up;
  out.g = light.ground[1] + (light.sky[1] - light.ground[1]) * up;
  out.b = light.ground[2] + (light.sky[2] - light.ground[2]) * up;
  const fresnel = REFLECTANCE + (1 - REFLECTANCE) * (1 - facing) ** 5;
  out.gleam = gloss * fresnel * (out.r + out.g + out.b) * 0.3;
  const shininess = 8 + 180 * gloss * gloss;
  const strength = gloss * fresnel * (shininess + 8) * 0.04;
  const { sunDirection: sun } = light;
  if (sun !== undefined) {
    const lambert = nx * sun[0] + ny * sun[1] + nz * sun[2];
    if (lambert > 0) {
      out.r += light.sun[0] * lambert;
      out.g += light.sun[1] * lambert;
      out.b += light.sun[2] * lambert;
      const gleam = glint(nx, ny, nz, sun[0] + ex, sun[1] + ey, sun[2] + ez, shininess);
      out.gleam += strength * gleam * lambert * light.sun[1];
    }
  }
  for (const { position, colour } of light.lamps) {
    const lx = position[0] - p[0];
    const ly = position[1] - p[1];
    const lz = position[2] - p[2];
    const squared = lx * lx + ly * ly + lz * lz;
    if (squared > LAMP_REACH_M * LAMP_REACH_M) continue;
    const inverse = 1 / Math.sqrt(Math.max(1e-6, squared));
    const lambert = ((nx * lx + ny * ly + nz * lz) * inverse + WRAP) / (1 + WRAP);
    if (lambert <= 0) continue;
    // Ends softly where its reach ends, so that no circle is seen.
    const fade = 1 - squared / (LAMP_REACH_M * LAMP_REACH_M);
    const given = (fade * fade) / Math.max(LAMP_NEAR_M2, squared);
    out.r += colour[0] * lambert * given;
    out.g += colour[1] * lambert * given;
    out.b += colour[2] * lambert * given;
    if (gloss > 0.02) {
      const gleam = glint(
        nx,
        ny,
        nz,
        lx * inverse + ex,
        ly * inverse + ey,
        lz * inverse + ez,
        shininess,
      );
      out.gleam += strength * gleam * lambert * given * colour[1];
    }
  }
}

/** Blinn's highlight for the unnormalised half vector (hx, hy, hz). */
function glint(
  nx: number,
  ny: number,
  nz: number,
  hx: number,
  hy: number,
  hz: number,
  shininess: number,
): number {
  const cos = (nx * hx + ny * hy + nz * hz) / Math.max(1e-6, Math.hypot(hx, hy, hz));
  return cos > 0 ? cos ** shininess : 0;
}

/** A light that is far enough to be the same for all of a person. */
export interface Beam {
  /** Unit vector towards the light. */
  readonly direction: Vec3;
  readonly colour: Vec3;
  /** Where it hangs; undefined: the sun. */
  readonly position: Vec3 | undefined;
  /** Its share of all that reaches the floor there, 0 to 1. */
  readonly share: number;
}

/** The light about one place, for shading a whole person at once. */
export interface LocalLight {
  readonly sky: Vec3;
  readonly ground: Vec3;
  readonly beams: readonly Beam[];
}

/** Lamps that are followed one by one for a person; the rest counts as light from above. */
const BEAMS_MAX = 3;

/** The light at a place, as few beams as do justice to it. */
export function lightAt(light: Light, place: Vec3): LocalLight {
  const found: { direction: Vec3; colour: Vec3; position: Vec3 | undefined; onFloor: number }[] =
    [];
  if (light.sunDirection !== undefined && light.sunDirection[2] > 0) {
    const onFloor = light.sun[1] * light.sunDirection[2];
    found.push({ direction: light.sunDirection, colour: light.sun, position: undefined, onFloor });
  }
  for (const { position, colour } of light.lamps) {
    const d: Vec3 = [position[0] - place[0], position[1] - place[1], position[2] - place[2]];
    const squared = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    if (squared > LAMP_REACH_M * LAMP_REACH_M) continue;
    const inverse = 1 / Math.sqrt(Math.max(1e-6, squared));
    const direction: Vec3 = [d[0] * inverse, d[1] * inverse, d[2] * inverse];
    const fade = 1 - squared / (LAMP_REACH_M * LAMP_REACH_M);
    const given = (fade * fade) / Math.max(LAMP_NEAR_M2, squared);
    const onFloor = colour[1] * given * Math.max(0, direction[2]);
    found.push({ direction, colour: scaled(colour, given), position, onFloor });
  }
  found.sort((a, b) => b.onFloor - a.onFloor);
  let all = light.sky[1];
  for (const { onFloor } of found) all += onFloor;
  const sky: [number, number, number] = [...light.sky];
  for (const { colour, direction } of found.slice(BEAMS_MAX)) {
    const weight = 0.5 * Math.max(0, direction[2]);
    for (let c = 0; c < 3; c++) sky[c] = (sky[c] as number) + (colour[c] as number) * weight;
  }
  return {
    sky,
    ground: light.ground,
    beams: found.slice(0, BEAMS_MAX).map(({ direction, colour, position, onFloor }) => ({
      direction,
      colour,
      position,
      share: all > 0 ? onFloor / all : 0,
    })),
  };
}

/** The light as somebody sees it who stands there: beams come from other sides, above stays above. */
export function turnedTo(local: LocalLight, placed: Placement | undefined): LocalLight {
  if (placed === undefined) return local;
  const beams = local.beams.map((beam) => ({
    ...beam,
    direction: unturned(beam.direction, placed.headingRad),
  }));
  return { ...local, beams };
}

function scaled(colour: Vec3, by: number): Vec3 {
  return [colour[0] * by, colour[1] * by, colour[2] * by];
}
