import { HitonamiError } from '@hitonami/model';
import type { ModelSignature } from '../onnx/signature.js';
import type { Detector, DetectorFamily, ModelNotes, OutputTensor } from './family.js';
import {
  chooseInput,
  float32Output,
  IMAGENET_DEVIATION,
  IMAGENET_MEAN,
  NO_MEAN,
  preprocessingOf,
} from './inputs.js';

/** A cell of the map is at most this wide and high, network pixels. */
const CELL_MAX = 16;

/**
 * Density maps (MCNN, CSRNet and others): one output [1, 1, H/k, W/k] whose sum is the number of people. A model in
 * grey takes 0–255 as it is (MCNN), one in colour ImageNet's mean and deviation (CSRNet). Source: Zhang et al.,
 * "Single-Image Crowd Counting via Multi-Column Convolutional Neural Network".
 */
export const density: DetectorFamily = {
  name: 'density',
  looksLike: 'one float32 output [1,1,H/k,W/k], one float32 input [1,1,H,W] or [1,3,H,W]',

  recognise(signature: ModelSignature, notes: ModelNotes): Detector | undefined {
    const [output, ...others] = signature.outputs;
    if (output === undefined || others.length > 0) return undefined;
    const [, planes, rows, columns] = output.dims;
    const isMap = output.elementType === 'float32' && output.dims.length === 4 && planes === 1;
    if (!isMap) return undefined;
    const input = chooseInput(signature, notes, { size: [640, 480], multiple: CELL_MAX });
    if (input === undefined) return undefined;
    const { width, height, channels } = input;
    const fits = (cells: unknown, side: number): boolean =>
      typeof cells === 'string' || (typeof cells === 'number' && isCellCount(cells, side));
    if (!fits(rows, height) || !fits(columns, width)) return undefined;

    const isGrey = channels === 1;
    return {
      yields: 'density',
      family: 'density',
      preprocessing: preprocessingOf(input, notes, {
        fit: 'top-left',
        pad: 114,
        order: 'rgb',
        mean: isGrey ? NO_MEAN : IMAGENET_MEAN,
        deviation: isGrey ? [1, 1, 1] : IMAGENET_DEVIATION,
      }),
      thresholdDefault: notes.threshold ?? 0.5,
      read: (outputs: Readonly<Record<string, OutputTensor>>) => {
        const people = float32Output(outputs, output.name, [1, 1, undefined, undefined]);
        const [, , h = 0, w = 0] = outputs[output.name]?.dims ?? [];
        if (!isCellCount(h, height) || !isCellCount(w, width)) {
          throw new HitonamiError(
            'MODEL',
            `output ${output.name} came as [1,1,${String(h)},${String(w)}], which is no map of ${String(width)}×${String(height)} pixels.`,
          );
        }
        return { columns: w, rows: h, people };
      },
    };
  },
};

/** Whether a side is divided into cells of 1 to `CELL_MAX` pixels, the last perhaps cut. */
function isCellCount(cells: number, side: number): boolean {
  return cells >= Math.floor(side / CELL_MAX) && cells <= side;
}
