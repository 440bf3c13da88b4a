/** Packets sent out of ports, as bytes: the head of a PACKET_OUT (section 7.3.7), which is used again, and the frame behind it. */
import { OFP_MAX_MESSAGE_LEN, OFP_NO_BUFFER, OFP_VERSION, OFPP, OFPT } from '../openflow/codec/index.ts';
import type { Fabric, ReactiveSession, Station } from './fabric.ts';

const HEADER = 24;
const OUTPUT = 16;
/** Of the first output: where its port stands. */
const OUTPUT_PORT = HEADER + 4;
/** Ports in one message: leaves room for the largest frame. */
const MAX_OUTPUTS = 2_048;

/** Packet-outs that frames to unknown hosts may cause, in a second: each asks every switch. */
export const FLOODS_PER_SECOND = 20_000;
/** A quiet network may flood at once what comes of all hosts starting together. */
const FLOOD_BURST = 20_000;

export class PacketSender {
  /** Header and one output, for what is sent most: the frame goes behind it as it is. */
  readonly #head = packetOut(1);
  /** Header and many outputs. */
  readonly #wideHead = packetOut(MAX_OUTPUTS);
  #tokens = FLOOD_BURST;
  #refilledAt = 0;

  /** Out of one port. */
  send(session: ReactiveSession, frame: Uint8Array, inPort: number, outPort: number): boolean {
    const head = this.#head;
    putU32(head, OUTPUT_PORT, outPort);
    return putEnds(head, inPort, 1, frame) && session.append(head, frame);
  }

  /** False where there were too many floods of late. @param now monotonic milliseconds */
  takeFlood(now: number): boolean {
    this.#tokens = Math.min(FLOOD_BURST, this.#tokens + ((now - this.#refilledAt) / 1_000) * FLOODS_PER_SECOND);
    this.#refilledAt = now;
    return this.#tokens > 0;
  }

  /** Out of every host's port that has a way from where it came in, and there not back: it never crosses a link, so it cannot circle. */
  toAllHosts(fabric: Fabric, from: Station, inPort: number, frame: Uint8Array): void {
    const distance = fabric.distancesTo(from.node);
    for (const station of fabric.byNode) {
      if (!station?.session || distance[station.node]! < 0) continue;
      this.#toHostsOf(station.session, station.hostPorts, frame, station === from ? inPort : OFPP.CONTROLLER);
    }
  }

  #toHostsOf(session: ReactiveSession, ports: readonly number[], frame: Uint8Array, inPort: number): void {
    const head = this.#wideHead;
    let count = 0;
    for (const port of ports) {
      if (port === inPort) continue;
      putU32(head, OUTPUT_PORT + OUTPUT * count++, port);
      if (count < MAX_OUTPUTS) continue;
      this.#toMany(session, inPort, count, frame);
      count = 0;
    }
    if (count > 0) this.#toMany(session, inPort, count, frame);
    this.#tokens--;
  }

  #toMany(session: ReactiveSession, inPort: number, count: number, frame: Uint8Array): void {
    const head = this.#wideHead;
    if (putEnds(head, inPort, count, frame)) session.append(head.subarray(0, HEADER + OUTPUT * count), frame);
  }
}

/** The head of a message with so many outputs, whose ports are filled in later. */
function packetOut(outputs: number): Buffer {
  const head = Buffer.alloc(HEADER + OUTPUT * outputs);
  head[0] = OFP_VERSION;
  head[1] = OFPT.PACKET_OUT;
  putU32(head, 8, OFP_NO_BUFFER);
  for (let index = 0; index < outputs; index++) head[HEADER + OUTPUT * index + 3] = OUTPUT;
  return head;
}

/** Fills in lengths and the port it came by; false where the message would be longer than one can be. */
function putEnds(head: Buffer, inPort: number, outputs: number, frame: Uint8Array): boolean {
  const length = HEADER + OUTPUT * outputs + frame.length;
  if (length > OFP_MAX_MESSAGE_LEN) return false;
  head[2] = length >>> 8;
  head[3] = length;
  putU32(head, 12, inPort);
  head[16] = (OUTPUT * outputs) >>> 8;
  head[17] = OUTPUT * outputs;
  return true;
}

function putU32(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
