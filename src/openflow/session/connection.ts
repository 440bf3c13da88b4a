/** The life of one connection: HELLO, handshake, then messages to the datapath's handlers, until it ends. */
import type { Socket } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import { formatDpid } from '../../core/ids.ts';
import type { Dpid } from '../../core/ids.ts';
import { OFPET } from '../codec/index.ts';
import type { DecodeError, EchoRequest, Message } from '../codec/index.ts';
import { Channel } from './channel.ts';
import type { Closing } from './channel.ts';
import { Conversation } from './conversation.ts';
import { DatapathSession } from './datapath.ts';
import type { DatapathHandlers } from './datapath.ts';
import { EarlyMessages } from './early-messages.ts';
import { askFeatures, describe, refusedByPeer, refuseVersion, sayHello, speaks13 } from './handshake.ts';
import { keepAlive } from './keepalive.ts';
import type { SessionLimits } from './limits.ts';
import type { LogLevel, LogLimiter } from './log-limiter.ts';

export interface ConnectionOptions {
  readonly socket: Socket;
  readonly clock: Clock;
  readonly limits: SessionLimits;
  readonly log: LogLimiter;
  /** Takes the described datapath in, or answers why it is refused. */
  readonly admit: (
    session: DatapathSession,
    channel: Channel,
  ) => Promise<DatapathHandlers | { readonly refused: string }>;
  /** Once, before the handlers' own `closed`. */
  readonly onClosed: (ended: EndedConnection) => void;
}

export interface EndedConnection {
  readonly channel: Channel;
  /** Where it came as far as to be described. */
  readonly session: DatapathSession | undefined;
}

type Phase = 'hello' | 'describing' | 'running';

/** Runs the protocol on a socket until it ends. */
export class Connection {
  readonly channel: Channel;
  readonly #options: ConnectionOptions;
  readonly #conversation: Conversation;
  readonly #early: EarlyMessages;
  #phase: Phase = 'hello';
  #dpid: Dpid | undefined;
  #session: DatapathSession | undefined;
  #handlers: DatapathHandlers | undefined;
  #ended: Closing | undefined;
  #cancelDeadline: () => void;
  #stopKeepAlive = (): void => {};
  #refusalLogged = false;

