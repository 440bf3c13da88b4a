/** The door of the stream: checks a WebSocket request as a route checks its own, and answers a refusal in plain HTTP. */
import type { IncomingMessage } from 'node:http';
import { parse } from 'node:querystring';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { toProblemError } from '../http/error-handler.ts';
import type { LoopbackGuard } from '../http/loopback-guard.ts';
import { ProblemError } from '../http/problem.ts';
import { refuse } from '../http/raw-problem.ts';
import { parseInput } from '../rest/input.ts';
import type { StreamSockets } from './sockets.ts';
import { StreamQuery } from './topics.ts';

export const STREAM_PATH = '/api/v1/stream';

export interface UpgradeOptions {
  readonly guard: LoopbackGuard;
  readonly sockets: StreamSockets;
  readonly logger: Logger;
}

/** For a server's `upgrade` event. */
export function createUpgradeHandler({ guard, sockets, logger }: UpgradeOptions) {
  return (req: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Node takes its own error handler off an upgraded socket; without one, a reset would end the process.
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    try {
      const query = readRequest(req, guard);
      sockets.accept(req, socket, head, query);
    } catch (error) {
      const known = toProblemError(error);
      if (!known) logger.error({ err: error }, 'stream request failed');
      refuse(socket, known ?? new ProblemError(500, 'The controller failed to answer; its log says why.'));
    }
  };
}

function readRequest(req: IncomingMessage, guard: LoopbackGuard): StreamQuery {
  const refusal = guard.refusal(req.headers, true);
  if (refusal) throw refusal;
  const [path = '', query = ''] = (req.url ?? '').split('?', 2);
  if (path !== STREAM_PATH) {
    throw new ProblemError(400, `Only ${STREAM_PATH} can be upgraded; send the request without an Upgrade header.`);
  }
  return parseInput('query', StreamQuery, parse(query));
}
