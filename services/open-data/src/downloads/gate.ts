import type { BothLanguages, ReleaseFile, ReleaseManifest } from '@hitonami/model';
import type { FastifyRequest } from 'fastify';

/** Why a file of a buyers' dataset is not given, and what to do. */
export interface DownloadRefusal {
  /** 401: no key; 403: not with this one, or no longer; 429: its quota is spent; 503: nobody can say for now. */
  readonly status: 401 | 403 | 429 | 503;
  readonly words: BothLanguages;
  /** How long to wait, s. */
  readonly waitS?: number | undefined;
}

/** What went over the wire of a file that was granted; a download that broke off is told with what was sent of it. */
export interface Delivery {
  readonly file: ReleaseFile;
  /** Of the body as it travelled. */
  readonly bytesSent: number;
  /** 200, 206 for a part, 304 for nothing new. */
  readonly status: number;
  /** Whether everything that was to be sent was: nobody broke it off, and nothing failed. */
  readonly isWhole: boolean;
}

/** Who may have the files of datasets for buyers. Open files are given without asking it. */
export interface DownloadGate {
  /** Asked before anything of the file is read; it may count. A rejection is answered as 503. */
  allow(
    request: FastifyRequest,
    manifest: ReleaseManifest,
    file: ReleaseFile,
  ): Promise<'granted' | DownloadRefusal>;
  /** Told once when the answer to a granted request is over. */
  delivered?(request: FastifyRequest, manifest: ReleaseManifest, delivery: Delivery): void;
}
