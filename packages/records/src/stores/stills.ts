import { HitonamiError } from '@hitonami/model';
import { id, instant, name } from '../limits.js';
import type { Database } from '../sql/port.js';

/** Largest picture that is kept, bytes. */
export const STILL_BYTES_MAX = 4 * 1024 * 1024;

/** A picture of the empty place of a camera, as it was checked by whoever brings it: here it is opaque. */
export interface Still {
  readonly site: string;
  readonly camera: string;
  readonly savedBy: string;
  readonly savedAt: Date;
  /** From then on it is not given any more, and gone with the next change or list. */
  readonly eraseAt: Date;
  readonly mediaType: 'image/png' | 'image/jpeg';
  readonly width: number;
  readonly height: number;
  /** SHA-256 of the bytes, hexadecimal. */
  readonly digest: string;
}

export interface Stills {
  /** Takes the place of the camera's picture before. */
  save(still: Still & { readonly bytes: Uint8Array }): Promise<void>;
  /** Those of a site, without their bytes, by camera. */
  list(site: string, now?: Date): Promise<Still[]>;
  read(site: string, camera: string, now?: Date): Promise<(Still & { bytes: Buffer }) | undefined>;
  /** @returns whether there was one */
  remove(site: string, camera: string): Promise<boolean>;
}

const COLUMNS =
  'site, camera, saved_by AS "savedBy", saved_at AS "savedAt", erase_at AS "eraseAt", media_type AS "mediaType", width, height, digest';

export function stills(database: Database): Stills {
  const eraseOld = (now: Date) =>
    database.query('DELETE FROM stills WHERE erase_at <= $1', [instant('now', now)]);
  return {
    async save({ bytes, ...still }) {
      if (bytes.byteLength === 0 || bytes.byteLength > STILL_BYTES_MAX)
        throw new HitonamiError('INPUT', `bytes has ${bytes.byteLength}, 1 to ${STILL_BYTES_MAX}`, {
          detail: 'bytes',
        });
      // As text, which both drivers bind alike.
      await database.query(
        `INSERT INTO stills (site, camera, saved_by, saved_at, erase_at, media_type, width, height, digest, bytes)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, decode($10, 'base64'))
         ON CONFLICT (site, camera) DO UPDATE SET saved_by = EXCLUDED.saved_by, saved_at = EXCLUDED.saved_at,
           erase_at = EXCLUDED.erase_at, media_type = EXCLUDED.media_type, width = EXCLUDED.width,
           height = EXCLUDED.height, digest = EXCLUDED.digest, bytes = EXCLUDED.bytes`,
        [
          id('site', still.site),
          id('camera', still.camera),
          name('user', still.savedBy),
          instant('savedAt', still.savedAt),
          instant('eraseAt', still.eraseAt),
          still.mediaType,
          still.width,
          still.height,
          name('digest', still.digest),
          Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
        ],
      );
    },
    async list(site, now = new Date()) {
      await eraseOld(now);
      return database.query<Still>(
        `SELECT ${COLUMNS} FROM stills WHERE site = $1 ORDER BY camera`,
        [id('site', site)],
      );
    },
    async read(site, camera, now = new Date()) {
      const [row] = await database.query<Still & { base64: string }>(
        `SELECT ${COLUMNS}, encode(bytes, 'base64') AS base64 FROM stills WHERE site = $1 AND camera = $2 AND erase_at > $3`,
        [id('site', site), id('camera', camera), instant('now', now)],
      );
      if (row === undefined) return undefined;
      const { base64, ...still } = row;
      return { ...still, bytes: Buffer.from(base64, 'base64') };
    },
    async remove(site, camera) {
      const gone = await database.query<{ camera: string }>(
        'DELETE FROM stills WHERE site = $1 AND camera = $2 RETURNING camera',
        [id('site', site), id('camera', camera)],
      );
      return gone.length > 0;
    },
  };
}
