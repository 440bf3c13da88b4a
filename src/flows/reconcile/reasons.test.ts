import { describe, expect, it } from 'vitest';
import { errorCodes, OFPBAC, OFPBFC, OFPET, OFPFMFC, OFPGMFC, OFPMMFC } from '../../openflow/codec/index.ts';
import { explain } from './reasons.ts';
import { group, meter, rule } from './testing/rules.ts';

describe('a reason', () => {
  it('is a whole sentence for every error there is, and for those that nobody knows', () => {
    for (const errorType of [...Object.values(OFPET), 99]) {
      for (const code of [...Object.values(errorCodes(errorType)), 999]) {
        for (const item of [rule(1), group(1), meter(1)]) {
          expect(explain(errorType, code, item).reason).toMatch(/^[\w/]+: [^{}]+; [^{}]+$/);
        }
      }
    }
  });

  it('names the error, what it is about and what to do', () => {
    expect(explain(OFPET.FLOW_MOD_FAILED, OFPFMFC.TABLE_FULL, rule(1))).toEqual({
      reason:
        'FLOW_MOD_FAILED/TABLE_FULL: table 5 (steer) has no room; remove rules from it, or raise its limit (with Open vSwitch flow_limit in `ovs-vsctl list Flow_Table`)',
      mayPass: true,
      stale: false,
    });
    expect(explain(OFPET.GROUP_MOD_FAILED, OFPGMFC.BAD_WATCH, group(1)).reason).toContain(
      `group ${group(1).groupId} watches`,
    );
    expect(explain(OFPET.METER_MOD_FAILED, OFPMMFC.BAD_RATE, meter(1))).toMatchObject({ mayPass: false });
  });

  it('tells what may pass from what may not', () => {
    const mayPass = (type: number, code: number): boolean => explain(type, code, rule(1)).mayPass;
    expect(mayPass(OFPET.FLOW_MOD_FAILED, OFPFMFC.TABLE_FULL)).toBe(true);
    expect(mayPass(OFPET.FLOW_MOD_FAILED, OFPFMFC.EPERM)).toBe(true);
    expect(mayPass(OFPET.GROUP_MOD_FAILED, OFPGMFC.OUT_OF_GROUPS)).toBe(true);
    expect(mayPass(OFPET.BAD_ACTION, OFPBAC.BAD_OUT_PORT)).toBe(true);
    for (const code of [OFPBAC.BAD_TYPE, OFPBAC.BAD_ARGUMENT, OFPBAC.TOO_MANY, OFPBAC.UNSUPPORTED_ORDER]) {
      expect(mayPass(OFPET.BAD_ACTION, code)).toBe(false);
    }
    for (let code = 0; code < 11; code++) expect(mayPass(OFPET.BAD_MATCH, code)).toBe(false);
    expect(mayPass(OFPET.EXPERIMENTER, OFPBFC.MSG_FAILED)).toBe(true);
  });

  it('knows errors that contradict what the switch is believed to hold', () => {
    const stale = (type: number, code: number): boolean => explain(type, code, group(1)).stale;
    expect(stale(OFPET.GROUP_MOD_FAILED, OFPGMFC.GROUP_EXISTS)).toBe(true);
    expect(stale(OFPET.GROUP_MOD_FAILED, OFPGMFC.UNKNOWN_GROUP)).toBe(true);
    expect(stale(OFPET.METER_MOD_FAILED, OFPMMFC.INVALID_METER)).toBe(true);
    expect(stale(OFPET.BAD_ACTION, OFPBAC.BAD_OUT_GROUP)).toBe(true);
    expect(stale(OFPET.FLOW_MOD_FAILED, OFPFMFC.TABLE_FULL)).toBe(false);
  });
});
