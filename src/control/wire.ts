/** Ties what the topology may do to switches to their sessions. */
import type { Mac } from '../core/addresses.ts';
import type { Clock } from '../core/clock.ts';
import type { Dpid, PortRef } from '../core/ids.ts';
import { TABLES } from '../flows/pipeline.ts';
import { echoRequest, flowStatsRequest, OFPP, packetOut } from '../openflow/codec/index.ts';
import type { Action } from '../openflow/codec/index.ts';
import type { DatapathSession } from '../openflow/session/datapath.ts';
import type { Wire } from '../topology/wire.ts';

type Session = Pick<DatapathSession, 'send' | 'request' | 'multipart' | 'nextXid'>;

export interface ControlWire extends Wire {
  /** Frames that the rule of a known sender at a port let pass; undefined where the switch did not say. */
  framesFrom(mac: Mac, at: PortRef, done: (count: bigint | undefined) => void): void;
}

/** @param sessionOf the session of a switch that is connected */
export function createWire(sessionOf: (dpid: Dpid) => Session | undefined, clock: Clock): ControlWire {
  const outputs = new Map<number, readonly Action[]>();
  return {
    send: ({ dpid, port }, data) => {
      const session = sessionOf(dpid);
      if (!session) return false;
      let actions = outputs.get(port);
      if (!actions) outputs.set(port, (actions = [{ type: 'output', port, maxLen: 0 }]));
      return session.send(packetOut({ inPort: OFPP.CONTROLLER, actions, data }));
    },
    roundTrip: (dpid, done) => {
      const session = sessionOf(dpid);
      if (!session) {
        done(undefined);
        return;
      }
      const start = clock.now();
      session.request(echoRequest({ xid: session.nextXid() })).then(
        () => done(clock.now() - start),
        () => done(undefined),
      );
    },
    framesFrom: (mac, { dpid, port }, done) => {
      const session = sessionOf(dpid);
      if (!session) {
        done(undefined);
        return;
      }
      const match = { inPort: port, ethSrc: mac };
      session.multipart('flow', flowStatsRequest({ tableId: TABLES.learn.id, match })).then(
        (flows) => done(flows.reduce((count, { packetCount }) => count + packetCount, 0n)),
        () => done(undefined),
      );
    },
  };
}
