import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface RtspCamera {
  /** With user and password. */
  url: string;
  /** Requests seen, such as `PLAY`. */
  requests: string[];
  /** Connections that a picture is sent to. */
  watchers(): number;
  /** Cuts every connection, as when a camera restarts. */
  cut(): void;
  close(): Promise<void>;
}

const SDP = [
  'v=0',
  'o=- 0 0 IN IP4 127.0.0.1',
  's=test',
  'c=IN IP4 0.0.0.0',
  't=0 0',
  // Payload type 32 is MPEG video (RFC 3551): it needs no further description.
  'm=video 0 RTP/AVP 32',
  'a=control:track1',
  '',
].join('\r\n');

/**
 * A camera that speaks RTSP (RFC 2326) with Basic authentication and sends RTP interleaved on the same connection. Its
 * picture is made by a real encoder, ffmpeg's, whose RTP packets are passed on.
 */
/** @param watchersMax it sends its picture to no more connections at once */
export async function startRtspCamera(watchersMax = Infinity): Promise<RtspCamera> {
  const watching = new Set<Socket>();
  const sockets = new Set<Socket>();
  const requests: string[] = [];

  const rtp = createSocket('udp4').bind(0, '127.0.0.1');
  await once(rtp, 'listening');
  rtp.on('message', (packet) => {
    const head = Buffer.from([0x24, 0, packet.length >> 8, packet.length & 0xff]);
    for (const socket of watching) socket.write(Buffer.concat([head, packet]));
  });
  // The port after it would get the sender's reports, which nobody here reads.
  const target = `rtp://127.0.0.1:${rtp.address().port}?pkt_size=1200`;
  const source = ['-re', '-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=25'];
  const encode = ['-c:v', 'mpeg2video', '-g', '12', '-f', 'rtp', target];
  const encoder = spawn('ffmpeg', ['-v', 'quiet', ...source, ...encode], { stdio: 'ignore' });

  const answer = (socket: Socket, request: string): void => {
    const method = request.split(' ', 1)[0] ?? '';
    requests.push(method);
    const cseq = /^cseq: *(\d+)/im.exec(request)?.[1] ?? '0';
    const reply = (status: string, headers: string[], body = ''): void => {
      socket.write([`RTSP/1.0 ${status}`, `CSeq: ${cseq}`, ...headers, '', body].join('\r\n'));
    };
    const expected = `Basic ${Buffer.from('user:pass').toString('base64')}`;
    if (method === 'OPTIONS') reply('200 OK', ['Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN']);
    else if (!request.includes(expected)) {
      reply('401 Unauthorized', ['WWW-Authenticate: Basic realm="camera"']);
    } else if (method === 'DESCRIBE') {
      reply('200 OK', ['Content-Type: application/sdp', `Content-Length: ${SDP.length}`], SDP);
    } else if (method === 'SETUP' && watching.size >= watchersMax) {
      reply('453 Not Enough Bandwidth', []);
    } else if (method === 'SETUP') {
      reply('200 OK', ['Session: 1', 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1']);
    } else {
      reply('200 OK', ['Session: 1']);
      if (method === 'PLAY') watching.add(socket);
    }
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    let text = '';
    socket.on('data', (chunk) => {
      // Once it plays, what comes from the client are reports and keepalives.
      if (watching.has(socket)) return;
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        answer(socket, text.slice(0, end));
        text = text.slice(end + 4);
      }
    });
    socket
      .on('error', () => undefined)
      .on('close', () => {
        watching.delete(socket);
        sockets.delete(socket);
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `rtsp://user:pass@127.0.0.1:${port}/stream`,
    requests,
    watchers: () => watching.size,
    cut,
    close: async () => {
      const gone = once(encoder, 'close');
      encoder.kill('SIGKILL');
      await gone;
      rtp.close();
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
