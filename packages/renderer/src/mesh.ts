/** What the scene and the figures are made of, and what the rasteriser draws. Metres; x east, y north, z up. */

/** x, y, z in metres, or red, green, blue as linear factors. */
export type Vec3 = readonly [x: number, y: number, z: number];

/** sRGB bytes, three a texel, row by row from v = 0. Both sides are powers of two; it repeats in u and v. */
export interface Texture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

export interface Material {
  readonly texture: Texture;
  /** Multiplies the linear texel. */
  readonly tint: Vec3;
  /** 0 dull to 1 polished. */
  readonly gloss: number;
  /** Light that it gives by itself, as a factor on its own colour. */
  readonly emission: number;
}

/**
 * Triangles with one material. `positions` and `normals` hold three numbers a vertex, `uv` two, `triangles` three
 * indices of vertices; normals are unit vectors. The scene's triangles are seen from both sides. A figure's triangle
 * is seen from the side from which its corners run counter-clockwise, where its normals point to: a figure is made of
 * closed bodies, and a sheet (a cape, a wheel's disc) has both its sides.
 */
export interface Mesh {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly uv: Float32Array;
  readonly triangles: Uint32Array;
  readonly material: Material;
}

export interface Light {
  /** Unit vector towards the sun. Absent: no sun comes in. */
  readonly sunDirection?: Vec3;
  readonly sun: Vec3;
  /** Ambient light from above and from below. */
  readonly sky: Vec3;
  readonly ground: Vec3;
  readonly lamps: readonly { readonly position: Vec3; readonly colour: Vec3 }[];
  /** Multiplies the linear light before the tone curve. */
  readonly exposure: number;
}

/** A frame of its own that stands on the world's floor: where its origin is, and where its x axis is turned to. */
export interface Placement {
  readonly origin: Vec3;
  /** From x (east) towards y (north). */
  readonly headingRad: number;
}

/** A person as a camera sees one, with all that is carried or pushed. */
export interface Figure {
  /** Id of the person in the simulation. */
  readonly person: number;
  readonly meshes: readonly Mesh[];
  /** Where the frame of the meshes stands, so that one body serves many instants. Absent: they are in the world's. */
  readonly placed?: Placement;
  /**
   * How many of the meshes, from the first on, are the person (clothes and worn bags included) and so count for the
   * box and the visible share; the rest (a pushchair, a bicycle, a trolley case) is only drawn. Default: all.
   */
  readonly bodyMeshes?: number;
  /** Centre (in the world) and radius of the head with hair or hat. Default: the upper 13 % of the body. */
  readonly head?: { readonly centre: Vec3; readonly radiusM: number };
  /** m/s, for motion blur. */
  readonly velocity: Vec3;
  readonly heightM: number;
  /** Where the person stands: z is the floor's. */
  readonly foot: Vec3;
}

/** Pixels: left, top, right, bottom. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

/** What is true of one person in one camera's picture. */
export interface PersonTruth {
  readonly person: number;
  /** The full body's extent as if nothing hid it, not cut at the picture's border. */
  readonly box: Box;
  readonly foot: readonly [u: number, v: number];
  readonly head: Box;
  /** Share of its pixels, 0 to 1, that nothing hides and that lie inside the picture. */
  readonly visible: number;
}
