/** What one LLDP probe takes of the processor: stamped and signed, sent as a PACKET_OUT, decoded and recognised. */
import { randomBytes } from 'node:crypto';
import { decode, encode, OFP_NO_BUFFER, OFPR, packetOut } from '../src/openflow/codec/index.ts';
import type { PacketIn } from '../src/openflow/codec/index.ts';
import { processorMs } from '../test/support/processor-time.ts';
import { MAX_PROBES_PER_TICK, TICK_MS } from '../src/topology/discovery/discovery.ts';
import { ProbeFrame, readProbe } from '../src/topology/discovery/probe.ts';
import { best } from './support/rounds.ts';
import type { Row } from './support/table.ts';

const ROUNDS = 7;
const PROBES = 10_000;

export function benchProbes(): Row[] {
  const key = randomBytes(32);
  const frame = new ProbeFrame(key, { dpid: '0000000000000001', port: 3 }, 0x0200_0000_0001);
  const actions = [{ type: 'output', port: 3, maxLen: 0 }] as const;
  const header = {
    type: 'packetIn',
    xid: 0,
    bufferId: OFP_NO_BUFFER,
    reason: OFPR.ACTION,
    tableId: 0,
    cookie: 0n,
  } as const;
  const step = (i: number): void => {
    const data = frame.stamp(i, i);
    encode(packetOut({ actions, data }));
    const heard = decode(encode({ ...header, totalLen: data.length, match: { inPort: 4 }, data })) as PacketIn;
    if (!readProbe(key, heard.data)) throw new Error('a probe was not recognised');
  };
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = processorMs();
    for (let i = 1; i <= PROBES; i++) step(i);
    return ((processorMs() - before) * 1_000) / PROBES;
  });
  const us = best(rounds);
  const perSecond = (MAX_PROBES_PER_TICK * 1_000) / TICK_MS;
  return [
    {
      what: 'a probe sent and heard',
      figure: `${us.toFixed(1)} µs of processor time`,
      beside: `${((us * perSecond) / 1e6).toFixed(2)} of a core at the ${perSecond.toLocaleString('en')} a second that are sent at most`,
    },
  ];
}
