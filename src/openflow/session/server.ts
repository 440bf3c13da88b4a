/** The OpenFlow port: accepts connections and keeps one session per datapath. */
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Dpid } from '../../core/ids.ts';
import type { Channel } from './channel.ts';
import { runConnection } from './connection.ts';
import type { DatapathHandlers, DatapathSession } from './datapath.ts';
import { MAX_CONNECTIONS } from './limits.ts';

export interface OpenFlowServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A datapath is connected and described; its events go to the handlers returned. */
  readonly onSession: (session: DatapathSession) => DatapathHandlers;
}

export interface OpenFlowServer {
  readonly host: string;
  readonly port: number;
  session(dpid: Dpid): DatapathSession | undefined;
  /** Ends every session and frees the port. */
  close(): Promise<void>;
}

/** Rejects where the port cannot be had. */
export async function listenOpenFlow(options: OpenFlowServerOptions): Promise<OpenFlowServer> {
  const { clock, logger } = options;
  const channels = new Set<Channel>();
  const sessions = new Map<Dpid, DatapathSession>();

  const server = createServer({ noDelay: true }, (socket) => {
    const channel = runConnection({ socket, clock, logger, admit, onClosed: (gone) => channels.delete(gone) });
    if (!channel.closed) channels.add(channel);
  });
  server.maxConnections = MAX_CONNECTIONS;

  /** A second session of a dpid is let in only where the first one turns out to be dead. */
  async function admit(session: DatapathSession): Promise<DatapathHandlers | { refused: string }> {
    const { dpid } = session;
    const first = sessions.get(dpid);
    if (first && !first.closed) {
      if (await first.alive()) {
        return {
          refused: `switch ${dpid} is connected already from ${first.remoteAddress}; give each switch its own datapath id`,
        };
      }
      first.close('a new connection took its place, and this one did not answer');
    }
    const winner = sessions.get(dpid);
    if (winner && !winner.closed) return { refused: `another connection of switch ${dpid} came first` };
    sessions.set(dpid, session);
    const handlers = options.onSession(session);
    const { closed } = handlers;
    handlers.closed = (reason) => {
      if (sessions.get(dpid) === session) sessions.delete(dpid);
      closed(reason);
    };
    return handlers;
  }

  const { port } = await listen(server, options);
  return {
    host: options.host,
    port,
    session: (dpid) => sessions.get(dpid),
    close: async () => {
      const stopped = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      for (const channel of channels) channel.close('the controller stops');
      await stopped;
    },
  };
}

function listen(server: Server, { host, port }: OpenFlowServerOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}
