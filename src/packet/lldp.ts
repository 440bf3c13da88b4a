/** LLDP (IEEE 802.1AB clause 8 and 9): what switches tell their neighbours, and how the fabric finds its links. */
import type { Mac } from '../core/addresses.ts';
import { text, u16, u24, u48, u8 } from './bytes.ts';

/** The nearest bridge: no bridge, not even a two-port one, passes it on (clause 7.1). */
export const LLDP_MULTICAST: Mac = 0x0180_c200_000e;

export const CHASSIS_ID_SUBTYPE = { COMPONENT: 1, MAC: 4, NETWORK_ADDRESS: 5, INTERFACE_NAME: 6, LOCAL: 7 } as const;
export const PORT_ID_SUBTYPE = { INTERFACE_ALIAS: 1, MAC: 3, NETWORK_ADDRESS: 4, INTERFACE_NAME: 5, LOCAL: 7 } as const;

/** TLV types (table 8-1). */
export const LLDP_TLV = {
  END: 0,
  CHASSIS_ID: 1,
  PORT_ID: 2,
  TTL: 3,
  PORT_DESCRIPTION: 4,
  SYSTEM_NAME: 5,
  SYSTEM_DESCRIPTION: 6,
  ORGANIZATIONAL: 127,
} as const;

export const LLDP_LIMIT = {
  /** Type and length. */
  TLV_HEADER: 2,
  /** Bytes of a chassis or port id after its subtype (clause 8.5.2.3). */
  ID: 255,
  /** Bytes of a name or description (clause 8.5.5.2). */
  TEXT: 255,
  /** Organisation and subtype. */
  ORGANIZATIONAL_HEADER: 4,
  /** Bytes that a 9-bit length leaves after organisation and subtype. */
  ORGANIZATIONAL: 507,
  /** Real stations send about ten; a frame full of empty ones is not worth holding. */
  ORGANIZATIONAL_TLVS: 64,
} as const;

export interface LldpId {
  /** A CHASSIS_ID_SUBTYPE or PORT_ID_SUBTYPE: they number the same things differently. */
  readonly subtype: number;
  /** When parsed, a view into the frame: copy it to keep it. */
  readonly value: Uint8Array;
}

export interface OrganizationalTlv {
  /** 24 bits. */
  readonly oui: number;
  readonly subtype: number;
  /** When parsed, a view into the frame: copy it to keep it. */
  readonly value: Uint8Array;
}

/** Texts come from the neighbour and may hold anything. */
export interface LldpDu {
  readonly chassisId: LldpId;
  readonly portId: LldpId;
  /** In seconds; 0 takes back what was said before. */
  readonly ttl: number;
  readonly portDescription: string | undefined;
  readonly systemName: string | undefined;
  readonly systemDescription: string | undefined;
  readonly organizational: readonly OrganizationalTlv[];
}

type Found = { -readonly [K in keyof LldpDu]: LldpDu[K] | undefined } & {
  readonly organizational: OrganizationalTlv[];
};

/**
 * Reads the TLVs from the Ethernet payload. Undefined where a TLV ends early, a mandatory one (chassis id, port id,
 * TTL) is missing, repeated or of a wrong length, or an End TLV is not empty. Order does not matter, unknown TLVs are
 * passed over, the first of a repeated text counts, and the frame's end serves as well as an End TLV.
 * @param end where the payload ends
 */
export function parseLldp(data: Uint8Array, offset: number, end = data.length): LldpDu | undefined {
  const last = Math.min(end, data.length);
  const found: Found = {
    chassisId: undefined,
    portId: undefined,
    ttl: undefined,
    portDescription: undefined,
    systemName: undefined,
    systemDescription: undefined,
    organizational: [],
  };
  let at = offset;
  while (at < last) {
    const value = at + LLDP_LIMIT.TLV_HEADER;
    if (value > last) return undefined;
    const header = u16(data, at);
    const next = value + (header & 0x1ff);
    if (next > last) return undefined;
    if (header >>> 9 === LLDP_TLV.END) {
      if (next !== value) return undefined;
      break;
    }
    if (!takeTlv(found, data, header >>> 9, value, next)) return undefined;
    at = next;
  }
  const { chassisId, portId, ttl } = found;
  if (chassisId === undefined || portId === undefined || ttl === undefined) return undefined;
  return { ...found, chassisId, portId, ttl };
}

/** False where the TLV makes the whole unit invalid (clause 9.2.7.7). */
function takeTlv(found: Found, data: Uint8Array, type: number, start: number, end: number): boolean {
  switch (type) {
    case LLDP_TLV.CHASSIS_ID:
      if (found.chassisId !== undefined) return false;
      found.chassisId = parseId(data, start, end);
      return found.chassisId !== undefined;
    case LLDP_TLV.PORT_ID:
      if (found.portId !== undefined) return false;
      found.portId = parseId(data, start, end);
      return found.portId !== undefined;
    case LLDP_TLV.TTL:
      if (found.ttl !== undefined || end - start < 2) return false;
      found.ttl = u16(data, start);
      return true;
    case LLDP_TLV.PORT_DESCRIPTION:
      found.portDescription ??= text(data, start, end);
      return true;
    case LLDP_TLV.SYSTEM_NAME:
      found.systemName ??= text(data, start, end);
      return true;
    case LLDP_TLV.SYSTEM_DESCRIPTION:
      found.systemDescription ??= text(data, start, end);
      return true;
    case LLDP_TLV.ORGANIZATIONAL:
      return takeOrganizational(found.organizational, data, start, end);
    default:
      return true;
  }
}

function parseId(data: Uint8Array, start: number, end: number): LldpId | undefined {
  const length = end - start - 1;
  if (length < 1 || length > LLDP_LIMIT.ID) return undefined;
  return { subtype: u8(data, start), value: data.subarray(start + 1, end) };
}

function takeOrganizational(list: OrganizationalTlv[], data: Uint8Array, start: number, end: number): boolean {
  if (end - start < LLDP_LIMIT.ORGANIZATIONAL_HEADER || list.length >= LLDP_LIMIT.ORGANIZATIONAL_TLVS) return false;
  list.push({
    oui: u24(data, start),
    subtype: u8(data, start + 3),
    value: data.subarray(start + LLDP_LIMIT.ORGANIZATIONAL_HEADER, end),
  });
  return true;
}

/** The MAC address in an id, where its length is that of one. Check the subtype first. */
export function lldpIdMac(id: LldpId): Mac | undefined {
  return id.value.length === 6 ? u48(id.value, 0) : undefined;
}

export function lldpIdText(id: LldpId): string {
  return text(id.value, 0, id.value.length);
}
