/** Packets sent out of ports, as bytes: PACKET_OUT (section 7.3.7) written in place around the frame. */
import { OFP_MAX_MESSAGE_LEN, OFP_NO_BUFFER, OFP_VERSION, OFPP, OFPT } from '../openflow/codec/index.ts';
import type { Fabric, ReactiveSession, Station } from './fabric.ts';

const HEADER = 24;
const OUTPUT = 16;
/** Ports in one message: leaves room for the largest frame. */
const MAX_OUTPUTS = 2_048;

/** Packet-outs that frames to unknown hosts may cause, in a second: each asks every switch. */
const FLOODS_PER_SECOND = 20_000;
/** A quiet network may flood at once what comes of all hosts starting together. */
const FLOOD_BURST = 20_000;

interface Flooded {
  readonly from: Station;
  readonly inPort: number;
  readonly frame: Uint8Array;
  /** Monotonic milliseconds. */
  readonly now: number;
}

export class PacketSender {
  readonly #bytes = Buffer.alloc(OFP_MAX_MESSAGE_LEN);
  #tokens = FLOOD_BURST;
  #refilledAt = 0;

  constructor() {
    this.#bytes[0] = OFP_VERSION;
    this.#bytes[1] = OFPT.PACKET_OUT;
    this.#bytes.writeUInt32BE(OFP_NO_BUFFER, 8);
  }

  /** Out of one port. */
  send(session: ReactiveSession, frame: Uint8Array, inPort: number, outPort: number): boolean {
    this.#putOutput(0, outPort);
    return this.#finish(session, frame, inPort, 1);
  }

  /**
   * Out of every host's port that has a way from where it came in, and there not back: it never crosses a link, so it cannot
   * circle. False where there were too many of late.
   */
  toAllHosts(fabric: Fabric, { from, inPort, frame, now }: Flooded): boolean {
    this.#tokens = Math.min(FLOOD_BURST, this.#tokens + ((now - this.#refilledAt) / 1_000) * FLOODS_PER_SECOND);
    this.#refilledAt = now;
    if (this.#tokens <= 0) return false;
    const distance = fabric.pairs.to(from.node);
    for (const station of fabric.byNode) {
      if (!station?.session || distance[station.node]! < 0) continue;
      this.#toHostsOf(station.session, station.hostPorts, frame, station === from ? inPort : OFPP.CONTROLLER);
    }
    return true;
  }

  #toHostsOf(session: ReactiveSession, ports: readonly number[], frame: Uint8Array, inPort: number): void {
    let count = 0;
    for (const port of ports) {
      if (port === inPort) continue;
      this.#putOutput(count++, port);
      if (count < MAX_OUTPUTS) continue;
      this.#finish(session, frame, inPort, count);
      count = 0;
    }
    if (count > 0) this.#finish(session, frame, inPort, count);
    this.#tokens--;
  }

  #putOutput(index: number, port: number): void {
    const at = HEADER + index * OUTPUT;
    this.#bytes.fill(0, at, at + OUTPUT);
    this.#bytes[at + 3] = OUTPUT;
    this.#putU32(at + 4, port);
  }

  #finish(session: ReactiveSession, frame: Uint8Array, inPort: number, outputs: number): boolean {
    const data = HEADER + outputs * OUTPUT;
    const end = data + frame.length;
    if (end > OFP_MAX_MESSAGE_LEN) return false;
    const bytes = this.#bytes;
    bytes[2] = end >>> 8;
    bytes[3] = end;
    this.#putU32(12, inPort);
    bytes[16] = (outputs * OUTPUT) >>> 8;
    bytes[17] = outputs * OUTPUT;
    bytes.set(frame, data);
    return session.append(bytes, 0, end);
  }

  #putU32(at: number, value: number): void {
    const bytes = this.#bytes;
    bytes[at] = value >>> 24;
    bytes[at + 1] = value >>> 16;
    bytes[at + 2] = value >>> 8;
    bytes[at + 3] = value;
  }
}
