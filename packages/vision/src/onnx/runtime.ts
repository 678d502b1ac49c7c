// The only way to the runtime: it is silenced first.
import './silence.js';

export { InferenceSession, Tensor } from 'onnxruntime-node';
