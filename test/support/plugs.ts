/**
 * Cables of private bridges that can be cut: every dummy port has its own socket here, and what comes out of one is handed to
 * the port at the other end. So every frame on every cable is seen.
 *
 * A dummy port speaks in packets with their length in front, as 16 bits (Open vSwitch, `lib/netdev-dummy.c`).
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

export interface Plug {
  readonly path: string;
  /** Hands a frame to the port; false where it is not connected. */
  send(frame: Buffer): boolean;
  close(): void;
}

/** A socket for one port. `receive` gets what the port sends. */
export async function openPlug(path: string, receive: (frame: Buffer) => void): Promise<Plug> {
  let port: Socket | undefined;
  const server: Server = createServer((socket) => {
    port = socket;
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      rest = takeFrames(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]), receive);
    });
    // A daemon that is killed resets what it has open.
    socket.on('error', () => {});
    socket.on('close', () => {
      if (port === socket) port = undefined;
    });
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    path,
    send: (frame) => {
      const head = Buffer.alloc(2);
      head.writeUInt16BE(frame.length);
      port?.write(Buffer.concat([head, frame]));
      return port !== undefined;
    },
    close: () => {
      port?.destroy();
      server.close();
    },
  };
}

/** What is left after the last whole frame. */
function takeFrames(bytes: Buffer, receive: (frame: Buffer) => void): Buffer {
  let at = 0;
  while (at + 2 <= bytes.length) {
    const end = at + 2 + bytes.readUInt16BE(at);
    if (end > bytes.length) break;
    receive(bytes.subarray(at + 2, end));
    at = end;
  }
  return bytes.subarray(at);
}
