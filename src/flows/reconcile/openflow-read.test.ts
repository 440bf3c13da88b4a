import { describe, expect, it } from 'vitest';
import { error, OFPBRC, OFPET } from '../../openflow/codec/index.ts';
import type { FlowStats } from '../../openflow/codec/index.ts';
import type { DatapathSession } from '../../openflow/session/datapath.ts';
import { OpenFlowError } from '../../openflow/session/requests.ts';
import { makeCookie, RULE_CLASS } from '../cookie.ts';
import { flowItem } from '../items.ts';
import type { FlowItem, Item } from '../items.ts';
import { MAX_FOREIGN_SHOWN } from './foreign.ts';
import { readSwitch } from './openflow-read.ts';
import { FOREIGN_COOKIE, group, meter, rule, tableOf } from './testing/rules.ts';

const refused = new OpenFlowError(error({ errorType: OFPET.BAD_REQUEST, code: OFPBRC.BAD_MULTIPART }));

function stats({ tableId, priority, match, instructions, cookie }: FlowItem): FlowStats {
  const zero = { durationSec: 0, durationNsec: 0, idleTimeout: 0, hardTimeout: 0, flags: 0 };
  return { tableId, priority, match, instructions, cookie, ...zero, packetCount: 3n, byteCount: 9n };
}

/** A session with these answers to multipart requests; an error refuses. */
function session(answers: Record<string, readonly unknown[] | Error>): DatapathSession {
  const multipart = async (kind: string): Promise<readonly unknown[]> => {
    const answer = answers[kind]!;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { multipart } as unknown as DatapathSession;
}

function byKey(items: readonly Item[]): string[] {
  return items.map(({ key }) => key);
}

describe('reading a switch', () => {
  it('tells ours by cookie and number from what others put there', async () => {
    const theirs = flowItem({ ...rule(2), cookie: FOREIGN_COOKIE });
    const reactive = flowItem({ ...rule(3), cookie: makeCookie({ app: 4, ruleClass: RULE_CLASS.REACTIVE, unit: 1 }) });
    const theirGroup = { ...group(1), groupId: 7 };
    const theirMeter = { ...meter(1), meterId: 7 };
    const flows = [rule(1), theirs, reactive].map(stats);
    const readBack = await readSwitch(
      session({ flow: flows, groupDesc: [group(1), theirGroup], meterConfig: [meter(1), theirMeter] }),
    );
    expect(readBack.items).toEqual(tableOf(rule(1), group(1), meter(1)));
    expect(readBack.flows).toEqual(flows);
    expect(readBack.foreignCount).toBe(3);
    expect(byKey(readBack.foreign)).toEqual([theirs.key, 'g7', 'm7']);
  });

  it('keeps the first of many foreign rules, and counts them all', async () => {
    const many = Array.from({ length: 500 }, (_, index) => stats(flowItem({ ...rule(index), cookie: 0n })));
    const { items, foreign, foreignCount } = await readSwitch(session({ flow: many, groupDesc: [], meterConfig: [] }));
    expect([items.size, foreign.length, foreignCount]).toEqual([0, MAX_FOREIGN_SHOWN, 500]);
  });

  it('takes the error of a switch without groups or meters for none', async () => {
    const readBack = await readSwitch(session({ flow: [stats(rule(1))], groupDesc: refused, meterConfig: refused }));
    expect(readBack.items).toEqual(tableOf(rule(1)));
  });

  it('fails where an answer is missing: what is not known is not taken for none', async () => {
    const silent = new Error('no answer');
    const answers = { flow: [], groupDesc: [], meterConfig: [] };
    for (const kind of Object.keys(answers)) {
      await expect(readSwitch(session({ ...answers, [kind]: silent }))).rejects.toThrow('no answer');
    }
    await expect(readSwitch(session({ ...answers, flow: refused }))).rejects.toThrow('BAD_MULTIPART');
  });
});