  constructor(options: ConnectionOptions) {
    const { socket, clock, limits } = options;
    this.#options = options;
    this.channel = new Channel({
      socket,
      clock,
      limits,
      handlers: {
        message: (message, bytes) => this.#receive(message, bytes),
        refused: (xid, error) => this.#refused(xid, error),
        closed: (closing) => this.#closed(closing),
      },
    });
    this.#conversation = new Conversation(this.channel, clock, limits);
    this.#early = new EarlyMessages(limits);
    const ms = limits.helloDeadlineMs;
    this.#cancelDeadline = clock.after(ms, () =>
      this.channel.close(`no HELLO within ${ms} ms: is this an OpenFlow switch?`),
    );
    sayHello(this.channel);
  }

  #receive(message: Message, bytes: number): void {
    if (this.#phase === 'hello') this.#greet(message);
    else if (this.#conversation.receive(message, bytes)) return;
    else if (message.type === 'echoRequest') this.#answer(message);
    else if (message.type === 'error' && message.errorType === OFPET.HELLO_FAILED) {
      this.channel.close(refusedByPeer(message));
    } else if (this.#phase === 'running' && this.#handlers) dispatch(this.#handlers, message);
    else if (!this.#early.keep(message, bytes)) {
      this.channel.close('too many events before the handshake ended: do its ports flap?');
    }
  }

  #greet(message: Message): void {
    if (message.type === 'error') this.channel.close(refusedByPeer(message));
    else if (message.type !== 'hello') this.channel.close(`the first message was ${message.type}, not HELLO`);
    else if (!speaks13(message)) this.channel.close(refuseVersion(this.channel, message));
    else {
      this.#phase = 'describing';
      this.#cancelDeadline();
      const ms = this.#options.limits.handshakeDeadlineMs;
      this.#cancelDeadline = this.#options.clock.after(ms, () =>
        this.channel.close(`the handshake took longer than ${ms} ms: is the switch overloaded?`),
      );
      void this.#handshake();
    }
  }

  #answer({ xid, data }: EchoRequest): void {
    if (this.channel.send({ type: 'echoReply', xid, data })) return;
    this.channel.close('it asks for echoes and does not read what it is sent');
  }

  /** Never rejects: what goes wrong ends the connection. */
  async #handshake(): Promise<void> {
    try {
      this.#session = await this.#introduce();
    } catch (error) {
      this.channel.close(`the handshake failed: ${sentence(error)}`);
      return;
    }
    try {
      await this.#enter(this.#session);
    } catch (error) {
      this.channel.close(`the controller failed to take the switch in: ${sentence(error)}`, { level: 'error', error });
    }
  }

  async #introduce(): Promise<DatapathSession> {
    const features = await askFeatures(this.#conversation);
    this.#dpid = formatDpid(features.datapathId);
    return new DatapathSession(await describe(features, this.#conversation), this.#conversation);
  }

  async #enter(session: DatapathSession): Promise<void> {
    const admitted = await this.#options.admit(session, this.channel);
    if ('refused' in admitted) {
      this.channel.close(admitted.refused);
      return;
    }
    this.#handlers = admitted;
    if (this.#ended) {
      this.#tellClosed(this.#ended);
      return;
    }
    this.#cancelDeadline();
    this.channel.widen();
    this.#stopKeepAlive = keepAlive(this.#conversation, this.#options.clock);
    this.#phase = 'running';
    for (const message of this.#early.take()) {
      if (this.channel.closed) break;
      dispatch(admitted, message);
    }
  }

  /** The first one is told; a switch with an odd habit would repeat it for ever. */
  #refused(xid: number, { message }: DecodeError): void {
    this.#conversation.unreadable(xid, message);
    if (this.#refusalLogged) return;
    this.#refusalLogged = true;
    this.#log(
      'warn',
      { reason: message },
      'A message was not understood and answered with an ERROR, as all like it will be',
    );
  }

  #closed(closing: Closing): void {
    this.#ended = closing;
    this.#cancelDeadline();
    this.#stopKeepAlive();
    this.#conversation.end(closing.reason);
    this.#options.onClosed({ channel: this.channel, session: this.#session });
    const { level, reason, error } = closing;
    this.#log(level, { reason, ...(error === undefined ? {} : { err: error }) }, 'OpenFlow connection closed');
    this.#tellClosed(closing);
  }

  #tellClosed({ reason }: Closing): void {
    try {
      this.#handlers?.closed(reason);
    } catch (error) {
      this.#log('error', { err: error }, 'The controller failed to note that a connection closed');
    }
  }

  #log(level: LogLevel, fields: object, message: string): void {
    const { remote } = this.channel;
    this.#options.log.log({ level, peer: this.#peer(), fields: { remote, dpid: this.#dpid, ...fields }, message });
  }

  /** Who is counted in the log: those that only claim a dpid must not use up the lines of the switch that has it. */
  #peer(): string {
    const { remoteAddress } = this.channel;
    if (this.#handlers) return `switch ${this.#dpid}`;
    return this.#dpid === undefined ? remoteAddress : `${remoteAddress} as switch ${this.#dpid}`;
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function dispatch(handlers: DatapathHandlers, message: Message): void {
  switch (message.type) {
    case 'packetIn':
      handlers.packetIn(message);
      break;
    case 'portStatus':
      handlers.portStatus(message);
      break;
    case 'flowRemoved':
      handlers.flowRemoved(message);
      break;
    case 'multipartReply':
      if (message.kind === 'flowMonitor') handlers.flowMonitor(message);
      break;
    case 'flowMonitorPaused':
    case 'flowMonitorResumed':
      handlers.flowMonitor(message);
      break;
    case 'error':
      handlers.error(message);
      break;
    default:
      break;
  }
}
