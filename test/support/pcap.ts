/** Capture files of OpenFlow conversations, built from the formats' own definitions. */

const SWITCH_PORT = 40_000;
export const OPENFLOW_PORT = 6653;

export interface SegmentOptions {
  /** From the controller instead of from the switch. */
  readonly fromController?: boolean;
  readonly seq: number;
  readonly payload: Buffer;
  readonly syn?: boolean;
}

/** An Ethernet frame with one TCP segment over IPv4. */
export function tcpFrame({ fromController = false, seq, payload, syn = false }: SegmentOptions): Buffer {
  const frame = Buffer.alloc(54);
  frame.write('0200000000010200000000020800', 'hex');
  frame.write('4500', 14, 'hex');
  frame.writeUInt16BE(40 + payload.length, 16);
  frame.write('40004006', 20, 'hex');
  frame.write(fromController ? '0a0000010a000002' : '0a0000020a000001', 26, 'hex');
  frame.writeUInt16BE(fromController ? OPENFLOW_PORT : SWITCH_PORT, 34);
  frame.writeUInt16BE(fromController ? SWITCH_PORT : OPENFLOW_PORT, 36);
  frame.writeUInt32BE(seq >>> 0, 38);
  frame.writeUInt32BE(1, 42);
  frame.write(syn ? '5012ffff' : '5018ffff', 46, 'hex');
  return Buffer.concat([frame, payload]);
}

/** A pcap file of Ethernet frames. */
export function pcapFile(frames: readonly Buffer[], littleEndian = true): Buffer {
  const u32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    if (littleEndian) bytes.writeUInt32LE(value);
    else bytes.writeUInt32BE(value);
    return bytes;
  };
  const version = littleEndian ? '02000400' : '00020004';
  const header = [u32(0xa1b2c3d4), Buffer.from(version, 'hex'), u32(0), u32(0), u32(0x40000), u32(1)];
  const records = frames.flatMap((frame, i) => [u32(i), u32(0), u32(frame.length), u32(frame.length), frame]);
  return Buffer.concat([...header, ...records]);
}

/** A pcapng file of Ethernet frames, in enhanced packet blocks. */
export function pcapngFile(frames: readonly Buffer[]): Buffer {
  const block = (type: number, body: Buffer): Buffer => {
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
    const head = Buffer.alloc(8);
    head.writeUInt32LE(type >>> 0, 0);
    head.writeUInt32LE(padded.length + 12, 4);
    return Buffer.concat([head, padded, head.subarray(4)]);
  };
  const packet = (frame: Buffer): Buffer => {
    const head = Buffer.alloc(20);
    head.writeUInt32LE(frame.length, 12);
    head.writeUInt32LE(frame.length, 16);
    return block(6, Buffer.concat([head, frame]));
  };
  const section = block(0x0a0d0d0a, Buffer.from('4d3c2b1a01000000ffffffffffffffff', 'hex'));
  return Buffer.concat([section, block(1, Buffer.from('0100000000000400', 'hex')), ...frames.map(packet)]);
}

/** The segments of one direction: the bytes cut into pieces of `size`, from sequence number `seq` on. */
export function segments(bytes: Buffer, size: number, seq: number): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    frames.push(tcpFrame({ seq: seq + at, payload: bytes.subarray(at, at + size) }));
  }
  return frames;
}
