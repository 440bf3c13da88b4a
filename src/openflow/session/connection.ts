/** The life of one connection: HELLO, handshake, then messages to the datapath's handlers, until it ends. */
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import type { FeaturesReply, Message } from '../codec/index.ts';
import { Channel } from './channel.ts';
import { Conversation } from './conversation.ts';
import { DatapathSession } from './datapath.ts';
import type { DatapathHandlers } from './datapath.ts';
import { describe, refuseVersion, sayHello, speaks13 } from './handshake.ts';
import { keepAlive } from './keepalive.ts';
import { HANDSHAKE_DEADLINE_MS, HELLO_DEADLINE_MS } from './limits.ts';

export interface ConnectionOptions {
  readonly socket: Socket;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Takes the described datapath in, or answers why it is refused. */
  readonly admit: (session: DatapathSession) => Promise<DatapathHandlers | { readonly refused: string }>;
  readonly onClosed: (channel: Channel) => void;
}

/** Runs the protocol on a socket; everything ends in `onClosed`, once. */
export function runConnection(options: ConnectionOptions): Channel {
  const { socket, clock, logger, admit } = options;
  let handlers: DatapathHandlers | undefined;
  let phase: 'hello' | 'describing' | 'running' = 'hello';
  /** Events between PORT_DESC and admission: kept in order, and few. */
  const early: Message[] = [];
  let session: DatapathSession | undefined;
  let stopKeepAlive = (): void => {};

  const channel = new Channel(socket, { message: receive, closed });
  const conversation = new Conversation(channel);
  let cancelDeadline = clock.after(HELLO_DEADLINE_MS, () =>
    channel.close(`no HELLO within ${HELLO_DEADLINE_MS} ms: is this an OpenFlow switch?`),
  );
  sayHello(channel);
  return channel;

  function receive(message: Message, bytes: number): void {
    if (message.type === 'echoRequest') {
      channel.send({ type: 'echoReply', xid: message.xid, data: message.data });
    } else if (phase === 'hello') {
      greet(message);
    } else if (!conversation.receive(message, bytes)) {
      if (handlers) dispatch(handlers, message);
      else if (early.length < 4_096) early.push(message);
      else channel.close('thousands of messages before the handshake ended');
    }
  }

  function greet(message: Message): void {
    if (message.type !== 'hello') {
      channel.close(`the first message was ${message.type}, not HELLO: is this an OpenFlow switch?`);
    } else if (!speaks13(message)) {
      channel.close(refuseVersion(channel, message));
    } else {
      phase = 'describing';
      cancelDeadline();
      cancelDeadline = clock.after(HANDSHAKE_DEADLINE_MS, () =>
        channel.close(`the handshake took longer than ${HANDSHAKE_DEADLINE_MS} ms`),
      );
      handshake().catch((error: unknown) => {
        channel.close(`handshake failed: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
  }

  async function handshake(): Promise<void> {
    const reply = await conversation.request({ type: 'featuresRequest', xid: conversation.nextXid() });
    if (reply.type !== 'featuresReply') throw new Error(`${reply.type} came instead of the features`);
    refuseAuxiliary(reply);
    session = new DatapathSession(await describe(reply, conversation), conversation);
    const admitted = await admit(session);
    if ('refused' in admitted) {
      channel.close(admitted.refused);
      return;
    }
    cancelDeadline();
    if (channel.closed) {
      admitted.closed('the connection ended during the handshake');
      return;
    }
    phase = 'running';
    handlers = admitted;
    stopKeepAlive = keepAlive(channel, conversation, clock);
    for (const message of early.splice(0)) dispatch(handlers, message);
  }

  function closed(reason: string): void {
    cancelDeadline();
    stopKeepAlive();
    conversation.end(reason);
    logger.info({ remote: channel.remote, dpid: session?.dpid, reason }, 'OpenFlow connection closed');
    handlers?.closed(reason);
    options.onClosed(channel);
  }
}

function refuseAuxiliary(features: FeaturesReply): void {
  if (features.auxiliaryId !== 0)
    throw new Error('auxiliary connections are not served; connect with the main one only');
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
    case 'error':
      handlers.error(message);
      break;
    default:
      break;
  }
}
