/** Reads what a switch holds: flows, groups, meters; ours as items by key, other people's to be shown. */
import { OFPG, OFPM, OFPP, OFPTT } from '../../openflow/codec/index.ts';
import type { FlowStats } from '../../openflow/codec/index.ts';
import type { DatapathSession } from '../../openflow/session/datapath.ts';
import { OpenFlowError } from '../../openflow/session/requests.ts';
import { isOurs } from '../cookie.ts';
import { flowItem, groupItem, meterItem } from '../items.ts';
import type { Item } from '../items.ts';
import { isOurGroup, isOurMeter } from '../pipeline.ts';
import { MAX_FOREIGN_SHOWN } from './foreign.ts';
import { isKept } from './monitor.ts';
import type { ReadBack } from './transport.ts';

const ALL_FLOWS = {
  tableId: OFPTT.ALL,
  outPort: OFPP.ANY,
  outGroup: OFPG.ANY,
  cookie: 0n,
  cookieMask: 0n,
  match: {},
};

/** Rejects where the switch does not answer. One that has no groups or no meters says so by an error: then there are none. */
export async function readSwitch(session: DatapathSession): Promise<ReadBack> {
  const [flows, groups, meters] = await Promise.all([
    session.multipart('flow', ALL_FLOWS),
    noneIfRefused(session.multipart('groupDesc', undefined)),
    noneIfRefused(session.multipart('meterConfig', { meterId: OFPM.ALL })),
  ]);
  const items = new Map<string, Item>();
  const foreign: Item[] = [];
  let foreignCount = 0;
  const sort = (isOurItem: boolean, make: () => Item): void => {
    if (!isOurItem && ++foreignCount > MAX_FOREIGN_SHOWN) return;
    const item = make();
    if (isOurItem) items.set(item.key, item);
    else foreign.push(item);
  };
  for (const flow of flows)
    if (isKept(flow.cookie) || !isOurs(flow.cookie)) sort(isKept(flow.cookie), () => rule(flow));
  for (const group of groups) sort(isOurGroup(group.groupId), () => groupItem(group));
  for (const meter of meters) sort(isOurMeter(meter.meterId), () => meterItem(meter));
  return { items, flows, foreign, foreignCount };
}

function rule(flow: FlowStats): Item {
  return flowItem(flow);
}

async function noneIfRefused<T>(answer: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof OpenFlowError) return [];
    throw error;
  }
}
