/**
 * Where a camera hangs, where it looks and through which lens. Pixels are measured from the picture's left upper
 * corner: the centre of the first pixel is (0.5, 0.5).
 */
export interface CameraPose {
  /** Metres on the floor, and above it. */
  readonly x: number;
  readonly y: number;
  readonly heightM: number;
  /** Direction of view on the floor, counter-clockwise from east (x). */
  readonly yawRad: number;
  /** How far it looks below the horizontal: π/2 is straight down. */
  readonly tiltRad: number;
  /** Turn about the line of sight; positive turns the camera clockwise as seen from behind it. */
  readonly rollRad: number;
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
  /** Brown–Conrady coefficients, as OpenCV names them; all 0: a pinhole. */
  readonly k1: number;
  readonly k2: number;
  readonly k3: number;
  readonly p1: number;
  readonly p2: number;
  readonly imageWidth: number;
  readonly imageHeight: number;
}
