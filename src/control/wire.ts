/** Ties what the topology may do to switches to their sessions. */
import type { Clock } from '../core/clock.ts';
import type { Dpid } from '../core/ids.ts';
import { TABLES } from '../flows/pipeline.ts';
import { echoRequest, flowStatsRequest, OFPP, packetOut } from '../openflow/codec/index.ts';
import type { Action } from '../openflow/codec/index.ts';
import type { DatapathSession } from '../openflow/session/datapath.ts';
import type { FrameCounters } from '../topology/hosts/contests.ts';
import type { Wire } from '../topology/wire.ts';

type Session = Pick<DatapathSession, 'send' | 'request' | 'multipart' | 'nextXid'>;

/** @param sessionOf the session of a switch that is connected */
export function createWire(sessionOf: (dpid: Dpid) => Session | undefined, clock: Clock): Wire {
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
  };
}

/** What switches count, asked of their sessions. */
export function createCounters(sessionOf: (dpid: Dpid) => Session | undefined): FrameCounters {
  return {
    received: ({ dpid, port }, done) => {
      const stats = sessionOf(dpid)?.multipart('portStats', { portNo: port });
      tell(stats, (ports) => ports.find(({ portNo }) => portNo === port)?.rxPackets, done);
    },
    framesFrom: (mac, { dpid, port }, done) => {
      const match = { inPort: port, ethSrc: mac };
      const flows = sessionOf(dpid)?.multipart('flow', flowStatsRequest({ tableId: TABLES.learn.id, match }));
      tell(flows, (found) => found.reduce((count, { packetCount }) => count + packetCount, 0n), done);
    },
  };
}

function tell<T>(
  answer: Promise<T> | undefined,
  read: (value: T) => bigint | undefined,
  done: (count: bigint | undefined) => void,
): void {
  if (!answer) {
    done(undefined);
    return;
  }
  answer.then(read, () => undefined).then(done, () => {});
}
