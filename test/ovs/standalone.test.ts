/** A bridge with fail_mode=standalone becomes a learning switch when its controller dies; it is whole when that is back. */
import { afterEach, expect, it } from 'vitest';
import { makeCookie, RULE_CLASS } from '../../src/flows/cookie.ts';
import { flowItem } from '../../src/flows/items.ts';
import { TABLES } from '../../src/flows/pipeline.ts';
import { OFPFMF, OFPP, OFPTT } from '../../src/openflow/codec/index.ts';
import { startKeeper } from '../support/keeper.ts';
import type { Keeper } from '../support/keeper.ts';
import { connectOpenflow } from '../support/openflow-client.ts';
import { startPrivateOvs } from '../support/private-ovs.ts';
import type { PrivateOvs } from '../support/private-ovs.ts';

const DPID = '0000000000000001';
/** Open vSwitch gives up its controller after three times its probe interval, of 5 s at least, and tries again every 8 s. */
const TEST_TIMEOUT_MS = 60_000;

const rules = Array.from({ length: 20 }, (_, index) =>
  flowItem({
    tableId: TABLES.forward.id,
    priority: 100,
    match: { ethDst: 0x0200_0000_0000 + index },
    instructions: [{ type: 'applyActions', actions: [{ type: 'output', port: 1 }] }],
    cookie: makeCookie({ app: 4, ruleClass: RULE_CLASS.DESIRED, unit: 7 }),
  }),
);

let ovs: PrivateOvs | undefined;
let keeper: Keeper | undefined;

afterEach(async () => {
  await keeper?.stop();
  await ovs?.dispose();
});

it(
  'gives a standalone bridge its tables back',
  async () => {
    const mine = (keeper = await startKeeper());
    const bridges = (ovs = await startPrivateOvs());
    mine.desire(DPID, rules);
    const controller = `tcp:127.0.0.1:${mine.server.port}`;
    await bridges.addBridge('s1', { dpid: DPID, controller, failMode: 'standalone' });
    await mine.ready.next(() => true);
    const dump = (): Promise<string> => bridges.ofctl('dump-flows', 's1', '--no-stats', '--sort');
    const before = await dump();
    expect(before.split('\n')).toHaveLength(rules.length + 1);

    const watcher = await connectOpenflow(bridges.mgmtSocket('s1'));
    const flags = OFPFMF.DELETE;
    await watcher.ask('flowMonitor', [{ monitorId: 1, flags, outPort: OFPP.ANY, tableId: OFPTT.ALL, match: {} }]);
    await mine.stop();
    await watcher.next((message) => message.type === 'multipartReply' && message.kind === 'flowMonitor');
    watcher.close();
    expect(await dump()).not.toContain('cookie=0x5b0c');

    const next = (keeper = await startKeeper({ port: mine.server.port }));
    next.desire(DPID, rules);
    await next.ready.next(() => true);
    expect(await dump()).toBe(before);
    expect(next.reconciler.report(DPID)).toMatchObject({ missing: [], changed: [], extra: [], monitored: true });
  },
  TEST_TIMEOUT_MS,
);
