/** Reactive forwarding with the network of `pods.ts` as its facts, without sockets. */
import { pino } from 'pino';
import { systemClock } from '../../src/core/clock.ts';
import { linkId } from '../../src/core/ids.ts';
import { createConversations } from '../../src/reactive/conversations.ts';
import type { Conversations } from '../../src/reactive/conversations.ts';
import type { ReactiveSession } from '../../src/reactive/fabric.ts';
import { Network } from '../../src/topology/network.ts';
import { hostAt, portOf, switchOf } from '../../src/topology/testing/facts.ts';
import { cables, dpidOf, HOST_PORT, hostsPerLeaf, macOf, portsOf, SPINES } from './pods.ts';
import { ASKING } from '../../src/reactive/testing/asking.ts';

/** All switches are attached by the sessions given, all hosts known. */
export function conversationsAmong(sessions: readonly ReactiveSession[]): Conversations {
  const facts = new Network(systemClock);
  const conversations = createConversations({
    network: facts,
    clock: systemClock,
    logger: pino({ level: 'silent' }),
    match: 'mac',
    idleTimeoutS: 10,
    installed: () => ASKING,
  });
  const switches = sessions.length;
  for (const [index, ports] of portsOf(switches).entries()) {
    const kindOf = (port: number): 'host' | 'fabric' => (index >= SPINES && port <= HOST_PORT ? 'host' : 'fabric');
    facts.setSwitch(
      dpidOf(index),
      switchOf(
        dpidOf(index),
        ports.map((port) => portOf(port, kindOf(port))),
      ),
    );
  }
  for (const ends of cables(switches)) {
    const [a, b] = ends.map(({ index, port }) => ({ dpid: dpidOf(index), port })) as [Ref, Ref];
    facts.setLink(linkId(a, b), { id: linkId(a, b), a, b, bidirectional: true });
  }
  for (let leaf = SPINES; leaf < switches; leaf++) {
    for (let host = 0; host < hostsPerLeaf(switches); host++) {
      facts.setHost(macOf(leaf, host), hostAt(macOf(leaf, host), { dpid: dpidOf(leaf), port: HOST_PORT }));
    }
  }
  facts.flush();
  for (const [index, session] of sessions.entries()) {
    conversations.attach(dpidOf(index), session, { flows: [], items: ASKING });
  }
  return conversations;
}

interface Ref {
  readonly dpid: string;
  readonly port: number;
}
