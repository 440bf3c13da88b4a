import { describe, expect, it } from 'vitest';
import { linkId } from '../core/ids.ts';
import { createManualClock } from '../core/manual-clock.ts';
import type { Notice } from '../core/notice.ts';
import { hostAt, portOf, switchOf } from '../topology/testing/facts.ts';
import { EMPTY_VIEW } from '../topology/view.ts';
import { ENTRY_TYPES } from './entry.ts';
import { noticeHappening } from './notice-happenings.ts';
import { createRecorder } from './recorder.ts';
import { Timeline } from './timeline.ts';

const [S1, S2] = ['0000000000000001', '0000000000000002'];
const [A, B] = [
  { dpid: S1, port: 1 },
  { dpid: S2, port: 2 },
];
const LINK = { id: linkId(A, B), a: A, b: B, bidirectional: true };
const VIEW = {
  ...EMPTY_VIEW,
  switches: new Map([S1, S2].map((dpid) => [dpid, { ...switchOf(dpid, [portOf(1)]), name: `s${dpid.slice(-1)}` }])),
  links: new Map([[LINK.id, LINK]]),
  hosts: new Map([[5, { ...hostAt(5, A), name: 'h5' }]]),
};

function notice(type: string, subject: Notice['subject']): Notice {
  return { type, severity: 'warning', subject, message: 'It is so.', cause: 'That is why.' };
}

describe('what is noticed', () => {
  it.each<[string, Notice['subject'], object]>([
    ['host.duplicate', { mac: 5, port: B }, { kind: 'host', id: '00:00:00:00:00:05', name: 'h5', dpid: S1 }],
    ['host.flapping', { mac: 6, port: B }, { kind: 'host', id: '00:00:00:00:00:06', dpid: S2 }],
    ['link.silent', { link: LINK.id, dpid: S1 }, { kind: 'link', id: LINK.id, name: 's1:1-s2:2' }],
    ['link.silent', { link: 'gone' }, { kind: 'link', id: 'gone', name: 'gone' }],
    ['port.damped', { port: A, dpid: S1 }, { kind: 'port', id: `${S1}:1`, name: 's1:1', dpid: S1 }],
    ['port.released', { dpid: S2 }, { kind: 'switch', id: S2, name: 's2' }],
  ])('is told as %s of %o', (type, subject, about) => {
    expect(noticeHappening(notice(type, subject), VIEW)).toMatchObject({
      type,
      severity: 'warning',
      subject: about,
      message: 'It is so.',
      cause: 'That is why.',
    });
  });

  it('is as bad in the timeline as in the log', () => {
    const timeline = new Timeline({ clock: createManualClock() });
    const recorder = createRecorder(timeline, () => VIEW);
    for (const severity of ['alarm', 'info'] as const) {
      recorder.noticed({ ...notice('link.silent', { link: LINK.id }), severity });
    }
    expect(timeline.read({ limit: 9 }).entries.map(({ severity }) => severity)).toEqual(['alarm', 'info']);
    expect(ENTRY_TYPES['link.silent'].severity).toBe('alarm');
  });

  it('is left to the views where they tell it, and to the log where nobody knows the type', () => {
    expect(noticeHappening(notice('host.moved', { mac: 5 }), VIEW)).toBeUndefined();
    expect(noticeHappening(notice('moon.risen', {}), VIEW)).toBeUndefined();
  });
});
