import type { Camera } from '../camera/camera.js';
import type { Light, Mesh, Vec3 } from '../mesh.js';
import { shadeAt } from './lighting.js';
import { SAMPLES, scratchBuffer } from './samples.js';
import { cutIntoPieces } from './scene-pieces.js';
import { drawScenePiece } from './scene-triangle.js';
import type { SceneVertex } from './scene-vertex.js';

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
  if (under === undefined) buffer.inverse.fill(0);
  else buffer.inverse.set(under.inverse);
  for (const mesh of meshes) drawMesh(camera, light, mesh, buffer);

  const layer: StaticLayer = {
    rgb: under === undefined ? new Float32Array(width * height * 3) : under.rgb.slice(),
    inverse: buffer.inverse.slice(),
    places: under === undefined ? new Float32Array(width * height * 3) : under.places.slice(),
  };
  const background = under?.rgb;
  const behind = under?.inverse;
  const { sky } = light;
  const eye = camera.position;
  for (let row = 0, pixel = 0; row < height; row++) {
    for (let column = 0; column < width; column++, pixel++) {
      const to = pixel * 3;
      let drawn = 0;
      let [r, g, b] = [0, 0, 0];
      let nearest = 0;
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
        const at = (row * SAMPLES + (sample >> 1)) * buffer.width + column * SAMPLES + (sample & 1);
        const inverse = buffer.inverse[at] as number;
        if (inverse > nearest) nearest = inverse;
        if (!(inverse > (behind === undefined ? 0 : (behind[at] as number)))) continue;
        drawn++;
        r += buffer.rgb[at * 3] as number;
        g += buffer.rgb[at * 3 + 1] as number;
        b += buffer.rgb[at * 3 + 2] as number;
      }
      if (drawn === 0 && under !== undefined) continue;
      const rest = 1 - drawn / (SAMPLES * SAMPLES);
      layer.rgb[to] =
        r / (SAMPLES * SAMPLES) +
        rest * (background === undefined ? sky[0] : (background[to] as number));
      layer.rgb[to + 1] =
        g / (SAMPLES * SAMPLES) +
        rest * (background === undefined ? sky[1] : (background[to + 1] as number));
      layer.rgb[to + 2] =
        b / (SAMPLES * SAMPLES) +
        rest * (background === undefined ? sky[2] : (background[to + 2] as number));
      const depth = nearest > 0 ? 1 / nearest : NaN;
      layer.places[to] = eye[0] + depth * (rays[to] as number);
      layer.places[to + 1] = eye[1] + depth * (rays[to + 1] as number);
      layer.places[to + 2] = eye[2] + depth * (rays[to + 2] as number);
    }
  }
  return layer;
}

function drawMesh(
  camera: Camera,
  light: Light,
  mesh: Mesh,
  buffer: ReturnType<typeof scratchBuffer>,
): void {
  const { gloss } = mesh.material;
  const lit = (vertex: SceneVertex): void => {
    if (vertex.isLit) return;
    const place: Vec3 = [vertex.x, vertex.y, vertex.z];
    shadeAt(light, place, [vertex.nx, vertex.ny, vertex.nz], camera.position, gloss, vertex);
    vertex.isLit = true;
  };
  cutIntoPieces(camera, mesh, (a, b, c) => {
    lit(a);
    lit(b);
    lit(c);
    drawScenePiece(buffer, mesh.material, a, b, c);
  });
}
