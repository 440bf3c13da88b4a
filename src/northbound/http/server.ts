/** The HTTP server under express: its timeouts, what it says to what is no HTTP, and its end. */
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { listenError } from '../../core/listen-error.ts';
import type { Limits } from '../limits.ts';
import { ProblemError } from './problem.ts';
import { refuse } from './raw-problem.ts';

/** Node looks for connections past their timeouts this often. */
const TIMEOUT_CHECK_MS = 1_000;
/** What a person is told where the port cannot be had. */
const LISTENING = {
  what: 'HTTP',
  flag: '--http',
  holders: 'another Signalbox, or a web server',
  hosts: '127.0.0.1:8080 or [::1]:8080',
};

export interface HttpServerOptions {
  readonly handler: RequestListener;
  readonly onUpgrade: (req: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly limits: Limits;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface HttpServer {
  /** Port 0 takes a free one. Rejects with an InputError where the address cannot be used. */
  listen(address: Address): Promise<Address>;
  /** Takes no more connections, and ends those there are: idle ones now, the others when answered or after the grace. */
  close(): Promise<void>;
}

export function createHttpServer({ handler, onUpgrade, limits }: HttpServerOptions): HttpServer {
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      maxHeaderSize: limits.headerBytes,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    },
    (req, res) => {
      // Without this a connection that is kept alive would outlive the server's close.
      if (!server.listening) res.setHeader('Connection', 'close');
      res.once('finish', () => {
        if (!server.listening) setImmediate(() => server.closeIdleConnections());
      });
      handler(req, res);
    },
  );
  server.maxConnections = limits.connections;
  server.on('upgrade', onUpgrade);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(socket, clientProblem(error)));

  return {
    listen: (address) => listen(server, address),
    async close() {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), limits.closeGraceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

async function listen(server: Server, address: Address): Promise<Address> {
  await new Promise<void>((resolve, reject) => {
    const onError = (cause: NodeJS.ErrnoException): void => reject(listenError(cause, { ...address, ...LISTENING }));
    server.once('error', onError);
    server.listen(address.port, address.host, () => {
      server.removeListener('error', onError);
      resolve();
    });
  });
  const { address: host, port } = server.address() as AddressInfo;
  return { host, port };
}

function clientProblem(error: NodeJS.ErrnoException): ProblemError {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ProblemError(431, 'The headers are too large: send fewer.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ProblemError(408, 'The request did not arrive in time: send it at once.');
    default:
      return new ProblemError(400, 'This is not well-formed HTTP/1.1.');
  }
}
