/** The fabric that most tests of discovery begin with: two switches and a cable. */
import { formatDpid, linkId } from '../../core/ids.ts';
import type { PortRef } from '../../core/ids.ts';
import type { Link } from '../view.ts';
import { TestFabric } from './fabric.ts';

export const S1 = formatDpid(1n);
export const S2 = formatDpid(2n);
export const S3 = formatDpid(3n);
export const A: PortRef = { dpid: S1, port: 1 };
export const B: PortRef = { dpid: S2, port: 1 };
export const C: PortRef = { dpid: S3, port: 1 };
export const HOST: PortRef = { dpid: S1, port: 9 };
/** The last probe of a burst, and the grace after it. */
export const DECIDED_MS = 240 + 160;
export const INTERVAL_MS = 250;

/** Two switches and a cable; S1 has a port more, for a host. */
export function pair(): TestFabric {
  const fabric = new TestFabric(INTERVAL_MS);
  fabric.cable(A, B);
  fabric.connect(S1, [1, 9]);
  fabric.connect(S2, [1]);
  return fabric;
}

export function linkOf(a: PortRef, b: PortRef, bidirectional = true): Link {
  return { id: linkId(a, b), a, b, bidirectional };
}
