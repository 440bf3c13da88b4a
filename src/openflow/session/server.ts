/** The OpenFlow port: accepts connections and keeps one session per datapath. */
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { Dpid } from '../../core/ids.ts';
import { listenError } from '../../core/listen-error.ts';
import type { Channel } from './channel.ts';
import { Connection } from './connection.ts';
import type { EndedConnection } from './connection.ts';
import type { DatapathHandlers, DatapathSession } from './datapath.ts';
import { SESSION_LIMITS } from './limits.ts';
import type { SessionLimits } from './limits.ts';
import { createLogLimiter } from './log-limiter.ts';

/** What a person is told where the port cannot be had. */
const LISTENING = {
  what: 'OpenFlow',
  flag: '--openflow',
  holders:
    'another controller, such as a second Signalbox, Debian’s openvswitch-testcontroller or Mininet’s own controller',
  hosts: '127.0.0.1:6653, or 0.0.0.0:6653 for switches on other machines',
};

export interface OpenFlowServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A datapath is connected and described; its events go to the handlers returned. What it throws ends the session. */
  readonly onSession: (session: DatapathSession) => DatapathHandlers;
  /** Where they shall differ from SESSION_LIMITS. */
  readonly limits?: Partial<SessionLimits>;
}

export interface OpenFlowServer {
  readonly host: string;
  readonly port: number;
  session(dpid: Dpid): DatapathSession | undefined;
  /** Ends every session and frees the port. */
  close(): Promise<void>;
}

/** Rejects with an InputError where the port cannot be had. */
export async function listenOpenFlow(options: OpenFlowServerOptions): Promise<OpenFlowServer> {
  const { clock, logger } = options;
  const limits: SessionLimits = { ...SESSION_LIMITS, ...options.limits };
  const channels = new Set<Channel>();
  /** Those of them that are nobody yet, oldest first. */
  const newcomers = new Set<Channel>();
  const sessions = new Map<Dpid, DatapathSession>();
  const log = createLogLimiter({ logger, clock, limits });

  const server = createServer({ noDelay: true }, (socket) => {
    const [oldest] = newcomers;
    if (oldest && newcomers.size >= limits.maxNewcomers) {
      oldest.close(`${newcomers.size} newer connections, none of them a known switch yet, needed its place`);
    }
    const { channel } = new Connection({ socket, clock, limits, log, admit, onClosed: ended });
    channels.add(channel);
    newcomers.add(channel);
  });
  server.maxConnections = limits.maxConnections;
  server.on('drop', (peer) => {
    const fields = { remote: `${peer?.remoteAddress}:${peer?.remotePort}`, maxConnections: limits.maxConnections };
    const message = 'An OpenFlow connection was refused, too many are open: see who holds them (ss -t)';
    log.log({ level: 'warn', peer: 'refused connections', fields, message });
  });

  /** A second session of a dpid is let in only where the first one turns out to be dead. */
  async function admit(session: DatapathSession, channel: Channel): Promise<DatapathHandlers | { refused: string }> {
    const { dpid } = session;
    const first = sessions.get(dpid);
    if (first && (await first.alive())) {
      return {
        refused: `switch ${dpid} is connected already from ${first.remoteAddress}; give each switch its own datapath id`,
      };
    }
    if (session.closed) return { refused: 'it ended during the handshake' };
    first?.close('a new connection took its place, and this one did not answer');
    if (sessions.has(dpid)) return { refused: `another connection of switch ${dpid} came first` };
    sessions.set(dpid, session);
    newcomers.delete(channel);
    return options.onSession(session);
  }

  function ended({ channel, session }: EndedConnection): void {
    channels.delete(channel);
    newcomers.delete(channel);
    if (session && sessions.get(session.dpid) === session) sessions.delete(session.dpid);
  }

  const { port } = await listen(server, options);
  server.on('error', (error) => {
    const message = 'An OpenFlow connection could not be accepted; if files ran out, raise their limit (ulimit -n)';
    log.log({ level: 'error', peer: 'failed connections', fields: { err: error }, message });
  });
  return {
    host: options.host,
    port,
    session: (dpid) => sessions.get(dpid),
    close: async () => {
      const stopped = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      for (const channel of channels) channel.close('the controller stops', { level: 'debug' });
      await stopped;
      log.stop();
    },
  };
}

function listen(server: Server, { host, port }: OpenFlowServerOptions): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const failed = (cause: Error): void => reject(listenError(cause, { host, port, ...LISTENING }));
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve(server.address() as AddressInfo);
    });
  });
}
