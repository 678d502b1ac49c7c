import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { ReleaseFile, ReleaseManifest } from '@hitonami/model';
import { somebody } from './support.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;
}

/** As it travels: nothing is unpacked, and no header is added. */
export function getFrom(
  base: string,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const all = { 'x-forwarded-for': somebody(), ...headers };
    httpRequest({ hostname, port, path, method, headers: all }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject).once('end', () => {
        const bytes = Buffer.concat(chunks);
        const given = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
        resolve({
          status: answer.statusCode ?? 0,
          headers: new Headers(given),
          ...{ bytes, text: bytes.toString('utf8') },
        });
      });
    })
      .once('error', reject)
      .end();
  });
}

export const fileOf = ({ files }: ReleaseManifest, format: string): ReleaseFile => {
  const found = files.find((file) => file.format === format);
  if (found === undefined) throw new Error(`no ${format}`);
  return found;
};
export const pathOf = (
  { site, dataset, period, version }: ReleaseManifest,
  { name }: ReleaseFile,
): string => `/files/${site}/${dataset.id}/${period}/v${version}/${name}`;
export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
