/** Extension headers of IPv6: which protocols are, and how long they are. */
import { IP_PROTO } from './ip-proto.ts';

export function isExtension(proto: number): boolean {
  switch (proto) {
    case IP_PROTO.HOP_BY_HOP:
    case IP_PROTO.ROUTING:
    case IP_PROTO.FRAGMENT:
    case IP_PROTO.AUTHENTICATION:
    case IP_PROTO.DESTINATION_OPTIONS:
      return true;
    default:
      return false;
  }
}

/** In bytes; each kind has its own unit (RFC 8200 section 4, RFC 4302 section 2.2); all come to 8 or more. */
export function extensionLength(proto: number, lengthField: number): number {
  if (proto === IP_PROTO.FRAGMENT) return 8;
  if (proto === IP_PROTO.AUTHENTICATION) return (lengthField + 2) * 4;
  return (lengthField + 1) * 8;
}
