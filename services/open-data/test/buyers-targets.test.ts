/** Where a buyer's webhook may lead: strangers choose the address, and the service stands beside the operator's house. */
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isPublicAddress, publicLookup, targetProblem } from '../src/buyers/webhook-target.js';

describe('word of a new release', () => {
  it('goes to no address within a house, however it is written, unless told so', () => {
    const strict = { allowsPrivate: false };
    for (const [url, problem] of [
      ['https://buyer.example/hook', undefined],
      ['https://8.8.8.8/hook', undefined],
      ['https://[2606:4700::1111]/hook', undefined],
      ['hook', 'not-url'],
      ['http://buyer.example/hook', 'not-https'],
      ['ftp://buyer.example/', 'not-https'],
      ['javascript:alert(1)', 'not-https'],
      ['https://user:pass@buyer.example/', 'has-password'],
      ['https://localhost/', 'private'],
      ['https://records/', 'private'],
      ['https://printer.local/', 'private'],
      ['https://metadata.google.internal/', 'private'],
      ['https://127.0.0.1/', 'private'],
      ['https://2130706433/', 'private'],
      ['https://0x7f.1/', 'private'],
      ['https://10.1.2.3/', 'private'],
      ['https://172.31.0.1/', 'private'],
      ['https://192.168.0.1/', 'private'],
      ['https://169.254.169.254/latest/meta-data', 'private'],
      ['https://100.64.0.1/', 'private'],
      ['https://0.0.0.0/', 'private'],
      ['https://255.255.255.255/', 'private'],
      ['https://[::1]/', 'private'],
      ['https://[::]/', 'private'],
      ['https://[::ffff:10.0.0.1]/', 'private'],
      ['https://[64:ff9b::a00:1]/', 'private'],
      ['https://[2002:a00:1::]/', 'private'],
      ['https://[fe80::1]/', 'private'],
      ['https://[fd00::1]/', 'private'],
    ] as const)
      expect(targetProblem(url, strict), url).toBe(problem);
    const kind = { allowsPrivate: true };
    expect(targetProblem('https://10.1.2.3/', kind)).toBeUndefined();
    expect(targetProblem('http://127.0.0.1:8080/', kind)).toBeUndefined();
    expect(targetProblem('http://10.1.2.3/', kind)).toBe('not-https');
    expect(isPublicAddress('no address')).toBe(false);
  });

  it('is not connected to a name that stands for an address within the house', async () => {
    const found = await new Promise<Error | null>((resolve) => {
      publicLookup('localhost', {}, (error) => resolve(error));
    });
    expect(found?.message).toContain('not public');
    const server = createServer().listen(0, 'localhost');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const connected = new Promise((resolve, reject) => {
      httpRequest({ host: 'localhost', port, lookup: publicLookup }, resolve)
        .once('error', reject)
        .end();
    });
    await expect(connected).rejects.toThrow('not public');
    server.close();
  });
});
