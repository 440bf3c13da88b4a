/** The actions of OpenFlow 1.3.5 section 7.2.5. */
import type { Action } from '../action-types.ts';
import { OFPAT } from '../constants/flows.ts';
import { OFPP } from '../constants/ports.ts';
import { OFPCML } from '../constants/switch.ts';
import * as formats from '../json/formats.ts';
import { isObject, onlyKeys } from '../json/json.ts';
import { u16, u32, u8 } from '../wire/fields.ts';
import { pad } from '../wire/struct.ts';
import { action, type ActionCodec } from './codec.ts';

type ActionOf<T extends Action['type']> = Extract<Action, { type: T }>;

const etherTypeArgument = { ethertype: u16(formats.hex16), _pad: pad(2) };
const noArguments = { _pad: pad(4) };

/** Bytes sent to the controller where the action does not say: the whole packet. To other ports the value means nothing. */
function defaultMaxLen(port: number): number {
  return port === OFPP.CONTROLLER ? OFPCML.NO_BUFFER : 0;
}

export const output: ActionCodec<ActionOf<'output'>> = {
  type: 'output',
  wireType: OFPAT.OUTPUT,
  read(reader) {
    const port = reader.u32();
    const maxLen = reader.u16();
    reader.skip(6);
    return maxLen === defaultMaxLen(port) ? { type: 'output', port } : { type: 'output', port, maxLen };
  },
  write(writer, { port, maxLen }) {
    writer.u32(port, 'port');
    writer.u16(maxLen ?? defaultMaxLen(port), 'maxLen');
    writer.pad(6);
  },
  toJson({ port, maxLen }) {
    return maxLen === undefined ? formats.port.toJson(port) : { port: formats.port.toJson(port), max_len: maxLen };
  },
  fromJson(json, where) {
    if (!isObject(json)) return { type: 'output', port: formats.port.fromJson(json, where) };
    onlyKeys(json, ['port', 'max_len'], where);
    const port = formats.port.fromJson(json['port'] ?? null, `${where}.port`);
    if (json['max_len'] === undefined) return { type: 'output', port };
    return { type: 'output', port, maxLen: formats.decimal.fromJson(json['max_len'], `${where}.max_len`) };
  },
  kind: { kind: 'special', name: 'output' },
};

export const copyTtlOut = action<ActionOf<'copyTtlOut'>>('copyTtlOut', OFPAT.COPY_TTL_OUT, noArguments);
export const copyTtlIn = action<ActionOf<'copyTtlIn'>>('copyTtlIn', OFPAT.COPY_TTL_IN, noArguments);
export const setMplsTtl = action<ActionOf<'setMplsTtl'>>('setMplsTtl', OFPAT.SET_MPLS_TTL, { ttl: u8(), _pad: pad(3) });
export const decMplsTtl = action<ActionOf<'decMplsTtl'>>('decMplsTtl', OFPAT.DEC_MPLS_TTL, noArguments);
export const pushVlan = action<ActionOf<'pushVlan'>>('pushVlan', OFPAT.PUSH_VLAN, etherTypeArgument);
export const popVlan = action<ActionOf<'popVlan'>>('popVlan', OFPAT.POP_VLAN, noArguments);
export const pushMpls = action<ActionOf<'pushMpls'>>('pushMpls', OFPAT.PUSH_MPLS, etherTypeArgument);
export const popMpls = action<ActionOf<'popMpls'>>('popMpls', OFPAT.POP_MPLS, etherTypeArgument);
export const setQueue = action<ActionOf<'setQueue'>>('setQueue', OFPAT.SET_QUEUE, { queueId: u32() });
export const group = action<ActionOf<'group'>>('group', OFPAT.GROUP, { groupId: u32(formats.group) });
export const setNwTtl = action<ActionOf<'setNwTtl'>>('setNwTtl', OFPAT.SET_NW_TTL, { ttl: u8(), _pad: pad(3) });
export const decNwTtl = action<ActionOf<'decNwTtl'>>('decNwTtl', OFPAT.DEC_NW_TTL, noArguments);
export const pushPbb = action<ActionOf<'pushPbb'>>('pushPbb', OFPAT.PUSH_PBB, etherTypeArgument);
export const popPbb = action<ActionOf<'popPbb'>>('popPbb', OFPAT.POP_PBB, noArguments);
