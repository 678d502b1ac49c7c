import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ChannelCredentials, ServerCredentials } from '@grpc/grpc-js';
import { HitonamiError } from '@hitonami/model';
import { formatAddress } from '../config/fields.js';
import type { Address } from '../config/fields.js';
import { INSECURE_CONSENT } from '../config/shapes.js';
import type { GrpcSecurityConfig } from '../config/shapes.js';

/** True for an address that cannot be reached from another machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * TLS where a certificate and key are given; with an authority, clients must show a certificate of it.
 *
 * @throws HitonamiError `CONFIG` where frames would travel in the clear beyond this machine without consent.
 */
export function serverCredentials(address: Address, config: GrpcSecurityConfig): ServerCredentials {
  const { grpcTlsCert: cert, grpcTlsKey: key, grpcTlsCa: ca } = config;
  if (cert !== undefined && key !== undefined) {
    return ServerCredentials.createSsl(
      ca === undefined ? null : readPem('HITONAMI_GRPC_TLS_CA', ca),
      [
        {
          cert_chain: readPem('HITONAMI_GRPC_TLS_CERT', cert),
          private_key: readPem('HITONAMI_GRPC_TLS_KEY', key),
        },
      ],
      ca !== undefined,
    );
  }
  if (cert !== undefined || key !== undefined || ca !== undefined) {
    throw new HitonamiError(
      'CONFIG',
      'For TLS a server needs both HITONAMI_GRPC_TLS_CERT and HITONAMI_GRPC_TLS_KEY.',
    );
  }
  refuseClearText(address, config, 'listen');
  return ServerCredentials.createInsecure();
}

/** TLS where an authority is given; a certificate and key of its own as well where the server asks for one. */
export function clientCredentials(
  address: Address,
  config: GrpcSecurityConfig,
): ChannelCredentials {
  const { grpcTlsCert: cert, grpcTlsKey: key, grpcTlsCa: ca } = config;
  if ((cert === undefined) !== (key === undefined)) {
    throw new HitonamiError(
      'CONFIG',
      'HITONAMI_GRPC_TLS_CERT and HITONAMI_GRPC_TLS_KEY are needed together, or neither.',
    );
  }
  if (ca === undefined && cert === undefined) {
    refuseClearText(address, config, 'send');
    return ChannelCredentials.createInsecure();
  }
  return ChannelCredentials.createSsl(
    ca === undefined ? null : readPem('HITONAMI_GRPC_TLS_CA', ca),
    key === undefined ? null : readPem('HITONAMI_GRPC_TLS_KEY', key),
    cert === undefined ? null : readPem('HITONAMI_GRPC_TLS_CERT', cert),
  );
}

/**
 * Until when the certificate that is shown to others is valid, seconds since 1970; undefined without one.
 *
 * @throws HitonamiError `CONFIG` for a file that cannot be read or is no certificate.
 */
export function certificateExpiryS({ grpcTlsCert: cert }: GrpcSecurityConfig): number | undefined {
  if (cert === undefined) return undefined;
  const pem = readPem('HITONAMI_GRPC_TLS_CERT', cert);
  try {
    return Date.parse(new X509Certificate(pem).validTo) / 1000;
  } catch (cause) {
    const message = `HITONAMI_GRPC_TLS_CERT: the file ${cert} is no certificate in PEM.`;
    throw new HitonamiError('CONFIG', message, { cause });
  }
}

function refuseClearText(
  address: Address,
  config: GrpcSecurityConfig,
  deed: 'listen' | 'send',
): void {
  if (isLoopback(address.host) || config.grpcInsecure === INSECURE_CONSENT) return;
  throw new HitonamiError(
    'CONFIG',
    `To ${deed} at ${formatAddress(address)} without TLS would let pictures travel in the clear. ` +
      (deed === 'listen'
        ? 'Give HITONAMI_GRPC_TLS_CERT and HITONAMI_GRPC_TLS_KEY'
        : 'Give HITONAMI_GRPC_TLS_CA') +
      `, or set HITONAMI_GRPC_INSECURE=${INSECURE_CONSENT} where only trusted machines share the network.`,
  );
}

function readPem(key: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new HitonamiError(
      'CONFIG',
      `${key}: the file ${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}).`,
      { cause },
    );
  }
}
