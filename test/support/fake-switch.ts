/**
 * An OpenFlow switch that a test writes the script of: a real TCP connection to the controller, spoken by our own codec. It
 * answers what a switch answers in a handshake, unless told otherwise, and keeps all that it is sent.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { decode, encode, Framer, hello, OFPBCT, OFPP } from '../../src/openflow/codec/index.ts';
import type {
  FeaturesReply,
  Hello,
  Message,
  MessageType,
  MultipartReply,
  MultipartRequest,
  PortDesc,
  SwitchDesc,
} from '../../src/openflow/codec/index.ts';
import { createInbox } from './inbox.ts';

/** What a request is answered with: nothing where the list is empty. */
export type Answer<T extends MessageType> = (request: Extract<Message, { type: T }>) => readonly Message[];
export type Answers = { readonly [T in MessageType]?: Answer<T> };

export interface FakeSwitchOptions {
  readonly host?: string;
  readonly port: number;
  /** 1 by default. */
  readonly dpid?: bigint;
  /** What to say first; undefined says nothing. By default a HELLO for 1.3 with its bitmap. */
  readonly hello?: Hello | undefined;
  readonly features?: Partial<FeaturesReply>;
  readonly desc?: Partial<SwitchDesc>;
  readonly ports?: readonly PortDesc[];
  /** In place of the usual answers. */
  readonly answers?: Answers;
}

export interface FakeSwitch {
  /** What was received and not taken by `next`, oldest first. */
  readonly received: readonly Message[];
  /** Resolves when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>;
  readonly isClosed: boolean;
  /** Local address and port, as the controller's log names this switch. */
  readonly address: string;
  send(...messages: readonly Message[]): void;
  sendBytes(bytes: Uint8Array): void;
  /** Takes out the oldest message of a type that fits, received already or still to come. */
  next<T extends MessageType>(
    type: T,
    fits?: (message: Extract<Message, { type: T }>) => boolean,
  ): Promise<Extract<Message, { type: T }>>;
  /** Resolves when all that was sent before has been worked through by the controller. Needs an agreed version. */
  roundTrip(): Promise<void>;
  /** Stops taking bytes from the kernel, so that the controller's output fills up; `resumeReading` goes on. */
  pauseReading(): void;
  resumeReading(): void;
  /** Ends the connection in order (FIN) after what was sent. */
  end(): Promise<void>;
  /** Ends the connection at once (RST). */
  reset(): void;
}

/** A port that is up, by its number. */
export function fakePort(portNo: number): PortDesc {
  return {
    portNo,
    hwAddr: 0x020000000000 + portNo,
    name: portNo === OFPP.LOCAL ? 'br0' : `eth${portNo}`,
    config: 0,
    state: 0,
    curr: 0,
    advertised: 0,
    supported: 0,
    peer: 0,
    currSpeed: 10_000_000,
    maxSpeed: 10_000_000,
  };
}

/** Connects, and settles as soon as TCP has; rejects where nobody listens. */
export async function connectFakeSwitch(options: FakeSwitchOptions): Promise<FakeSwitch> {
  const socket = connect({ host: options.host ?? '127.0.0.1', port: options.port, noDelay: true });
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  await once(socket, 'connect');
  return runFakeSwitch(socket, closed, options);
}

function runFakeSwitch(socket: Socket, closed: Promise<void>, options: FakeSwitchOptions): FakeSwitch {
  const inbox = createInbox<Message>(`fake switch ${options.dpid ?? 1n}`, ({ type, xid }) => `${type} ${xid}`);
  const answers: Answers = { ...usualAnswers(options), ...options.answers };
  const framer = new Framer();
  const address = `${socket.localAddress}:${socket.localPort}`;
  let roundTrips = 0;

  const send = (...messages: readonly Message[]): void => {
    if (socket.writable) for (const message of messages) socket.write(encode(message));
  };
  const receive = (frame: Buffer): void => {
    const message = decode(frame);
    inbox.push(message);
    const answer = answers[message.type] as ((request: Message) => readonly Message[]) | undefined;
    if (answer) send(...answer(message));
  };
  socket.on('data', (chunk: Buffer) => framer.push(chunk, receive));
  // A connection that the controller resets is closed, which is all that a test asks.
  socket.on('error', () => {});
  const first = 'hello' in options ? options.hello : hello();
  if (first) send(first);

  return {
    received: inbox.items,
    closed,
    get isClosed() {
      return socket.destroyed;
    },
    address,
    send,
    sendBytes: (bytes) => void (socket.writable && socket.write(bytes)),
    next: async <T extends MessageType>(
      type: T,
      fits: (message: Extract<Message, { type: T }>) => boolean = () => true,
    ) => {
      const one = (message: Message): boolean => message.type === type && fits(message as never);
      return (await inbox.next(one, type)) as Extract<Message, { type: T }>;
    },
    roundTrip: async () => {
      const mark = `round trip ${++roundTrips}`;
      send({ type: 'echoRequest', xid: 0, data: Buffer.from(mark) });
      await inbox.next(
        (message) => message.type === 'echoReply' && Buffer.from(message.data).toString() === mark,
        mark,
      );
    },
    pauseReading: () => void socket.pause(),
    resumeReading: () => void socket.resume(),
    end: () => {
      socket.end();
      return closed;
    },
    reset: () => void socket.resetAndDestroy(),
  };
}

function usualAnswers(options: FakeSwitchOptions): Answers {
  return {
    featuresRequest: ({ xid }) => [
      {
        type: 'featuresReply',
        xid,
        datapathId: options.dpid ?? 1n,
        nBuffers: 0,
        nTables: 254,
        auxiliaryId: 0,
        capabilities: 0,
        ...options.features,
      },
    ],
    multipartRequest: (request) => [multipartAnswer(request, options)],
    echoRequest: ({ xid, data }) => [{ type: 'echoReply', xid, data }],
    barrierRequest: ({ xid }) => [{ type: 'barrierReply', xid }],
    // Each reply's number follows its request's.
    bundleControl: (request) => [{ ...request, controlType: request.controlType + OFPBCT.OPEN_REPLY }],
  };
}

/** An empty switch: it has ports, and neither flows nor groups nor meters. It tells of no changes. */
function multipartAnswer({ xid, kind }: MultipartRequest, { desc, ports }: FakeSwitchOptions): MultipartReply {
  const header = { type: 'multipartReply', xid, more: false } as const;
  switch (kind) {
    case 'desc': {
      const usual = { mfrDesc: 'Signalbox', hwDesc: 'fake switch', swDesc: '1', serialNum: '1', dpDesc: '' };
      return { ...header, kind, body: { ...usual, ...desc } };
    }
    case 'portDesc':
      return { ...header, kind, body: ports ?? [fakePort(OFPP.LOCAL), fakePort(1), fakePort(2)] };
    case 'flow':
    case 'groupDesc':
    case 'meterConfig':
    case 'portStats':
    case 'flowMonitor':
      return { ...header, kind, body: [] };
    default:
      throw new Error(`the fake switch has no answer to a ${kind} request; give it one`);
  }
}
