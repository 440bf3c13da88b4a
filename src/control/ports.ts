/** OpenFlow's description of a port as a fact. */
import { OFPP, OFPPC, OFPPS } from '../openflow/codec/index.ts';
import type { PortDesc } from '../openflow/codec/index.ts';
import type { Port, PortKind } from '../topology/view.ts';

const BITS_PER_KBIT = 1_000;

/** False for reserved ports: LOCAL is the switch's own, the rest are no places. */
export function isPhysical({ portNo }: PortDesc): boolean {
  return portNo <= OFPP.MAX;
}

export function isUp({ config, state }: PortDesc): boolean {
  return (config & OFPPC.PORT_DOWN) === 0 && (state & OFPPS.LINK_DOWN) === 0;
}

export function toPort(desc: PortDesc, kind: PortKind): Port {
  return {
    number: desc.portNo,
    name: desc.name,
    mac: desc.hwAddr,
    up: isUp(desc),
    kind,
    speedBps: desc.currSpeed * BITS_PER_KBIT,
  };
}
