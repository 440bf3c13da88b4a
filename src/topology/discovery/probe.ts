/**
 * A probe: the LLDP frame that a port sends so that we hear where it arrives. It names its datapath and port, counts, says
 * when it was sent, and carries an HMAC (RFC 2104) under a key of this controller's, so that a host cannot make a link up.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isDpid } from '../../core/ids.ts';
import type { PortRef } from '../../core/ids.ts';
import type { Mac } from '../../core/addresses.ts';
import {
  buildLldp,
  CHASSIS_ID_SUBTYPE,
  ETHER_TYPE,
  LLDP_MULTICAST,
  lldpIdText,
  lldpTextId,
  parseEthernet,
  parseLldp,
  PORT_ID_SUBTYPE,
} from '../../packet/index.ts';

/** The Open Networking Foundation's, under which OpenFlow controllers tell their probes from other LLDP. */
const OUI = 0x0026e1;
const SUBTYPE_PROBE = 0x53;
/** Half of SHA-256's output: more than a host can guess (RFC 2104 section 5). */
const MAC_BYTES = 16;
/** The counter (32 bits) and the time (a double). */
const STAMP_BYTES = 12;
const VALUE_BYTES = STAMP_BYTES + MAC_BYTES;
const END_TLV_BYTES = 2;
const DPID_CHARACTERS = 16;
/** What the HMAC is over: the datapath id as text, the port, the stamp. */
const SIGNED_PORT = DPID_CHARACTERS;
const SIGNED_STAMP = SIGNED_PORT + 4;
const SIGNED_BYTES = SIGNED_STAMP + STAMP_BYTES;
const TTL_SECONDS = 120;

export interface Probe {
  readonly from: PortRef;
  readonly sequence: number;
  /** The controller's monotonic milliseconds. */
  readonly sentAt: number;
}

/** The probes of one port: one frame, built once, that is stamped anew for each. */
export class ProbeFrame {
  readonly portMac: Mac;
  readonly #key: Uint8Array;
  readonly #frame: Uint8Array;
  readonly #value: Buffer;
  readonly #signed: Buffer;

  constructor(key: Uint8Array, from: PortRef, portMac: Mac) {
    this.portMac = portMac;
    this.#key = key;
    this.#signed = signedPart(from);
    this.#frame = buildLldp({
      ethSrc: portMac,
      chassisId: lldpTextId(CHASSIS_ID_SUBTYPE.LOCAL, `dpid:${from.dpid}`),
      portId: lldpTextId(PORT_ID_SUBTYPE.LOCAL, String(from.port)),
      ttl: TTL_SECONDS,
      organizational: [{ oui: OUI, subtype: SUBTYPE_PROBE, value: new Uint8Array(VALUE_BYTES) }],
    });
    const at = this.#frame.byteOffset + this.#frame.length - END_TLV_BYTES - VALUE_BYTES;
    this.#value = Buffer.from(this.#frame.buffer, at, VALUE_BYTES);
  }

  /** The frame with a new stamp. It is the same bytes every time: whoever keeps it copies it. */
  stamp(sequence: number, sentAt: number): Uint8Array {
    this.#value.writeUInt32BE(sequence);
    this.#value.writeDoubleBE(sentAt, 4);
    this.#value.copy(this.#signed, SIGNED_STAMP, 0, STAMP_BYTES);
    sign(this.#key, this.#signed).copy(this.#value, STAMP_BYTES);
    return this.#frame;
  }
}

/** True for the frames that intake sends up as probes: nearest-bridge LLDP. */
export function isLldp(frame: Uint8Array): boolean {
  const ethernet = parseEthernet(frame);
  return ethernet?.etherType === ETHER_TYPE.LLDP && ethernet.dst === LLDP_MULTICAST;
}

/** The probe in a frame, or undefined where it is none of ours, or forged. */
export function readProbe(key: Uint8Array, frame: Uint8Array): Probe | undefined {
  const ethernet = parseEthernet(frame);
  if (ethernet?.etherType !== ETHER_TYPE.LLDP) return undefined;
  const lldp = parseLldp(frame, ethernet.payload);
  const tlv = lldp?.organizational.find(({ oui, subtype }) => oui === OUI && subtype === SUBTYPE_PROBE);
  if (!lldp || tlv?.value.length !== VALUE_BYTES) return undefined;
  const dpid = lldpIdText(lldp.chassisId).replace(/^dpid:/, '');
  const port = Number(lldpIdText(lldp.portId));
  if (!isDpid(dpid) || !Number.isInteger(port) || port < 0 || port > 0xffffffff) return undefined;
  const value = Buffer.from(tlv.value);
  const signed = signedPart({ dpid, port });
  value.copy(signed, SIGNED_STAMP, 0, STAMP_BYTES);
  if (!timingSafeEqual(sign(key, signed), value.subarray(STAMP_BYTES))) return undefined;
  return { from: { dpid, port }, sequence: value.readUInt32BE(0), sentAt: value.readDoubleBE(4) };
}

function signedPart({ dpid, port }: PortRef): Buffer {
  const signed = Buffer.alloc(SIGNED_BYTES);
  signed.write(dpid, 'latin1');
  signed.writeUInt32BE(port, SIGNED_PORT);
  return signed;
}

function sign(key: Uint8Array, signed: Uint8Array): Buffer {
  return createHmac('sha256', key).update(signed).digest().subarray(0, MAC_BYTES);
}
