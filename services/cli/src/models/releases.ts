/** An official release of a detector, known to the bit. */
export interface Release {
  readonly name: string;
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
  /** On what terms whoever made it gives it away. */
  readonly terms: string;
}

/**
 * What `hitonami models fetch` knows. The SHA-256 of `yolox-nano` and its size are those that a dozen independent
 * projects pin for this very address (among them a Dockerfile and two installers that verify their download with it);
 * it has not been downloaded here, where there was no network. A wrong one can do no harm but to refuse the file.
 */
export const RELEASES: readonly Release[] = [
  {
    name: 'yolox-nano',
    url: 'https://github.com/Megvii-BaseDetection/YOLOX/releases/download/0.1.1rc0/yolox_nano.onnx',
    bytes: 3_659_407,
    sha256: 'c789161ed43c8269fcd4e67c67eeeb4e80c622da2eb296a20bc6007bd18a0b7d',
    terms: 'Apache-2.0 (Megvii YOLOX 0.1.1rc0)',
  },
];
