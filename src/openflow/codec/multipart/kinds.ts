/** Every kind of multipart in one place: to add one, extend MultipartKinds and list its codec here. */
import { OFPMP } from '../constants/switch.ts';
import { flowMonitor } from '../experimenter/flow-monitor.ts';
import * as formats from '../json/formats.ts';
import type { ExperimenterMultipart, MultipartKind } from '../message-types.ts';
import { restBytes, u32 } from '../wire/fields.ts';
import { struct } from '../wire/struct.ts';
import type { MultipartCodec } from './codec.ts';
import { aggregate, flow, table } from './flow.ts';
import * as groups from './group.ts';
import * as ports from './port.ts';
import { tableFeatures } from './table-features.ts';

const anything = struct<ExperimenterMultipart>({ experimenter: u32(formats.hex), expType: u32(), data: restBytes() });
const experimenter: MultipartCodec<'experimenter'> = {
  wireType: OFPMP.EXPERIMENTER,
  request: anything,
  reply: anything,
};

type Registry = { readonly [K in MultipartKind]: MultipartCodec<K> };

export const MULTIPARTS: Registry = {
  flow,
  aggregate,
  table,
  ...ports,
  ...groups,
  tableFeatures,
  flowMonitor,
  experimenter,
};

const all = Object.entries(MULTIPARTS) as readonly [MultipartKind, MultipartCodec][];

/** The kind behind an OFPMP number that is not EXPERIMENTER, or undefined. */
const byWireType: ReadonlyMap<number, MultipartKind> = new Map(
  all.filter(([, { vendor }]) => !vendor).map(([kind, { wireType }]) => [wireType, kind]),
);

export function kindByWireType(wireType: number): MultipartKind | undefined {
  return byWireType.get(wireType);
}

/** The kind of an experimenter's multipart; 'experimenter' for one that is not known. */
export function kindByVendor(id: number, expType: number): MultipartKind {
  return all.find(([, { vendor }]) => vendor?.id === id && vendor.expType === expType)?.[0] ?? 'experimenter';
}
