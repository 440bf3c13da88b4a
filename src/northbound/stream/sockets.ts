/** The WebSocket clients of the stream: who they are, that they live, and that none holds more than its share of memory. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocket, WebSocketServer } from 'ws';
import { unavailable } from '../http/problem.ts';
import type { Limits } from '../limits.ts';
import type { Feed, Subscriber } from './feed.ts';
import { VIEW_TOPICS } from './topics.ts';
import type { StreamQuery } from './topics.ts';

/** Close codes of RFC 6455 section 7.4 and its registry. */
const CLOSE = { GOING_AWAY: 1001, UNSUPPORTED_DATA: 1003, TRY_AGAIN_LATER: 1013 } as const;

export interface StreamSocketsOptions {
  readonly feed: Feed;
  readonly logger: Logger;
  readonly limits: Limits;
  readonly onReaderCut: () => void;
}

export interface StreamSockets {
  readonly clients: number;
  /** Makes a request a client. Throws a 503 where there are too many. */
  accept(req: IncomingMessage, socket: Duplex, head: Buffer, query: StreamQuery): void;
  /** Tells every client that the server goes, and waits until they have left. */
  close(): Promise<void>;
}

interface Client extends Subscriber {
  readonly webSocket: WebSocket;
  readonly remote: string;
  /** Answered the last ping. */
  alive: boolean;
  /** Bytes of its first messages, while they are on their way: they do not count as slowness. */
  allowance: number;
}

export function createStreamSockets(options: StreamSocketsOptions): StreamSockets {
  const { feed, logger, limits, onReaderCut } = options;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.streamPayloadBytes,
    perMessageDeflate: false,
  });
  const clients = new Set<Client>();
  let closing = false;
  let allGone: (() => void) | undefined;

  function deliver(client: Client, message: Buffer, passing: boolean): void {
    const { webSocket } = client;
    if (webSocket.readyState !== WebSocket.OPEN || (passing && webSocket.bufferedAmount > message.length)) return;
    if (webSocket.bufferedAmount > limits.streamBufferedBytes + client.allowance) {
      cut(client);
      return;
    }
    webSocket.send(message, { binary: false });
  }

  function cut(client: Client): void {
    const { webSocket, remote } = client;
    logger.warn({ remote, bufferedBytes: webSocket.bufferedAmount }, 'stream client cut: it reads too slowly');
    onReaderCut();
    feed.leave(client);
    leaveSoon(client, CLOSE.TRY_AGAIN_LATER, 'you read too slowly: come back with since');
  }

  /** Closes, and does not wait for ever for a client that does not read the close frame. */
  function leaveSoon({ webSocket }: Client, code: number, reason: string): void {
    webSocket.close(code, reason);
    const timer = setTimeout(() => webSocket.terminate(), limits.closeGraceMs);
    webSocket.once('close', () => clearTimeout(timer));
  }

  function admit(webSocket: WebSocket, remote: string, query: StreamQuery): void {
    const client: Client = {
      webSocket,
      remote,
      topics: query.topics ?? VIEW_TOPICS,
      alive: true,
      allowance: 0,
      deliver: (message, passing) => deliver(client, message, passing),
    };
    clients.add(client);
    webSocket.on('error', (err) => logger.debug({ err, remote }, 'stream client failed'));
    webSocket.on('pong', () => (client.alive = true));
    webSocket.once('message', () => leaveSoon(client, CLOSE.UNSUPPORTED_DATA, 'say topics and since in the URL'));
    webSocket.once('close', (code) => {
      logger.debug({ remote, code }, 'stream client gone');
      feed.leave(client);
      clients.delete(client);
      if (clients.size === 0) allGone?.();
    });
    const first = feed.join(client, query);
    client.allowance = first.reduce((sum, message) => sum + message.length, 0);
    first.forEach((message, index) =>
      webSocket.send(message, { binary: false }, () => {
        if (index === first.length - 1) client.allowance = 0;
      }),
    );
  }

  const heartbeat = setInterval(() => {
    for (const client of clients) {
      if (client.alive) client.webSocket.ping();
      else client.webSocket.terminate();
      client.alive = false;
    }
  }, limits.streamHeartbeatMs);
  heartbeat.unref();

  return {
    get clients() {
      return clients.size;
    },
    accept(req, socket, head, query) {
      if (closing) throw unavailable('The controller is stopping; connect again when it is back.');
      if (clients.size >= limits.streamClients) {
        throw unavailable(`The stream has its ${limits.streamClients} clients already; close one or try later.`);
      }
      const remote = `${req.socket.remoteAddress}:${req.socket.remotePort}`;
      server.handleUpgrade(req, socket, head, (webSocket) => admit(webSocket, remote, query));
    },
    async close() {
      closing = true;
      clearInterval(heartbeat);
      const gone = new Promise<void>((resolve) => (allGone = resolve));
      if (clients.size === 0) return;
      for (const client of clients) leaveSoon(client, CLOSE.GOING_AWAY, 'the controller is stopping');
      await gone;
    },
  };
}
