/** The people of one picture, while they are laid over each other from the front to the back. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Linear light of the people, three numbers a pixel, already weighted by how much of it reaches the camera. */
  readonly rgb: Float32Array;
  /** Share of each pixel through which what is behind is still seen. */
  readonly through: Float32Array;
  /** Share of its light that each pixel of the scene keeps under people's shadows. */
  readonly lightKept: Float32Array;
}

export function newCanvas(width: number, height: number): Canvas {
  return {
    width,
    height,
    rgb: new Float32Array(width * height * 3),
    through: new Float32Array(width * height).fill(1),
    lightKept: new Float32Array(width * height).fill(1),
  };
}

export function clearCanvas(canvas: Canvas): void {
  canvas.rgb.fill(0);
  canvas.through.fill(1);
  canvas.lightKept.fill(1);
}
