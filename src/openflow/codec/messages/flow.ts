/** Flow entries: setting them and learning that one is gone (sections 7.3.4.1 and 7.4.2). */
import { OFPET, OFPFMFC } from '../constants/errors.ts';
import { OFPFC, OFPFF, OFPRR, OFPTT } from '../constants/flows.ts';
import { OFPT } from '../constants/header.ts';
import { OFP_NO_BUFFER } from '../constants/switch.ts';
import { restInstructions } from '../instructions/list.ts';
import * as formats from '../json/formats.ts';
import type { FlowMod, FlowRemoved } from '../message-types.ts';
import { ruleMatch } from '../oxm/match-field.ts';
import { writeMatch } from '../oxm/write.ts';
import { among, u16, u32, u64, u8 } from '../wire/fields.ts';
import { pad } from '../wire/struct.ts';
import { message, type MessageCodec } from './codec.ts';

const BAD_COMMAND = { errorType: OFPET.FLOW_MOD_FAILED, code: OFPFMFC.BAD_COMMAND };

const command = among(u8(), { table: OFPFC, refusal: BAD_COMMAND });

/** FLOW_MOD by its layout. */
export const flowModByLayout = message<FlowMod>('flowMod', OFPT.FLOW_MOD, {
  cookie: u64(formats.hexWide),
  cookieMask: u64(formats.hexWide),
  tableId: u8(formats.named({ all: OFPTT.ALL })),
  command,
  idleTimeout: u16(),
  hardTimeout: u16(),
  priority: u16(),
  bufferId: u32(formats.named({ none: OFP_NO_BUFFER })),
  outPort: u32(formats.port),
  outGroup: u32(formats.group),
  flags: u16(formats.flags(OFPFF)),
  _pad: pad(2),
  match: ruleMatch,
  instructions: restInstructions,
});

/** FLOW_MOD written in one go: a switch that comes back may need tens of thousands. A test holds it against the layout. */
export const flowMod: MessageCodec<FlowMod> = {
  ...flowModByLayout,
  write(writer, flow) {
    writer.u64(flow.cookie, 'cookie');
    writer.u64(flow.cookieMask, 'cookieMask');
    writer.u8(flow.tableId, 'tableId');
    command.write(writer, flow.command, 'command');
    writer.u16(flow.idleTimeout, 'idleTimeout');
    writer.u16(flow.hardTimeout, 'hardTimeout');
    writer.u16(flow.priority, 'priority');
    writer.u32(flow.bufferId, 'bufferId');
    writer.u32(flow.outPort, 'outPort');
    writer.u32(flow.outGroup, 'outGroup');
    writer.u16(flow.flags, 'flags');
    writer.pad(2);
    writeMatch(writer, flow.match, 'rule');
    restInstructions.write(writer, flow.instructions, 'instructions');
  },
};

export const flowRemoved = message<FlowRemoved>('flowRemoved', OFPT.FLOW_REMOVED, {
  cookie: u64(formats.hexWide),
  priority: u16(),
  reason: u8(formats.named(OFPRR)),
  tableId: u8(),
  durationSec: u32(),
  durationNsec: u32(),
  idleTimeout: u16(),
  hardTimeout: u16(),
  packetCount: u64(),
  byteCount: u64(),
  match: ruleMatch,
});
