/** What switches of the reactive benchmark say: packets that come up, as bytes, and answers to what a controller asks. */
import { encode, OFP_NO_BUFFER, OFPBCT, OFPP } from '../../src/openflow/codec/index.ts';
import type { Message, MultipartReply, MultipartRequest } from '../../src/openflow/codec/index.ts';
import { TABLES } from '../../src/flows/pipeline.ts';
import { IN_PORT, portDesc } from './pods.ts';
import type { Ask } from './pods.ts';

export const FRAME_BYTES = 60;
/** In PACKET_IN: header, buffer, length, reason, table, cookie, a match of one field, two bytes of padding. */
export const FRAME_AT = 42;
/** In the frame: which packet-in it is. */
export const ID_AT = 14;

export function packetIn(tableId: number, inPort: number, frame: Buffer): Buffer {
  return encode({
    type: 'packetIn',
    xid: 0,
    bufferId: OFP_NO_BUFFER,
    totalLen: frame.length,
    reason: 0,
    tableId,
    cookie: 0n,
    match: { inPort },
    data: frame,
  });
}

const TEMPLATE = packetIn(TABLES.forward.id, IN_PORT, Buffer.alloc(FRAME_BYTES));
export const PACKET_IN_BYTES = TEMPLATE.length;

/** Writes a packet-in at a place. */
export function putAsk(bytes: Buffer, at: number, { ethDst, ethSrc }: Ask, id: number): void {
  TEMPLATE.copy(bytes, at);
  bytes.writeUIntBE(ethDst, at + FRAME_AT, 6);
  bytes.writeUIntBE(ethSrc, at + FRAME_AT + 6, 6);
  bytes.writeUInt16BE(0x88b5, at + FRAME_AT + 12);
  bytes.writeUInt32BE(id, at + FRAME_AT + ID_AT);
}

/** What an empty switch answers; undefined where nothing. */
export function answerOf(index: number, ports: readonly number[], message: Message): Message | undefined {
  const { xid } = message;
  switch (message.type) {
    case 'featuresRequest': {
      const capabilities = { nBuffers: 0, nTables: 254, auxiliaryId: 0, capabilities: 0 };
      return { type: 'featuresReply', xid, datapathId: BigInt(index + 1), ...capabilities };
    }
    case 'multipartRequest':
      return multipart(index, ports, message);
    case 'barrierRequest':
      return { type: 'barrierReply', xid };
    case 'echoRequest':
      return { type: 'echoReply', xid, data: message.data };
    case 'bundleControl':
      // Each reply's number follows its request's.
      return { ...message, controlType: message.controlType + OFPBCT.OPEN_REPLY };
    default:
      return undefined;
  }
}

function multipart(index: number, ports: readonly number[], { xid, kind }: MultipartRequest): MultipartReply {
  const header = { type: 'multipartReply', xid, more: false } as const;
  switch (kind) {
    case 'desc':
      return { ...header, kind, body: { mfrDesc: '', hwDesc: 'load', swDesc: '', serialNum: '', dpDesc: '' } };
    case 'portDesc': {
      const body = ports.map((portNo) => portDesc(portNo, `${index}-${portNo}`));
      return { ...header, kind, body: [...body, portDesc(OFPP.LOCAL, `s${index + 1}`)] };
    }
    case 'flow':
    case 'groupDesc':
    case 'meterConfig':
    case 'flowMonitor':
      return { ...header, kind, body: [] };
    default:
      throw new Error(`the load has no answer to ${kind}`);
  }
}
