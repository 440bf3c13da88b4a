/**
 * A probe: the LLDP frame that a port sends so that we hear where it arrives. It names its datapath and port, counts, and
 * carries an HMAC (RFC 2104) under a key of this controller's, so that a host cannot make a link up.
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
const SEQUENCE_BYTES = 4;
const TTL_SECONDS = 120;

export interface Probe {
  readonly from: PortRef;
  readonly sequence: number;
}

export function buildProbe(key: Uint8Array, probe: Probe, portMac: Mac): Uint8Array {
  const value = Buffer.alloc(SEQUENCE_BYTES + MAC_BYTES);
  value.writeUInt32BE(probe.sequence);
  sign(key, probe).copy(value, SEQUENCE_BYTES);
  return buildLldp({
    ethSrc: portMac,
    chassisId: lldpTextId(CHASSIS_ID_SUBTYPE.LOCAL, `dpid:${probe.from.dpid}`),
    portId: lldpTextId(PORT_ID_SUBTYPE.LOCAL, String(probe.from.port)),
    ttl: TTL_SECONDS,
    organizational: [{ oui: OUI, subtype: SUBTYPE_PROBE, value }],
  });
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
  if (!lldp || tlv?.value.length !== SEQUENCE_BYTES + MAC_BYTES) return undefined;
  const dpid = lldpIdText(lldp.chassisId).replace(/^dpid:/, '');
  const port = Number(lldpIdText(lldp.portId));
  if (!isDpid(dpid) || !Number.isSafeInteger(port)) return undefined;
  const sequence = Buffer.from(tlv.value).readUInt32BE(0);
  const probe = { from: { dpid, port }, sequence };
  return timingSafeEqual(sign(key, probe), tlv.value.subarray(SEQUENCE_BYTES)) ? probe : undefined;
}

function sign(key: Uint8Array, { from, sequence }: Probe): Buffer {
  return createHmac('sha256', key).update(`${from.dpid}/${from.port}/${sequence}`).digest().subarray(0, MAC_BYTES);
}
