/** Building LLDP frames (IEEE 802.1AB clause 8). */
import type { Mac } from '../core/addresses.ts';
import { encodeText, EMPTY, putU16, putU24, putU48 } from './bytes.ts';
import { checkRange } from './errors.ts';
import type { LinkHeader } from './ethernet.ts';
import { ETHER_TYPE, startEthernet } from './ethernet.ts';
import type { LldpDu, LldpId, OrganizationalTlv } from './lldp.ts';
import { LLDP_LIMIT, LLDP_MULTICAST, LLDP_TLV } from './lldp.ts';

/** An id made of a MAC address: give CHASSIS_ID_SUBTYPE.MAC or PORT_ID_SUBTYPE.MAC. */
export function lldpMacId(subtype: number, mac: Mac): LldpId {
  const value = new Uint8Array(6);
  putU48(value, 0, mac);
  return { subtype, value };
}

/** An id made of text: a name, or one of the sender's own making. */
export function lldpTextId(subtype: number, value: string): LldpId {
  return { subtype, value: encodeText(value) };
}

export interface LldpOptions extends Pick<LldpDu, 'chassisId' | 'portId' | 'ttl'>, Pick<LinkHeader, 'ethSrc' | 'tags'> {
  /** Default LLDP_MULTICAST. */
  readonly ethDst?: Mac;
  readonly portDescription?: string;
  readonly systemName?: string;
  readonly systemDescription?: string;
  readonly organizational?: readonly OrganizationalTlv[];
}

interface Tlv {
  readonly type: number;
  /** Fixed bytes before the value. */
  readonly prefix: Uint8Array;
  readonly value: Uint8Array;
}

/** An LLDP frame. Throws PacketBuildError where an id, text or organisational value is too long. */
export function buildLldp(options: LldpOptions): Uint8Array {
  const { ethSrc, ethDst = LLDP_MULTICAST, tags = [] } = options;
  const tlvs = [...listTlvs(options)];
  const length = tlvs.reduce<number>(
    (sum, tlv) => sum + LLDP_LIMIT.TLV_HEADER + tlv.prefix.length + tlv.value.length,
    LLDP_LIMIT.TLV_HEADER,
  );
  const { frame, offset } = startEthernet({ ethDst, ethSrc, tags }, ETHER_TYPE.LLDP, length);
  let at = offset;
  for (const { type, prefix, value } of tlvs) {
    putU16(frame, at, (type << 9) | (prefix.length + value.length));
    frame.set(prefix, at + LLDP_LIMIT.TLV_HEADER);
    frame.set(value, at + LLDP_LIMIT.TLV_HEADER + prefix.length);
    at += LLDP_LIMIT.TLV_HEADER + prefix.length + value.length;
  }
  return frame;
}

/** In the order that clause 8.2 asks for. The End TLV is two zero bytes, which the frame already holds. */
function* listTlvs(options: LldpOptions): Generator<Tlv> {
  yield idTlv(LLDP_TLV.CHASSIS_ID, 'Length of the chassis id', options.chassisId);
  yield idTlv(LLDP_TLV.PORT_ID, 'Length of the port id', options.portId);
  checkRange('TTL in seconds', options.ttl, 0, 0xffff);
  yield { type: LLDP_TLV.TTL, prefix: Uint8Array.of(options.ttl >>> 8, options.ttl), value: EMPTY };
  yield* textTlv(LLDP_TLV.PORT_DESCRIPTION, options.portDescription);
  yield* textTlv(LLDP_TLV.SYSTEM_NAME, options.systemName);
  yield* textTlv(LLDP_TLV.SYSTEM_DESCRIPTION, options.systemDescription);
  const organizational = options.organizational ?? [];
  checkRange('Number of organisational TLVs', organizational.length, 0, LLDP_LIMIT.ORGANIZATIONAL_TLVS);
  for (const { oui, subtype, value } of organizational) {
    checkRange('Length of an organisational value', value.length, 0, LLDP_LIMIT.ORGANIZATIONAL);
    const prefix = new Uint8Array(LLDP_LIMIT.ORGANIZATIONAL_HEADER);
    putU24(prefix, 0, oui);
    prefix[3] = subtype;
    yield { type: LLDP_TLV.ORGANIZATIONAL, prefix, value };
  }
}

function idTlv(type: number, what: string, id: LldpId): Tlv {
  checkRange(what, id.value.length, 1, LLDP_LIMIT.ID);
  return { type, prefix: Uint8Array.of(id.subtype), value: id.value };
}

function* textTlv(type: number, content: string | undefined): Generator<Tlv> {
  if (content === undefined) return;
  const value = encodeText(content);
  checkRange('Length of an LLDP text in bytes', value.length, 0, LLDP_LIMIT.TEXT);
  yield { type, prefix: EMPTY, value };
}
