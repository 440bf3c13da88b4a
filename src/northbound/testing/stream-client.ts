/** A WebSocket client of the stream, for tests. */
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import { createReplica } from './replica.ts';
import type { Replica } from './replica.ts';

export interface StreamClient {
  readonly webSocket: WebSocket;
  readonly replica: Replica;
  /** Every message received, as text. */
  readonly messages: readonly string[];
  /** Resolves once the replica has this version. */
  reached(version: number): Promise<void>;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
}

export interface StreamClientOptions extends ClientOptions {
  /** What it knew before: it goes on with that. */
  readonly replica?: Replica;
}

/** Resolves once the connection is open. */
export async function openStream(port: number, query = '', options: StreamClientOptions = {}): Promise<StreamClient> {
  const { replica = createReplica(), ...rest } = options;
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/stream${query}`, rest);
  onTestFinished(() => webSocket.terminate());
  const messages: string[] = [];
  webSocket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) throw new Error('a binary message');
    messages.push(data.toString());
    replica.receive(data.toString());
    webSocket.emit('received');
  });
  const closed = new Promise<number>((resolve) => webSocket.once('close', resolve));
  await once(webSocket, 'open');
  return {
    webSocket,
    replica,
    messages,
    closed,
    async reached(version) {
      while ((replica.version ?? -1) < version) await once(webSocket, 'received');
    },
  };
}

export interface Refusal {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly problem: unknown;
}

/** The answer to a connection that must be refused. */
export async function refusedStream(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Refusal> {
  const handshake = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': Buffer.alloc(16).toString('base64'),
  };
  const req = request({ host: '127.0.0.1', port, path, agent: false, headers: { ...handshake, ...headers } });
  req.once('upgrade', (_response, socket) => socket.destroy(new Error('the stream was not refused')));
  req.end();
  const [response] = (await once(req, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, problem: JSON.parse(await text(response)) };
}
