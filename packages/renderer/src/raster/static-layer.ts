import type { Camera } from '../camera/camera.js';
import type { Light, Mesh, Vec3 } from '../mesh.js';
import { shadeAt } from './lighting.js';
import { SAMPLES, type SampleBuffer, scratchBuffer } from './samples.js';
import { cutIntoPieces } from './scene-pieces.js';
import { drawScenePiece } from './scene-triangle.js';
import type { SceneVertex } from './scene-vertex.js';

const PER_PIXEL = SAMPLES * SAMPLES;

/** What a camera sees when nobody is there. */
export interface StaticLayer {
  /** Linear light, three numbers a pixel. */
  readonly rgb: Float32Array;
  /** 1 ÷ depth of each sample (`SAMPLES`² a pixel); 0: nothing. */
  readonly inverse: Float32Array;
  /** Where in the world each pixel's centre is, x, y, z; NaN: nowhere. */
  readonly places: Float32Array;
}

/**
 * Draws the meshes with their light. With `under`, they are drawn over that layer, which stays as it is: so a train that
 * stands in a station costs its own pixels and not the station's.
 */
export function drawStaticLayer(
  camera: Camera,
  rays: Float32Array,
  light: Light,
  meshes: readonly Mesh[],
  under?: StaticLayer,
): StaticLayer {
  const { width, height } = camera;
  const buffer = scratchBuffer(width, height);
  if (under !== undefined && !meshes.some((mesh) => mayBeSeen(camera, mesh))) return under;
  if (under === undefined) buffer.inverse.fill(0);
  else buffer.inverse.set(under.inverse);
  let pieces = 0;
  for (const mesh of meshes) pieces += drawMesh(camera, light, mesh, buffer);
  if (pieces === 0 && under !== undefined) return under;
  const layer: StaticLayer = {
    rgb: under === undefined ? new Float32Array(width * height * 3) : under.rgb.slice(),
    inverse: buffer.inverse.slice(),
    places: under === undefined ? new Float32Array(width * height * 3) : under.places.slice(),
  };
  average(buffer, layer, under, light.sky, camera, rays);
  return layer;
}

/** Brings samples to pixels, and says where in the world each pixel is. What was not drawn anew stays as it is. */
function average(
  buffer: SampleBuffer,
  { rgb, places }: StaticLayer,
  under: StaticLayer | undefined,
  sky: Vec3,
  { position: eye, width, height }: Camera,
  rays: Float32Array,
): void {
  const { inverse: drawn, rgb: light } = buffer;
  const across = buffer.width;
  const offsets = [0, 1, across, across + 1];
  const behind = under?.inverse;
  for (let row = 0, pixel = 0; row < height; row++) {
    for (let column = 0; column < width; column++, pixel++) {
      const first = row * SAMPLES * across + column * SAMPLES;
      let covered = 0;
      let r = 0;
      let g = 0;
      let b = 0;
      let nearest = 0;
      for (let sample = 0; sample < PER_PIXEL; sample++) {
        const at = first + (offsets[sample] as number);
        const inverse = drawn[at] as number;
        if (!(inverse > (behind === undefined ? 0 : (behind[at] as number)))) continue;
        if (inverse > nearest) nearest = inverse;
        covered++;
        r += light[at * 3] as number;
        g += light[at * 3 + 1] as number;
        b += light[at * 3 + 2] as number;
      }
      if (covered === 0 && under !== undefined) continue;
      const to = pixel * 3;
      const rest = PER_PIXEL - covered;
      if (rest > 0) {
        r += rest * (under === undefined ? sky[0] : (rgb[to] as number));
        g += rest * (under === undefined ? sky[1] : (rgb[to + 1] as number));
        b += rest * (under === undefined ? sky[2] : (rgb[to + 2] as number));
      }
      rgb[to] = r / PER_PIXEL;
      rgb[to + 1] = g / PER_PIXEL;
      rgb[to + 2] = b / PER_PIXEL;
      const depth = nearest > 0 ? 1 / nearest : NaN;
      places[to] = eye[0] + depth * (rays[to] as number);
      places[to + 1] = eye[1] + depth * (rays[to + 1] as number);
      places[to + 2] = eye[2] + depth * (rays[to + 2] as number);
    }
  }
}

/** False only where all corners of the mesh are behind the camera. What is beside the picture is culled piece by piece. */
function mayBeSeen({ position, forward }: Camera, { positions }: Mesh): boolean {
  for (let at = 0; at < positions.length; at += 3) {
    const x = (positions[at] as number) - position[0];
    const y = (positions[at + 1] as number) - position[1];
    const z = (positions[at + 2] as number) - position[2];
    if (forward[0] * x + forward[1] * y + forward[2] * z > 0) return true;
  }
  return false;
}

/** Answers how many pieces of it may be seen. */
function drawMesh(camera: Camera, light: Light, mesh: Mesh, buffer: SampleBuffer): number {
  const { gloss } = mesh.material;
  const lit = (vertex: SceneVertex): void => {
    if (vertex.isLit) return;
    const place: Vec3 = [vertex.x, vertex.y, vertex.z];
    shadeAt(light, place, [vertex.nx, vertex.ny, vertex.nz], camera.position, gloss, vertex);
    vertex.isLit = true;
  };
  let pieces = 0;
  cutIntoPieces(camera, mesh, (a, b, c) => {
    pieces++;
    lit(a);
    lit(b);
    lit(c);
    drawScenePiece(buffer, mesh.material, a, b, c);
  });
  return pieces;
}
