/** A plain OpenFlow client for a switch's management socket: sends, and gathers what comes back up to a BARRIER_REPLY. */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import {
  decode,
  encode,
  Framer,
  hello,
  joinMultipart,
  type Message,
  messageToText,
  type MultipartKind,
  type MultipartKinds,
  multipartRequest,
} from '../../src/openflow/codec/index.ts';

export interface OpenflowClient {
  /** Sends messages and a barrier; resolves with all that the switch said up to the barrier's reply. */
  exchange(...messages: readonly Message[]): Promise<Message[]>;
  /** Asks for a multipart and joins its parts. */
  ask<K extends MultipartKind>(kind: K, body: MultipartKinds[K]['request']): Promise<MultipartKinds[K]['reply']>;
  /** Sends without waiting. */
  send(message: Message): void;
  /** The next message that passes; those that came before it are dropped. */
  next(test: (message: Message) => boolean): Promise<Message>;
  /** Every frame that the switch sent, as it came. */
  readonly frames: readonly Buffer[];
  close(): void;
}

export async function connectOpenflow(path: string): Promise<OpenflowClient> {
  const socket = createConnection(path);
  await once(socket, 'connect');
  const framer = new Framer();
  const frames: Buffer[] = [];
  const inbox: Message[] = [];
  let wake: () => void = () => undefined;
  socket.on('data', (chunk) => {
    framer.push(chunk, (frame) => {
      frames.push(frame);
      inbox.push(decode(frame));
    });
    wake();
  });
  const receive = async (): Promise<Message> => {
    while (inbox.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return inbox.shift()!;
  };
  let xid = 0x1000;
  const exchange = async (...messages: readonly Message[]): Promise<Message[]> => {
    const barrier = xid++;
    socket.write(
      Buffer.concat([...messages, { type: 'barrierRequest', xid: barrier } as const].map((message) => encode(message))),
    );
    const replies: Message[] = [];
    for (let reply = await receive(); reply.type !== 'barrierReply' || reply.xid !== barrier; reply = await receive())
      replies.push(reply);
    return replies;
  };
  socket.write(encode(hello()));
  await exchange();
  return {
    exchange,
    async ask(kind, body) {
      const id = xid++;
      const replies = await exchange(multipartRequest(kind, body, id));
      const parts = replies.filter((reply) => reply.type === 'multipartReply').filter((reply) => reply.xid === id);
      if (parts.length === 0) throw new Error(`the switch answered ${JSON.stringify(replies.map(messageToText))}`);
      return joinMultipart(parts).body;
    },
    send: (message) => socket.write(encode(message)),
    async next(test) {
      for (;;) {
        const message = await receive();
        if (test(message)) return message;
      }
    },
    frames,
    close: () => socket.destroy(),
  };
}
